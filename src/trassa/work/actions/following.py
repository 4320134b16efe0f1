"""Due moments that follow a date of the task's record: set when it is given, and moved when the date moves.

They move in the round trips of the write that moves the date, whatever the writer chose about robots;
reminders and other timers of these tasks follow after the commit. Everybody who sees the record sees when its
tasks are due: therefore no restricted date is followed. See docs/decisions/0042-due-moments.md.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import Json, NewEntry, Stream, append_statement, publish_statement
from trassa.kernel import Invalid, now
from trassa.people.queries import CalendarBook, open_calendars
from trassa.people.types import Duration
from trassa.records.actions.statements import Statements
from trassa.records.registries import Rows, Statement, WrittenRecord
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.work.actions.drafts import NOT_BOTH, Faults
from trassa.work.due_dates import can_follow, code_of, moment_from
from trassa.work.events import TASKS_CHANGED
from trassa.work.models import Task
from trassa.work.types import Cause, TaskDraft

CAUSE: Cause = {"kind": "due_field"}
#: The kind of entry that tells of it.
MOVED = "moved"
_FOLLOWERS = """
    SELECT t.id, t.record_id, t.due_field_id, t.due_offset, t.owner_id, t.author_id, t.due_at, t.version,
        ARRAY(SELECT s.holder FROM work_seat s WHERE s.task_id = t.id)
    FROM work_task t WHERE t.due_follows AND t.state = 'open'
"""
_READ = f"{_FOLLOWERS} AND t.record_id = ANY(%s) ORDER BY t.id"
_READ_NEXT = f"{_FOLLOWERS} AND t.id > %s AND (%s OR t.owner_id = ANY(%s)) ORDER BY t.id LIMIT %s FOR UPDATE"
#: Tasks of one transaction when working time has changed.
_CHUNK = 500
_GIVEN = "json_to_recordset(%s) AS v (the_id bigint, due_at timestamptz)"
_MOVE = f"""
    UPDATE work_task AS t SET due_at = v.due_at, version = t.version + 1, updated_at = %s FROM {_GIVEN}
    WHERE t.id = v.the_id AND t.due_follows AND t.state = 'open'
"""
_MOVE_SEATS = f"""
    UPDATE work_seat AS s SET due_at = t.due_at FROM work_task t, {_GIVEN}
    WHERE t.id = v.the_id AND s.task_id = t.id
"""


@dataclass(frozen=True, slots=True)
class Follower:
    """An open task that follows a date, and when it is due."""

    id: int
    record_id: int
    field_id: int
    offset: str
    owner_id: int | None
    author_id: int | None
    due_at: datetime | None
    version: int
    holders: Sequence[str]

    @property
    def concerned(self) -> list[str]:
        people = {f"p{id}" for id in (self.owner_id, self.author_id) if id is not None}
        return sorted({*people, *self.holders})


def check_followed(
    code: str, offset: str, spec: TypeSpec | None, actor: Actor, faults: Faults
) -> tuple[FieldSpec, str] | None:
    """The date that a task is to follow, and how far from it, in its one spelling; None with faults."""
    if spec is None:
        faults.add(
            "due_field", "no_record", _("Say which record it is about: the date is one of its fields.")
        )
        return None
    field = spec.by_code.get(code)
    if field is None or not can_follow(field) or field not in actor.visible_fields(spec):
        faults.add("due_field", "unknown", _("Choose a date of the record that everybody sees who sees it."))
        return None
    try:
        return field, str(Duration.parse(offset)) if offset else ""
    except Invalid as refusal:
        faults.add("due_offset", "invalid_duration", str(refusal))
        return None


def with_dates(
    checked: Sequence[tuple[TaskDraft, int | None]], actor: Actor
) -> list[tuple[TaskDraft, int | None]]:
    """Checked drafts with the types of their records; those that follow a date are due accordingly.

    One query a type, none when nothing is followed. Raises Invalid for what cannot be followed.
    """
    types = current_generation().types_by_id
    wanted: dict[int, set[int]] = {}
    found: dict[int, tuple[FieldSpec, str]] = {}
    for at, (draft, type_id) in enumerate(checked):
        if not draft.due_field:
            continue
        faults = Faults()
        followed = check_followed(draft.due_field, draft.due_offset, types.get(type_id or 0), actor, faults)
        if draft.due_at is not None:
            faults.add("due", "unfit", _("Give a moment, or the date that it follows."))
        faults.refuse()
        if followed is not None and type_id is not None and draft.record_id is not None:
            found[at] = followed
            wanted.setdefault(type_id, set()).add(draft.record_id)
    rows = {id: row for type_id, ids in sorted(wanted.items()) for id, row in read_dates(types[type_id], ids)}
    dated, calendars = list(checked), open_calendars()
    for at, (field, offset) in found.items():
        draft, type_id = checked[at]
        row = rows.get(draft.record_id or 0, {})
        due_at = due_of(field, offset, row, draft.owner_id, calendars)
        dated[at] = (replace(draft, due_offset=offset, due_at=due_at), type_id)
    return dated


def read_dates(spec: TypeSpec, record_ids: Iterable[int]) -> list[tuple[int, Mapping[str, Any]]]:
    """Records with the dates that tasks may follow, by columns."""
    columns = [field.column for field in spec.fields if can_follow(field)]
    rows = spec.model._default_manager.filter(pk__in=list(record_ids)).values("pk", *columns)
    return [(row["pk"], row) for row in rows]


def due_of(
    field: FieldSpec, offset: str, row: Mapping[str, Any], person_id: int | None, calendars: CalendarBook
) -> datetime | None:
    """When a task is due that follows a date of this record; None while the date is empty."""
    calendar = calendars.of(person_id) if person_id is not None else calendars.company
    return moment_from(row.get(field.column), offset, calendar)


def followed_then(values: dict[str, Any], row: Task, actor: Actor, faults: Faults) -> dict[str, Any]:
    """The changes of a task with what becomes of the date that it follows.

    Another date or distance is followed from now on, no date is forgotten, and who gives a moment by hand
    stops the following; what was followed stays known.
    """
    if "due_field" not in values and "due_offset" not in values:
        by_hand = row.due_follows and "due_at" in values and values["due_at"] != row.due_at
        return values | ({"due_follows": False} if by_hand else {})
    spec = current_generation().types_by_id.get(row.type_id or 0)
    code = values.get("due_field", code_of(spec, row.due_field_id))
    if not code:
        return values | {"due_field": "", "due_field_id": None, "due_offset": "", "due_follows": False}
    if values.get("repetition", row.series_id) is not None:
        faults.add("due_field", "unfit", NOT_BOTH)
    if values.get("due_at") is not None:
        faults.add("due", "unfit", _("Give a moment, or the date that it follows."))
    found = check_followed(code, values.get("due_offset", row.due_offset), spec, actor, faults)
    if found is None or spec is None or row.record_id is None:
        return values
    field, offset = found
    rows = dict(read_dates(spec, [row.record_id]))
    return values | {
        "due_field": field.code,
        "due_field_id": field.id,
        "due_offset": offset,
        "due_follows": True,
        "due_at": due_of(field, offset, rows.get(row.record_id, {}), row.owner_id, open_calendars()),
    }


# When records change


def read_followers(record_ids: Sequence[int]) -> Statement:
    """The statement that reads the open tasks that follow dates of these records."""
    return _READ, [list(record_ids)]


def follow_dates(written: Sequence[WrittenRecord], rows: Rows) -> list[Statement]:
    """The statements that move the due moments of tasks with the dates of their records."""
    if not rows:
        return []
    records = {record.id: record for record in written if record.before is not None}
    found: list[tuple[Follower, FieldSpec, WrittenRecord]] = []
    for follower in (Follower(*row) for row in rows):
        record = records.get(follower.record_id)
        field = record.spec.by_id.get(follower.field_id) if record else None
        if record is None or field is None or not can_follow(field):
            continue
        if (record.before or {}).get(field.column) != record.after.get(field.column):
            found.append((follower, field, record))
    calendars = open_calendars() if found else None
    return moving(
        [
            (task, field, due_of(field, task.offset, record.after, task.owner_id, calendars))
            for task, field, record in found
            if calendars is not None
        ]
    )


def moving(moved: Sequence[tuple[Follower, FieldSpec, datetime | None]]) -> list[Statement]:
    """The statements that give tasks other due moments, with their seats, history and news."""
    moved = [each for each in moved if each[2] != each[0].due_at]
    if not moved:
        return []
    given = json.dumps(
        [{"the_id": task.id, "due_at": due and due.isoformat()} for task, _field, due in moved]
    )
    entries = [
        NewEntry(
            Stream("task", task.id),
            MOVED,
            {
                "due_at": (
                    task.due_at.isoformat() if task.due_at else None,
                    due.isoformat() if due else None,
                ),
                "due_field": (field.code, field.code),
            },
        )
        for task, field, due in moved
    ]
    items: list[Json] = [
        {"task": task.id, "version": task.version + 1, "change": "changed", "holders": task.concerned}
        for task, _field, _due in moved
    ]
    return [
        (_MOVE, [now(), given]),
        (_MOVE_SEATS, [given]),
        append_statement(entries, actor_id=None, cause=dict(CAUSE)),
        publish_statement(TASKS_CHANGED, {"items": items}),
    ]


def follow_anew(record_ids: Sequence[int]) -> None:
    """Bring tasks that came to these records from others in line with the dates that they find there."""
    with connection.cursor() as cursor:
        cursor.execute(*read_followers(record_ids))
        _follow([Follower(*row) for row in cursor.fetchall()])


@transaction.atomic
def recount_due_moments(person_ids: Sequence[int] | None, *, after: int) -> int:
    """Bring the next tasks behind id `after` in line with another working time of these people, or anybody's.

    Tasks that nobody has taken follow the company's. Gives the last id, 0 when there is none left.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ_NEXT, [after, person_ids is None, list(person_ids or ()), _CHUNK])
        followers = [Follower(*row) for row in cursor.fetchall()]
    _follow(followers)
    return followers[-1].id if followers else 0


def _follow(followers: Sequence[Follower]) -> None:
    if not followers:
        return
    types = {field.id: spec for spec in current_generation() for field in spec.fields}
    specs = {types[task.field_id].id: types[task.field_id] for task in followers if task.field_id in types}
    ids = {task.record_id for task in followers}
    rows = {id: row for spec in specs.values() for id, row in read_dates(spec, ids)}
    moved: list[tuple[Follower, FieldSpec, datetime | None]] = []
    calendars = open_calendars()
    for task in followers:
        field = types[task.field_id].by_id[task.field_id] if task.field_id in types else None
        if field is not None and can_follow(field) and task.record_id in rows:
            due = due_of(field, task.offset, rows[task.record_id], task.owner_id, calendars)
            moved.append((task, field, due))
    statements = Statements()
    for text, parameters in moving(moved):
        statements.add(text, parameters)
    statements.run()
