"""Browsers subscribe to messages, get them, and are forgotten when they are gone."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.actions import send_outside
from trassa.kernel import FieldError, Forbidden, Invalid, Unavailable, open_sealed, reseal, seal
from trassa.ui import address_of
from trassa.work.models import PushKey, PushSubscription
from trassa.work.notice_types import Parcel
from trassa.work.push_messages import SIGNED, KeyPair, are_keys, encrypt, heads, make_key_pair

PURPOSE = "work.push_key"
LONGEST_ENDPOINT = 2_000
#: Browsers of one person; the oldest make room.
MOST = 20
#: Characters of a title and of a text.
TITLE, TEXT = 200, 500


def push_keys() -> KeyPair:
    """The pair of this installation, made when it is first asked for."""
    row = PushKey.objects.filter(id=1).first()
    if row is None:
        made = make_key_pair()
        row = PushKey(id=1, public=made.public, sealed=seal(made.private, PURPOSE))
        PushKey.objects.bulk_create([row], ignore_conflicts=True)
        row = PushKey.objects.get(id=1)
    return KeyPair(row.public, open_sealed(row.sealed, PURPOSE))


def reseal_push_key() -> int:
    """Seal the private half with the present key."""
    rows = list(PushKey.objects.all())
    for row in rows:
        PushKey.objects.filter(id=row.id).update(sealed=reseal(row.sealed, PURPOSE))
    return len(rows)


@transaction.atomic
def subscribe(
    endpoint: str, p256dh: str, auth: str, *, session_key: str, agent: str, actor: Actor
) -> PushSubscription:
    """Send messages for the actor to a browser too; whoever had them there before has them no more.

    Raises Invalid for what is no subscription.
    """
    if actor.id is None or not session_key:
        raise Forbidden(_("Sign in first."))
    check_subscription(endpoint, p256dh, auth)
    row, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "person_id": actor.id,
            "session_id": session_key,
            "p256dh": p256dh,
            "auth": auth,
            "agent": agent[:300],
        },
    )
    kept = PushSubscription.objects.filter(person_id=actor.id).order_by("-id").values_list("id", flat=True)
    PushSubscription.objects.filter(person_id=actor.id).exclude(id__in=list(kept[:MOST])).delete()
    return row


def check_subscription(endpoint: str, p256dh: str, auth: str) -> None:
    """Raise Invalid for what no browser sends."""
    parts = urlsplit(endpoint)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and bool(settings.TRASSA_CALLS_INSIDE))
    if not is_safe or not parts.hostname or parts.username or len(endpoint) > LONGEST_ENDPOINT:
        raise _refuse("endpoint")
    if not are_keys(p256dh, auth):
        raise _refuse("p256dh")


def _refuse(field: str) -> Invalid:
    message = _("The browser sent something that is no subscription.")
    return Invalid(message, errors=[FieldError(field, "invalid", message)])


def unsubscribe(actor: Actor, *, id: int | None = None, endpoint: str = "") -> int:
    """Send no more messages to one of the actor's browsers; gives how many that were."""
    mine = PushSubscription.objects.filter(person_id=actor.id or 0)
    found = mine.filter(id=id) if id is not None else mine.filter(endpoint=endpoint)
    return found.delete()[0]


def send_push(parcel: Parcel) -> None:
    """Hand a message over to the maker of the browser that stands in its key."""
    id = int(parcel.key.rpartition(":")[2])
    row = PushSubscription.objects.filter(id=id, person_id=parcel.person.id).first()
    if row is None:
        raise Invalid(_("This browser takes no more messages."))
    body = encrypt(message_of(parcel), row.p256dh, row.auth)
    expires_at = time.time() + SIGNED
    answer = send_outside(
        row.endpoint, body, heads(row.endpoint, push_keys(), contact(), parcel.key, expires_at)
    )
    if answer.status in (404, 410):
        row.delete()
        raise Invalid(_("This browser takes no more messages."))
    if answer.status == 429 or answer.status >= 500:
        raise Unavailable(f"HTTP {answer.status} {answer.text[:200]}", code="push_later")
    if not 200 <= answer.status < 300:
        raise Invalid(f"HTTP {answer.status} {answer.text[:200]}", code="push_refused")


def message_of(parcel: Parcel) -> dict[str, str]:
    """What the worker of the browser shows: one notice, or how many there are and what the newest say."""
    line, tag = parcel.lines[0], parcel.key.rpartition(":")[0]
    page = address_of("work:notices")
    if parcel.count == 1:
        body = line.quote or line.title
        return {"title": line.text[:TITLE], "body": body[:TEXT], "url": line.url or page, "tag": tag}
    body = "\n".join(f"{each.text} · {each.title}" if each.title else each.text for each in parcel.lines)
    return {"title": parcel.how_many, "body": body[:TEXT], "url": page, "tag": tag}


def contact() -> str:
    """Whom the maker of a browser writes to when something is wrong."""
    site: str = settings.TRASSA_SITE
    return (
        site
        if site.startswith("https:")
        else f"mailto:{settings.TRASSA_MAIL_FROM.rpartition('<')[2].rstrip('>')}"
    )
