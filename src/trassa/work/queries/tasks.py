"""Tasks one by one, of a record, and in lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import NotFound
from trassa.people.registries import OpenWork
from trassa.ui import address_of
from trassa.work.models import Seat, Task
from trassa.work.queries.parts import holders_of, parts_of
from trassa.work.queries.scoping import record_condition, sees_record_of
from trassa.work.repetition import Repetition
from trassa.work.types import ChecklistItem, SeatLine, TaskLine

#: Attributes of a TaskLine → columns.
_COLUMNS = {
    name: "record__title" if name == "record_title" else name
    for name in TaskLine.__dataclass_fields__
    if name not in ("seats", "repetition")
}
_SERIES = ("series__rule", "series__after_end", "series__days_off", "series__ended_at")

#: Sub-tasks of one task that are shown.
MOST_PARTS = 200

Relation = Literal["owner", "author", "candidate", "co_worker", "observer", "done"]

_BY: dict[str, str] = {
    "owner": "t.owner_id = %s AND t.state = 'open'",
    "author": "t.author_id = %s",
    "done": "t.owner_id = %s AND t.state <> 'open'",
}


def read_tasks(ids: Iterable[int]) -> dict[int, TaskLine]:
    """Tasks with their seats by id, whoever asks; two queries, none for no ids."""
    wanted = list(ids)
    if not wanted:
        return {}
    seats: dict[int, list[SeatLine]] = {}
    for seat in Seat.objects.filter(task_id__in=wanted).order_by("id"):
        line = SeatLine(seat.part, seat.person_id, seat.role_id, seat.department_id)
        seats.setdefault(seat.task_id, []).append(line)
    rows = Task.objects.filter(id__in=wanted).values(*_COLUMNS.values(), *_SERIES)
    return {row["id"]: line_of(row, seats.get(row["id"], ())) for row in rows}


def line_of(row: dict[str, Any], seats: Sequence[SeatLine]) -> TaskLine:
    """A task from its columns."""
    values = {name: row[column] for name, column in _COLUMNS.items()}
    values["record_title"] = values["record_title"] or ""
    values["checklist"] = tuple(item_of(each) for each in values["checklist"])
    rule, after_end, days_off, ended_at = (row[name] for name in _SERIES)
    repetition = Repetition(rule, after_end, days_off) if rule and ended_at is None else None
    return TaskLine(**values, repetition=repetition, seats=tuple(seats))


def item_of(stored: Mapping[str, Any]) -> ChecklistItem:
    """An item of a checklist as it is stored."""
    done_at = datetime.fromisoformat(stored["done_at"]) if stored["done_at"] else None
    return ChecklistItem(stored["id"], stored["text"], done_at, stored["done_by"])


def in_order(ids: Sequence[int]) -> list[TaskLine]:
    """Tasks in this order."""
    found = read_tasks(ids)
    return [found[id] for id in ids if id in found]


def get_task(actor: Actor, id: int) -> TaskLine:
    """A task that is there for this person; raises NotFound.

    That is: they have a part in it, or see its record; and where there is a record, they see that.
    """
    task = read_tasks([id]).get(id)
    if task is None or not is_there(actor, task):
        raise NotFound(_("There is no such task."))
    return task


def is_there(actor: Actor, task: TaskLine) -> bool:
    """Whether a task is there for somebody."""
    if task.record_id is not None:
        return sees_record_of(actor, {"record_id": task.record_id, "type_id": task.type_id})
    return bool(parts_of(actor, task))


def list_record_tasks(
    record_id: int, *, is_open: bool | None = None, before: int | None = None, limit: int = 50
) -> list[TaskLine]:
    """Tasks of a record that the caller has found visible: the open ones by their due moments, else newest
    first; `before` continues below an id."""
    rows = Task.objects.filter(record_id=record_id)
    if is_open is not None:
        rows = rows.filter(state="open") if is_open else rows.exclude(state="open")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return in_order(list(rows.order_by("-id").values_list("id", flat=True)[:limit]))


def own_open_tasks(actor: Actor, person_id: int) -> list[int]:
    """Ids of the open tasks that somebody owns and whose records the actor sees, the most urgent first."""
    condition, parameters = record_condition(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id FROM work_task t WHERE t.owner_id = %s AND t.state = 'open' AND {condition}"
            " ORDER BY t.due_at, t.id",
            [person_id, *parameters],
        )
        return [id for (id,) in cursor.fetchall()]


def open_tasks_with_seats_of(actor: Actor, person_id: int) -> list[int]:
    """Ids of the open tasks in which somebody has a place by name and whose records the actor sees."""
    condition, parameters = record_condition(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.id FROM work_seat s JOIN work_task t ON t.id = s.task_id"
            f" WHERE s.holder = %s AND t.state = 'open' AND {condition} ORDER BY t.id",
            [f"p{person_id}", *parameters],
        )
        return [id for (id,) in cursor.fetchall()]


def list_children(actor: Actor, task_id: int) -> list[TaskLine]:
    """The sub-tasks of a task that are there for this person, in the order of their making."""
    parts = Task.objects.filter(parent_id=task_id).order_by("id")
    ids = list(parts.values_list("id", flat=True)[:MOST_PARTS])
    return [task for task in in_order(ids) if is_there(actor, task)]


def list_tasks(
    actor: Actor, relation: Relation, *, before: int | None = None, limit: int = 50
) -> list[TaskLine]:
    """Tasks in which this person has a part, newest first; `before` continues below an id."""
    condition, parameters = record_condition(actor)
    if relation in _BY:
        values: list[Any] = [actor.id]
        source = f"work_task t WHERE {_BY[relation]}"
    else:
        source = (
            "work_seat s JOIN work_task t ON t.id = s.task_id"
            " WHERE s.holder = ANY(%s) AND s.part = %s AND (s.part = 'observer' OR s.waits)"
        )
        values = [holders_of(actor), relation]
    page = "" if before is None else " AND t.id < %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT t.id FROM {source} AND {condition}{page} ORDER BY t.id DESC LIMIT %s",
            [*values, *parameters, *([] if before is None else [before]), limit],
        )
        return in_order([id for (id,) in cursor.fetchall()])


def count_record_tasks(record_id: int) -> int:
    """How many tasks a record has, whoever asks."""
    return Task.objects.filter(record_id=record_id).count()


def open_tasks_of(person_id: int) -> list[OpenWork]:
    """Open tasks of somebody, for whoever is about to let them go."""
    count = Task.objects.filter(owner_id=person_id, state=Task.State.OPEN).count()
    return [OpenWork(_("Tasks"), count, f"{address_of('work:inbox')}?for={person_id}")] if count else []
