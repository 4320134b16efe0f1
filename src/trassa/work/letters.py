"""Notices as letters: plain text with links, one Message-ID a delivery however often it is handed over."""

import hashlib
from collections.abc import Iterator
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trassa.kernel import Invalid, now
from trassa.people.queries import find_person
from trassa.ui import address_of, date_exact
from trassa.work.actions.mailboxes import close_mailbox, open_mailbox
from trassa.work.mailing import NO_MAILBOX, mail_server, send_mail
from trassa.work.notice_types import Channel, Parcel

#: Characters of a subject.
LONGEST_SUBJECT = 120


def send_letter(parcel: Parcel) -> None:
    """Hand a letter over to the mail server; what it says of the mailbox counts from then on."""
    try:
        send_mail(make_letter(parcel))
    except Invalid as refusal:
        if refusal.code == NO_MAILBOX:
            close_mailbox(parcel.person.id, parcel.person.email)
        raise
    open_mailbox(parcel.person.id)


def make_letter(parcel: Parcel) -> Message:
    """The letter of a parcel, in the language that is set; raises Invalid when nobody can get it."""
    name, sender = parseaddr(settings.TRASSA_MAIL_FROM)
    letter = MIMEText("\n".join(body_of(parcel)), "plain", "utf-8")
    # Heads are encoded whole: the newer interface of `email` loses spaces of long ones.
    subject: Any = Header(one_line(subject_of(parcel))[:LONGEST_SUBJECT], "utf-8", header_name="Subject")
    letter["Subject"] = subject
    letter["From"] = addressed(name or _("Trassa"), sender)
    letter["To"] = addressed(parcel.person.name, parcel.person.email)
    letter["Date"] = format_datetime(now())
    letter["Message-ID"] = message_id(parcel.key, sender)
    # Nobody's automatic reply is wanted.
    letter["Auto-Submitted"] = "auto-generated"
    letter["List-Unsubscribe"] = f"<{link('work:channels')}>"
    return letter


def addressed(name: str, address: str) -> str:
    """A name with an address, as heads have it; raises Invalid for what is no address."""
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError) as error:
        raise Invalid(_("“%s” is no address of e-mail.") % address) from error
    return formataddr((one_line(name), address))


def one_line(text: str) -> str:
    """Without the ends of lines that would begin another head."""
    return " ".join(text.split())


def message_id(key: str, sender: str) -> str:
    """The same for the same delivery: receivers know a repetition by it."""
    digest = hashlib.sha256(f"{settings.TRASSA_SITE} {key}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def subject_of(parcel: Parcel) -> str:
    first = parcel.lines[0]
    if parcel.count > 1:
        return parcel.how_many
    return f"{first.text} · {first.title}" if first.title else first.text


def body_of(parcel: Parcel) -> Iterator[str]:
    """The letter, line by line."""
    for line in parcel.lines:
        yield line.text
        if line.title:
            yield line.title
        if line.quote:
            yield f"> {line.quote}"
        yield date_exact(line.created_at)
        if line.url:
            yield settings.TRASSA_SITE + line.url
        yield ""
    if parcel.more:
        words = ngettext("And %(count)s more: %(link)s", "And %(count)s more: %(link)s", parcel.more)
        yield words % {"count": parcel.more, "link": link("work:notices")}
        yield ""
    yield "-- "
    yield _("Which letters you get: %s") % link("work:channels")


def link(name: str) -> str:
    return f"{settings.TRASSA_SITE}{address_of(name)}"


def reached_by_letter(person_id: int) -> list[str]:
    """One letter for whoever has an address."""
    person = find_person(person_id)
    return [""] if person is not None and person.email else []


CHANNEL = Channel(
    gettext_lazy("E-mail"),
    "mail",
    send_letter,
    lambda: mail_server() is not None,
    reached_by_letter,
    gathers=True,
)
