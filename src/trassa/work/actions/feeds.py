"""The secret address of one's calendar: made, replaced, withdrawn. Only its owner does that."""

import secrets
from uuid import uuid4

from django.db import transaction

from trassa.access.queries import Actor
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import Forbidden, now
from trassa.people.queries import digest_of
from trassa.work.models import CalendarFeed
from trassa.work.types import Cause

#: Bytes of chance in an address; so many need no salt and no slow digest.
STRENGTH = 32


@transaction.atomic
def renew_feed(*, actor: Actor, cause: Cause) -> str:
    """Give the actor's calendar an address, or another one; gives its secret part, this once.

    Whatever reads the former one finds nothing from then on.
    """
    row = own_feed(actor)
    kind = "calendar_address_replaced" if row.digest else "calendar_address_made"
    secret = secrets.token_urlsafe(STRENGTH)
    row.digest, row.made_at = digest_of(secret), now()
    row.save(update_fields=["digest", "made_at"])
    append([NewEntry(Stream("person", row.person_id), kind, {})], actor_id=actor.id, cause=dict(cause))
    return secret


@transaction.atomic
def withdraw_feed(*, actor: Actor, cause: Cause) -> None:
    """From now on nothing is told at the address; without one nothing happens."""
    row = own_feed(actor)
    if row.digest is None:
        return
    row.digest, row.made_at = None, None
    row.save(update_fields=["digest", "made_at"])
    entry = NewEntry(Stream("person", row.person_id), "calendar_address_withdrawn", {})
    append([entry], actor_id=actor.id, cause=dict(cause))


def own_feed(actor: Actor) -> CalendarFeed:
    """The locked row of the actor; raises Forbidden for nobody."""
    if actor.id is None:
        raise Forbidden("The system has no calendar.")
    CalendarFeed.objects.get_or_create(person_id=actor.id, defaults={"namespace": uuid4()})
    return CalendarFeed.objects.select_for_update().get(person_id=actor.id)
