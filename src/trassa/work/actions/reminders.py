"""People are reminded. Timers of automation know when, and move when the date moves that a reminder follows.

On the screen a reminder comes once: the notice, the mark here and the end of the timer are one transaction.
What goes out beside it is a delivery like any other. A reminder of a date stays after it has come, asleep:
when the date moves, it comes again.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.actions import cancel_timers, set_timers
from trassa.automation.types import Anchor, DueTimer, NewTimer
from trassa.kernel import FieldError, Forbidden, Invalid, NotFound, now
from trassa.people.queries import open_calendars
from trassa.people.types import Duration, NoWorkingTime, WorkingCalendar, add_duration
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation
from trassa.work.actions.notices import tell
from trassa.work.models import Reminder, Seat, Task
from trassa.work.notice_types import NewNotice
from trassa.work.queries.reminders import type_of_record
from trassa.work.queries.tasks import get_task
from trassa.work.reminder_types import USUAL, ReminderDraft

PURPOSE = "work.reminder"
#: What a reminder is told as.
KIND = "reminder"
#: Later than this is said to be late.
LATE = timedelta(minutes=5)
#: Reminders of one person about one thing, and characters of a note.
MOST, LONGEST = 20, 500
#: Base columns that reminders may follow.
MOMENTS = ("stage_due_at", "stage_entered_at", "created_at")


@transaction.atomic
def set_reminder(draft: ReminderDraft, *, actor: Actor) -> int:
    """Remind the actor of something that they see; the same once more is the same one.

    Raises NotFound for what is not there for them, Invalid for what cannot be followed.
    """
    if actor.id is None:
        raise Forbidden(_("Sign in first."))
    check_draft(draft, actor)
    mine = Reminder.objects.filter(person_id=actor.id)
    about = mine.filter(task_id=draft.task_id or 0) | mine.filter(record_id=draft.record_id or 0)
    if about.count() >= MOST:
        raise _refuse("offset", _("At most %s reminders of one thing.") % MOST)
    named: dict[str, Any] = {
        "person_id": actor.id,
        "task_id": draft.task_id,
        "record_id": draft.record_id,
        "column": draft.column,
        "offset": str(draft.offset or ""),
        "at": draft.at,
    }
    row, _is_new = Reminder.objects.update_or_create(**named, defaults={"note": draft.note.strip()})
    arm([row])
    return row.id


@transaction.atomic
def choose_usual(task_id: int, chosen: Collection[str], *, actor: Actor) -> None:
    """Remind the actor of a task by those of the usual durations that are chosen, and not by the others.

    Reminders of other durations stay.
    """
    usual = {str(Duration.parse(each)): each in chosen for each in USUAL}
    mine = Reminder.objects.filter(person_id=actor.id or 0, task_id=task_id, at=None, offset__in=usual)
    known = dict(mine.values_list("offset", "id"))
    for offset, is_chosen in usual.items():
        if is_chosen and offset not in known:
            set_reminder(ReminderDraft(task_id=task_id, offset=Duration.parse(offset)), actor=actor)
        elif not is_chosen and offset in known:
            remove_reminder(known[offset], actor=actor)


def check_draft(draft: ReminderDraft, actor: Actor) -> None:
    """Raise NotFound and Invalid as `set_reminder` says."""
    if len(draft.note) > LONGEST:
        raise _refuse("note", _("Write at most %s characters.") % LONGEST)
    if draft.task_id is not None:
        get_task(actor, draft.task_id)
    if draft.record_id is not None:
        spec = type_of_record(draft.record_id)
        if spec is None:
            raise NotFound(_("There is no such record."))
        get_record(actor, spec, draft.record_id)
        dates = {field.column for field in actor.visible_fields(spec) if field.kind in ("date", "datetime")}
        if draft.column and draft.column not in {*dates, *MOMENTS}:
            raise _refuse("field", _("Choose a date of the record."))
    if draft.at is not None:
        if draft.at <= now():
            raise _refuse("at", _("Choose a moment that is still to come."))
        if draft.offset is not None or draft.column:
            raise _refuse("at", _("Give a moment, or how long before which date."))
    elif draft.offset is None or (draft.task_id is None and not draft.column):
        raise _refuse("offset", _("Give a moment, or how long before which date."))


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "invalid", message)])


@transaction.atomic
def remove_reminder(id: int, *, actor: Actor) -> None:
    """Take one of the actor's reminders back; raises NotFound."""
    if not Reminder.objects.filter(id=id, person_id=actor.id or 0).delete()[0]:
        raise NotFound(_("There is no such reminder."))
    cancel_timers(PURPOSE, [str(id)])


def arm(reminders: Sequence[Reminder]) -> None:
    """Set the timers of these reminders, inside the caller's transaction."""
    tasks = Task.objects.in_bulk({row.task_id for row in reminders if row.task_id and row.at is None})
    timers, idle = [], []
    for row in reminders:
        timer = _timer(row, tasks.get(row.task_id or 0))
        if timer is None:
            idle.append(str(row.id))
        else:
            timers.append(timer)
    cancel_timers(PURPOSE, idle)
    set_timers(timers)


def _timer(row: Reminder, task: Task | None) -> NewTimer | None:
    """The timer of a reminder; None when it has nothing to wait for."""
    subject = str(row.id)
    if row.at is not None:
        due: datetime | None = row.at
    elif row.task_id is None:
        spec = type_of_record(row.record_id or 0)
        if spec is None:
            return None
        offset = Duration.parse(row.offset)
        anchor = Anchor(spec.id, row.record_id or 0, row.column, offset, row.person_id)
        return NewTimer(PURPOSE, subject, anchor=anchor)
    else:
        due = due_of_task(row, task)
    if due is None or due == row.told_for:
        return None
    return NewTimer(PURPOSE, subject, due_at=due, record_id=row.record_id)


def due_of_task(row: Reminder, task: Task | None) -> datetime | None:
    """When a reminder of a task is due; None for one that has ended, or without a deadline."""
    if task is None or not task.is_open or task.due_at is None:
        return None
    try:
        return add_duration(open_calendars().of(row.person_id), task.due_at, Duration.parse(row.offset))
    except NoWorkingTime:
        return None


@transaction.atomic
def follow_tasks(task_ids: Iterable[int]) -> None:
    """Bring the reminders of tasks that changed in line with their deadlines. Can run twice."""
    arm(list(Reminder.objects.filter(task_id__in=list(task_ids), at=None).order_by("id")))


def serve_reminders(timers: Sequence[DueTimer]) -> None:
    """Remind people: one notice for each reminder and moment, a handful of statements for all together."""
    due = {int(timer.subject): timer for timer in timers}
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("task")
    reminders = list(rows.filter(id__in=due).order_by("id"))
    concerned = _concerned(reminders)
    fresh = [row for row in reminders if row.told_for != due[row.id].due_at]
    book = open_calendars()
    tell([_notice(row, due[row.id], book.of(row.person_id)) for row in fresh if row.id in concerned])
    for row in fresh:
        row.told_for = due[row.id].due_at
    Reminder.objects.bulk_update(fresh, ["told_for"])
    generation = current_generation()
    set_timers(
        [
            NewTimer(
                PURPOSE,
                str(row.id),
                anchor=Anchor(
                    type_id, row.record_id or 0, row.column, Duration.parse(row.offset), row.person_id
                ),
                asleep=True,
            )
            for row in reminders
            if row.column
            and (type_id := due[row.id].anchor_type_id) in generation.types_by_id
            and type_id is not None
        ]
    )


def _concerned(reminders: Sequence[Reminder]) -> set[int]:
    """Reminders that still concern their person: of a task that is open and in which they have a part."""
    tasks = {row.task.id for row in reminders if row.task is not None}
    seats = set(
        Seat.objects.filter(task_id__in=tasks, person_id__isnull=False).values_list("task_id", "person_id")
    )
    return {
        row.id
        for row in reminders
        if row.task is None
        or (
            row.task.is_open
            and (
                row.person_id in (row.task.owner_id, row.task.author_id)
                or (row.task_id, row.person_id) in seats
                or row.task.owner_id is None
            )
        )
    }


def _notice(row: Reminder, timer: DueTimer, calendar: WorkingCalendar) -> NewNotice:
    data = {"reminder": row.id, "note": row.note, "task": row.task_id, "offset": row.offset}
    data |= {"moment": _local(_moment(row, timer, calendar), calendar)}
    if timer.late_by > LATE:
        data["late"] = _local(timer.due_at, calendar)
    record_id = row.record_id or (row.task.record_id if row.task else None)
    key = f"reminder:{row.id}:{timer.due_at.isoformat()}"
    return NewNotice(row.person_id, KIND, key, record_id=record_id, data=data)


def _moment(row: Reminder, timer: DueTimer, calendar: WorkingCalendar) -> datetime:
    """What the reminder is about: the deadline, or as well as can be told the date."""
    if row.task is not None and row.at is None and row.task.due_at is not None:
        return row.task.due_at
    if not row.offset:
        return timer.due_at
    offset = Duration.parse(row.offset)
    if offset.is_working or offset.unit == "day":
        try:
            return add_duration(calendar, timer.due_at, -offset)
        except NoWorkingTime:
            return timer.due_at
    return timer.due_at - offset.clock


def _local(moment: datetime, calendar: WorkingCalendar) -> str:
    """As the clock of the person shows it."""
    return moment.astimezone(calendar.zone).replace(tzinfo=None).isoformat(timespec="minutes")


def move_reminders(source: int, target: int) -> list[int]:
    """Turn all reminders of a record to another one of its type; gives their ids."""
    rows = list(Reminder.objects.filter(record_id=source).order_by("id"))
    known = set(Reminder.objects.filter(record_id=target).values_list("person_id", "column", "offset", "at"))
    moved = [row for row in rows if (row.person_id, row.column, row.offset, row.at) not in known]
    Reminder.objects.filter(id__in=[row.id for row in moved]).update(record_id=target)
    arm(list(Reminder.objects.filter(id__in=[row.id for row in moved]).order_by("id")))
    return [row.id for row in moved]


def move_reminders_back(ids: Sequence[int], target: int, source: int) -> None:
    """Turn those of these reminders that still stand on `target` to `source`."""
    Reminder.objects.filter(id__in=ids, record_id=target).update(record_id=source)
    arm(list(Reminder.objects.filter(id__in=ids, record_id=source).order_by("id")))
