"""Timers as those who set and serve them see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from trassa.people.types import Duration


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date of a record that a timer follows: when the date moves, the timer moves.

    `column` is the physical name: `f_34` of a date or moment field, `stage_due_at`, `stage_entered_at`,
    `created_at`. A day counts from its beginning in the company's zone. Without a date the timer sleeps.
    """

    type_id: int
    record_id: int
    column: str
    #: How far behind the date, before it when negative.
    offset: Duration = field(default_factory=lambda: Duration(0, "minute"))
    #: By whose calendar working time counts; None is the owner of the record at the time.
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A timer to be set. Give `due_at` or `anchor`.

    `purpose` names its handler in `timer_handlers`; with `subject` it is the key: set again it is replaced.
    """

    purpose: str
    subject: str
    due_at: datetime | None = None
    anchor: Anchor | None = None
    #: The record that a timer without an anchor is about: it sleeps while the record lies in the bin.
    record_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    #: It wakes only when the date that it follows moves.
    asleep: bool = False


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come. It is gone already: to go on, the handler sets the next one."""

    id: int
    purpose: str
    subject: str
    record_id: int | None
    payload: Mapping[str, Any]
    due_at: datetime
    #: How much later than due it is served: downtime, or earlier failures.
    late_by: timedelta
    #: How often it has failed before.
    attempts: int = 0
    #: The type of the record whose date it follows.
    anchor_type_id: int | None = None


class Phase(StrEnum):
    """How far the deadline of a stage has come."""

    #: Soon due; only where the stage warns.
    SOON = "soon"
    OVERDUE = "overdue"
    #: Long overdue, a matter for the owner's head; only where the stage escalates.
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class StageNews:
    """The deadline of a record's stage has come to a phase."""

    phase: Phase
    type_id: int
    record_id: int
    stage_id: int
    owner_id: int | None
    department_id: int | None
    due_at: datetime
    #: How much later than meant this is told.
    late_by: timedelta
