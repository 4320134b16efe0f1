"""One's own reminders, and which dates of a record they may follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trassa.access.queries import Actor
from trassa.automation.queries import due_of_timers
from trassa.people.types import Duration
from trassa.records.queries import visible_titles
from trassa.records.queries.names import base_label, read_anchors
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.work.models import Reminder
from trassa.work.queries.tasks import is_there, read_tasks
from trassa.work.reminder_types import ReminderLine

PURPOSE = "work.reminder"
#: Kinds of fields that are dates.
DATES = ("date", "datetime")


def type_of_record(record_id: int) -> TypeSpec | None:
    """The type of a record that is not in the bin."""
    found = read_anchors({record_id})
    return current_generation().types_by_id.get(found[0][0]) if found else None


def dates_of(actor: Actor, spec: TypeSpec) -> list[tuple[str, str, str]]:
    """Column, code and name of the dates of a type that a person may be reminded of."""
    found = [
        (field.column, field.code, str(field.label))
        for field in actor.visible_fields(spec)
        if field.kind in DATES
    ]
    if spec.pipelines:
        found.insert(0, ("stage_due_at", "stage_due_at", base_label("stage_due_at")))
    return found


def list_reminders(
    actor: Actor,
    *,
    record_id: int | None = None,
    task_id: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[ReminderLine]:
    """Reminders of a person about what they see, the newest first."""
    rows = Reminder.objects.filter(person_id=actor.id or 0).order_by("-id")
    if record_id is not None:
        rows = rows.filter(record_id=record_id)
    if task_id is not None:
        rows = rows.filter(task_id=task_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:limit])
    due = due_of_timers(PURPOSE, [str(row.id) for row in found])
    there = _read_subjects(actor, found)
    return [line for row in found if (line := _line(actor, row, there, due.get(str(row.id))))]


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What reminders are about, as far as it is there for their person."""

    #: Task id → title.
    tasks: Mapping[int, str]
    #: Record id → type and title.
    records: Mapping[int, tuple[TypeSpec, str]]


def _read_subjects(actor: Actor, rows: Sequence[Reminder]) -> _Subjects:
    """The same few queries for few reminders and for many."""
    tasks = read_tasks({row.task_id for row in rows if row.task_id})
    wanted: dict[int, set[int]] = defaultdict(set)
    about = {task.record_id for task in tasks.values()} | {row.record_id for row in rows}
    for type_id, id, _title in read_anchors({id for id in about if id is not None}):
        wanted[type_id].add(id)
    specs = current_generation().types_by_id
    known = {type_id: ids for type_id, ids in wanted.items() if type_id in specs}
    records = {
        id: (specs[type_id], title)
        for type_id, titles in visible_titles(actor, known).items()
        for id, title in titles.items()
    }
    there = {
        id: task.title
        for id, task in tasks.items()
        if (is_there(actor, task) if task.record_id is None else task.record_id in records)
    }
    return _Subjects(there, records)


def _line(actor: Actor, row: Reminder, there: _Subjects, due_at: datetime | None) -> ReminderLine | None:
    """One reminder; None when what it is about is not there for the person."""
    spec, title, date, code = None, "", "", ""
    if row.record_id:
        if row.record_id not in there.records:
            return None
        spec, title = there.records[row.record_id]
        date, code = next(
            ((label, code) for column, code, label in dates_of(actor, spec) if column == row.column), ("", "")
        )
    if row.task_id:
        if row.task_id not in there.tasks:
            return None
        title = there.tasks[row.task_id]
    return ReminderLine(
        id=row.id,
        task_id=row.task_id,
        record_id=row.record_id,
        type=spec.code if spec else "",
        title=title,
        date=date,
        field=code,
        offset=Duration.parse(row.offset) if row.offset else None,
        at=row.at,
        note=row.note,
        due_at=due_at,
        told_for=row.told_for,
    )


def offsets_before(actor: Actor, task_id: int) -> set[str]:
    """How long before the deadline of a task somebody is reminded, as durations are written."""
    rows = Reminder.objects.filter(person_id=actor.id or 0, task_id=task_id, at=None)
    return set(rows.values_list("offset", flat=True))


def count_reminders(record_id: int) -> int:
    """How many reminders of a record there are."""
    return Reminder.objects.filter(record_id=record_id).count()
