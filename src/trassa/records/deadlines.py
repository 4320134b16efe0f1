"""When a record's stage is due: pure functions over its row, its stage and somebody's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from trassa.kernel import company_zone
from trassa.people.queries import CalendarBook
from trassa.people.types import Duration, NoWorkingTime, add_duration
from trassa.schema.types import StageDeadline

#: Columns of a row that a deadline is made of, beside the date that it may count from.
WATCHED = ("stage_id", "stage_entered_at", "owner_id", "department_id")


@dataclass(frozen=True, slots=True)
class Due:
    """When a stage is due, and since when that is soon; None where there is no such moment."""

    due_at: datetime | None = None
    warn_at: datetime | None = None

    @property
    def columns(self) -> dict[str, datetime | None]:
        """As the row keeps it."""
        return {"stage_due_at": self.due_at, "stage_warn_at": self.warn_at}


def due_of(deadline: StageDeadline | None, row: Mapping[str, Any], book: CalendarBook) -> Due:
    """The deadline of a row in a stage; nothing without one, and while its date is empty."""
    begins = begin_of(deadline, row) if deadline else None
    if deadline is None or begins is None:
        return Due()
    due_at = moved(begins, deadline.after, row, book)
    if due_at is None or deadline.warning is None:
        return Due(due_at)
    return Due(due_at, moved(due_at, -deadline.warning, row, book))


def escalation_of(deadline: StageDeadline, row: Mapping[str, Any], book: CalendarBook) -> datetime | None:
    """The moment from which the owner's head should know."""
    due_at = row.get("stage_due_at")
    return moved(due_at, deadline.escalation, row, book) if due_at and deadline.escalation else None


def moved(
    moment: datetime, duration: Duration | None, row: Mapping[str, Any], book: CalendarBook
) -> datetime | None:
    """The moment that lies a duration away in the calendar of the row's owner; None when there is no work."""
    if duration is None:
        return moment
    try:
        return add_duration(book.of(row.get("owner_id"), row.get("department_id")), moment, duration)
    except NoWorkingTime:
        return None


def begin_of(deadline: StageDeadline, row: Mapping[str, Any]) -> datetime | None:
    """What a deadline counts from: the entry, a moment, or the end of a day."""
    if deadline.field_id is None:
        entered: datetime | None = row.get("stage_entered_at")
        return entered
    value = row.get(f"f_{deadline.field_id}")
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value + timedelta(days=1), time(), company_zone()).astimezone(UTC)
