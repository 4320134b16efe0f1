"""Deadlines of stages in words: on cards, boards, in the menu."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trassa.kernel import now
from trassa.people.queries import head_of as find_head
from trassa.people.queries import names_of, open_calendars
from trassa.records.deadlines import escalation_of
from trassa.records.types import Record
from trassa.schema.types import StageSpec
from trassa.ui import date_exact, date_short, duration


@dataclass(frozen=True, slots=True)
class DueMark:
    """A deadline that is soon ("warn") or past ("bad"): how much is left, how much it is over."""

    words: str
    title: str
    tone: str


@dataclass(frozen=True, slots=True)
class DueView:
    """The deadline on a card: when, how much is left, by whose calendar, who should know."""

    at: str
    at_exact: str
    left: str
    tone: str
    calendar: str
    #: The head to whom a long overdue stage is a matter; "" before that.
    escalated_to: str = ""


def due_mark(record: Record, moment: datetime) -> DueMark | None:
    """The mark on a card of a board; none while the deadline is far."""
    due_at = record.stage_due_at
    if due_at is None:
        return None
    title = _("Stage due %(moment)s") % {"moment": date_exact(due_at)}
    if due_at <= moment:
        return DueMark(f"−{duration(moment - due_at)}", title, "bad")
    if record.stage_warn_at is not None and record.stage_warn_at <= moment:
        return DueMark(duration(due_at - moment), title, "warn")
    return None


def due_view(record: Record, stage: StageSpec | None) -> DueView | None:
    """The deadline of a record's stage; six queries at most, none without one."""
    due_at = record.stage_due_at
    if due_at is None or stage is None or stage.deadline is None:
        return None
    moment = now()
    mark = due_mark(record, moment)
    if due_at <= moment:
        left = _("overdue by %(time)s") % {"time": duration(moment - due_at)}
    else:
        left = _("%(time)s left") % {"time": duration(due_at - moment)}
    book = open_calendars()
    row = {
        "stage_due_at": due_at,
        "owner_id": record.owner_id,
        "department_id": record.department_id,
    }
    escalated = escalation_of(stage.deadline, row, book)
    head = find_head(record.owner_id) if escalated is not None and escalated <= moment else None
    calendar = book.of(record.owner_id, record.department_id)
    return DueView(
        at=date_short(due_at),
        at_exact=date_exact(due_at),
        left=left,
        tone=mark.tone if mark else "",
        calendar=f"{calendar.name}, {calendar.zone}" if stage.deadline.needs_calendar else "",
        escalated_to=names_of([head]).get(head, "") if head else "",
    )
