"""Reminders as those who set and read them see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trassa.people.types import Duration

#: How long before a deadline the form of a task offers to remind, as durations are written.
USUAL: Final = ("-15 minutes", "-1 hour", "-2 hours", "-1 day")


@dataclass(frozen=True, slots=True)
class ReminderDraft:
    """A reminder to be: of a task's deadline, of a date of a record (its column), or at a moment.

    `offset` is before the date when negative.
    """

    task_id: int | None = None
    record_id: int | None = None
    column: str = ""
    offset: Duration | None = None
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder of the reader, with when it comes next; None while there is no date, or when it has come."""

    id: int
    task_id: int | None
    record_id: int | None
    #: Code of the record's type, and title of the record or the task.
    type: str
    title: str
    #: What it follows, in words: “Visit”; "" for a moment of its own.
    date: str
    #: Code of that date.
    field: str
    offset: Duration | None
    at: datetime | None
    note: str
    due_at: datetime | None
    told_for: datetime | None
