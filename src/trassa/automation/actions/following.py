"""The follower by which timers follow their records: dates that move, owners who change, the bin."""

from collections.abc import Sequence
from typing import Any

from trassa.automation.actions.timers import RECORD, moving, sleeping, waking
from trassa.records.registries import Statement, WrittenRecord

#: Base columns that a timer may follow, or by whose change working time is another one.
_WATCHED = frozenset({"stage_due_at", "stage_entered_at", "owner_id", "department_id"})
_DATES = frozenset({"date", "datetime"})


def follow_records(written: Sequence[WrittenRecord], timers: Sequence[tuple[Any, ...]]) -> list[Statement]:
    """The statements that move, put to sleep and awaken timers; none for records that are new."""
    old = [record for record in written if record.before is not None]
    moved = {record.id: record.after for record in old if _has_moved(record)}
    return [
        *sleeping([record.id for record in old if record.change == "binned"]),
        *waking([record.id for record in old if record.change == "restored"]),
        *moving([timer for timer in timers if timer[RECORD] in moved], moved),
    ]


def _has_moved(record: WrittenRecord) -> bool:
    """Whether anything changed that a timer may follow."""
    before = record.before or {}
    watched = [field.column for field in record.spec.fields if field.kind in _DATES]
    return any(before.get(column) != record.after.get(column) for column in (*_WATCHED, *watched))
