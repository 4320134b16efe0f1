"""Speaks with the mail server that the settings name. One letter, one connection."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from trassa.kernel import Invalid, Unavailable

#: Seconds for connecting, and for each answer of the server.
TIMEOUT = 20.0
#: Answers by which a server says that there is no such mailbox, unless it dislikes the letter or the sender.
_NO_MAILBOX = frozenset((550, 551, 553))
_DISLIKES = re.compile(r"5\.7\.\d")
#: Code of the refusal of a mailbox.
NO_MAILBOX = "no_mailbox"
_PORTS = {"smtp": 587, "smtp+plain": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over: `smtp` begins plainly and must become encrypted, `smtps` is so at once,
    `smtp+plain` never is."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""


def mail_server() -> MailServer | None:
    """The server that the settings name; None when no letters are sent."""
    if not settings.TRASSA_MAIL_SERVER:
        return None
    parts = urlsplit(settings.TRASSA_MAIL_SERVER)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme], user, password)


def send_mail(letter: Message) -> None:
    """Hand over a letter.

    Raises Invalid when the server refuses it for good, with the code NO_MAILBOX when nobody has such an
    address; Unavailable when it may go better later.
    """
    server = mail_server()
    if server is None:
        raise Unavailable(_("No mail server is set up."), code="no_mail_server")
    try:
        with _connect(server) as connection:
            connection.send_message(letter)
    except smtplib.SMTPAuthenticationError as error:
        # An administrator has to see to it, and letters wait meanwhile.
        raise Unavailable(_words(error), code="mail_later") from error
    except smtplib.SMTPRecipientsRefused as error:
        [(code, answer)] = [*error.recipients.values()][:1]
        words = f"{code} {answer.decode(errors='replace')}"
        if code in _NO_MAILBOX and not _DISLIKES.search(words):
            raise Invalid(words[:500], code=NO_MAILBOX) from error
        raise _refusal(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, _words(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Invalid(str(error), code="mail_refused") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"{type(error).__name__}: {error}"[:500], code="mail_later") from error


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.scheme == "smtp":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _refusal(code: int, words: str) -> Invalid | Unavailable:
    """5xx is for good, 4xx for now."""
    if 500 <= code < 600:
        return Invalid(words[:500], code="mail_refused")
    return Unavailable(words[:500], code="mail_later")


def _words(error: smtplib.SMTPResponseException) -> str:
    answer = error.smtp_error
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{error.smtp_code} {text}"
