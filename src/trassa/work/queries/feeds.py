"""Whose calendar is read at a secret address."""

from datetime import datetime
from uuid import UUID

from trassa.people.queries import digest_of
from trassa.work.models import CalendarFeed


def find_feed(secret: str) -> tuple[int, UUID] | None:
    """Id of the person who works here and has this address, with the namespace of their events."""
    rows = CalendarFeed.objects.filter(digest=digest_of(secret), person__is_active=True)
    return rows.values_list("person_id", "namespace").first()


def feed_made_at(person_id: int) -> datetime | None:
    """When the address of somebody's calendar was made; None without one."""
    return CalendarFeed.objects.filter(person_id=person_id).values_list("made_at", flat=True).first()


def namespace_of(person_id: int) -> UUID | None:
    """The namespace of somebody's events; None when there never was an address."""
    return CalendarFeed.objects.filter(person_id=person_id).values_list("namespace", flat=True).first()
