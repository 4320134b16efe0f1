"""Watching a record: hearing what is said about it, or not.

Owners and participants watch without doing anything, and so does from then on who writes about a record or
is named there. Who has muted a record stays so until they watch it again. The record and its version stay
as they are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import NotFound, now
from trassa.records.models import Watch
from trassa.records.queries.comments import MUTED, WATCHED
from trassa.records.queries.files import sees_record
from trassa.schema.types import TypeSpec

_CAUSE = {"kind": "card"}


def watch_record(
    actor: Actor, spec: TypeSpec, record_id: int, *, watching: bool, cause: dict[str, Any] | None = None
) -> None:
    """Hear what is said about a record, or nothing of it any more.

    Raises NotFound for a record that the actor does not see.
    """
    if actor.id is None or not sees_record(actor, spec, record_id):
        raise NotFound(_("There is no such record."))
    with transaction.atomic():
        row = Watch.objects.select_for_update().filter(record_id=record_id, person_id=actor.id).first()
        if row is not None and row.muted is not watching:
            return
        Watch.objects.update_or_create(
            record_id=record_id, person_id=actor.id, defaults={"muted": not watching, "since": now()}
        )
        entry = NewEntry(Stream("record", record_id), WATCHED if watching else MUTED, {})
        append([entry], actor_id=actor.id, cause=cause or _CAUSE)


def watch_along(record_id: int, person_ids: Iterable[int]) -> None:
    """Let these people watch from now on, without those who have said what they want. For other actions."""
    moment = now()
    rows = [Watch(record_id=record_id, person_id=id, since=moment) for id in sorted(set(person_ids))]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)


def move_watches(source: int, target: int) -> Sequence[int]:
    """Turn the watches of a record to another one, without people who have one there; gives their ids."""
    there = Watch.objects.filter(record_id=target).values("person_id")
    moving = Watch.objects.filter(record_id=source).exclude(person_id__in=there)
    ids = sorted(moving.values_list("person_id", flat=True))
    Watch.objects.filter(record_id=source, person_id__in=ids).update(record_id=target)
    return ids


def move_watches_back(person_ids: Sequence[int], target: int, source: int) -> None:
    """Turn those of these people's watches that still are at `target` to `source`."""
    there = Watch.objects.filter(record_id=source).values("person_id")
    Watch.objects.filter(record_id=target, person_id__in=list(person_ids)).exclude(
        person_id__in=there
    ).update(record_id=source)
