"""The write hook by which timers follow their records: dates that move, owners who change, the bin."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.access.queries import Actor
from trassa.automation.actions.timers import awaken, move_timers, put_to_sleep
from trassa.records.registries import WrittenRecord

#: Base columns that a timer may follow, or by whose change working time is another one.
_WATCHED = frozenset({"stage_due_at", "stage_entered_at", "owner_id", "department_id"})
_DATES = frozenset({"date", "datetime"})


def follow_records(written: Sequence[WrittenRecord], actor: Actor, cause: Mapping[str, Any]) -> None:
    """Move, put to sleep and awaken the timers of a batch; nothing for records that are new."""
    old = [record for record in written if record.before is not None]
    binned = [record.id for record in old if record.change == "binned"]
    restored = [record.id for record in old if record.change == "restored"]
    moved = {record.id: record.after for record in old if _has_moved(record)}
    put_to_sleep(binned)
    awaken(restored)
    if moved:
        move_timers(moved)


def _has_moved(record: WrittenRecord) -> bool:
    """Whether anything changed that a timer may follow."""
    before = record.before or {}
    watched = [field.column for field in record.spec.fields if field.kind in _DATES]
    return any(before.get(column) != record.after.get(column) for column in (*_WATCHED, *watched))
