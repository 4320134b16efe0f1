"""Tickets for the event stream: a signed list of permitted topics, good for five minutes.

The web part issues them, the events part reads them without a database. Works with settings alone, without
`django.setup()`. See docs/decisions/0006-events.md.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from trassa.kernel import Forbidden

LIFETIME = timedelta(minutes=5)
_SALT = "trassa.journal.tickets"


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened ticket; `expires_at` in seconds since 1970."""

    topics: frozenset[str]
    expires_at: float


def sign_ticket(topics: Iterable[str]) -> str:
    """A ticket for these topics, safe in an address."""
    expires_at = int(time.time() + LIFETIME.total_seconds())
    return signing.dumps([expires_at, sorted(set(topics))], salt=_SALT, compress=True)


def open_ticket(text: str) -> Ticket:
    """The topics of a ticket and when it ends; raises Forbidden when it is forged, broken or too old."""
    try:
        expires_at, topics = signing.loads(text, salt=_SALT, max_age=LIFETIME)
    except signing.SignatureExpired as error:
        raise Forbidden(_("The ticket has expired; ask for a new one."), code="ticket_expired") from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Forbidden(_("The ticket is not valid; ask for a new one."), code="ticket_invalid") from error
    return Ticket(frozenset(topics), float(expires_at))


def read_ticket(text: str) -> frozenset[str]:
    """The topics of a ticket; raises Forbidden when it is forged, broken or too old."""
    return open_ticket(text).topics
