"""What every change of a task leaves behind: its next version, a line of history, and news."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import Changes, Json, NewEntry, Stream, append, publish
from trassa.kernel import Conflict, Forbidden, NotFound, now
from trassa.records.actions.statements import Statements
from trassa.records.actions.touching import touch_records
from trassa.schema.queries import current_generation
from trassa.work.actions.escalations import plan_escalations
from trassa.work.due_dates import code_of
from trassa.work.events import TASKS_CHANGED
from trassa.work.models import Seat, Task
from trassa.work.queries.parts import Standing, holder_of, parts_of, parts_that_may
from trassa.work.queries.sight import Sight
from trassa.work.queries.tasks import is_there, read_tasks
from trassa.work.types import Cause, Holders, TaskLine


@dataclass(slots=True)
class Held:
    """A task in the hands of an action: its locked row, as it was, and the actor."""

    row: Task
    line: TaskLine
    actor: Actor

    def require(self, act: str) -> None:
        """Raises Forbidden unless the actor has a part that allows an act."""
        if not parts_of(self.actor, self.line, parts_that_may(act, self.line)):
            raise Forbidden(_("This is not yours to do: see whose task it is."))

    def require_open(self) -> None:
        """Raises Conflict for a task that has ended."""
        if not self.row.is_open:
            raise Conflict(_("This task has ended already."), code="ended")

    def require_version(self, version: int | None) -> None:
        """Raises Conflict when the task was changed since this version; None asks for none."""
        if version is not None and version != self.row.version:
            raise Conflict(_("Somebody changed this task meanwhile. Look at it again."), code="stale")


def hold_task(id: int, actor: Actor) -> Held:
    """Lock a task that is there for the actor; raises NotFound."""
    row = Task.objects.select_for_update().filter(id=id).first()
    line = read_tasks([id]).get(id) if row is not None else None
    if row is None or line is None or not is_there(actor, line):
        raise NotFound(_("There is no such task."))
    return Held(row, line, actor)


def hold_tasks(ids: Sequence[int], actor: Actor) -> list[Held]:
    """Lock those of these tasks that are there for the actor, ids ascending."""
    rows = list(Task.objects.select_for_update().filter(id__in=ids).order_by("id"))
    lines = read_tasks([row.id for row in rows])
    sight, standing = Sight.of((), (row.record_id for row in rows)), Standing(actor)

    def is_held(line: TaskLine) -> bool:
        if line.record_id is None:
            return bool(standing.parts_of(line)) or is_there(actor, line)
        return sight.sees(actor, line.record_id)

    return [Held(row, lines[row.id], actor) for row in rows if is_held(lines[row.id])]


@dataclass(frozen=True, slots=True)
class Kept:
    """A changed task to be stored.

    `changes` are the new values by their names in history, of which what is as before is left out; `further`
    are holders who lose their seats.
    """

    held: Held
    changes: Mapping[str, Json]
    further: Iterable[str] = ()

    def told(self) -> Changes:
        pairs = {key: (before_of(self.held.line, key), after) for key, after in self.changes.items()}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def keep(
    held: Held, kind: str, cause: Cause, changes: Mapping[str, Json], further: Iterable[str] = ()
) -> Task:
    """Store one changed task; see `Kept`."""
    keep_all([Kept(held, changes, further)], kind, cause)
    return held.row


def keep_all(kept: Sequence[Kept], kind: str, cause: Cause) -> None:
    """Store changed tasks with their seats, their history and the news: as many statements as one costs."""
    if not kept:
        return
    rows = [each.held.row for each in kept]
    moment = now()
    for row in rows:
        row.version += 1
        row.updated_at = moment
    statements = Statements()
    statements.update_models(rows)
    statements.run()
    renew_seats([row.id for row in rows])
    plan_escalations(rows)
    entries = [NewEntry(Stream("task", each.held.row.id), kind, each.told()) for each in kept]
    append(entries, actor_id=kept[0].held.actor.id, cause=dict(cause))
    announce(
        rows, kind, {each.held.row.id: {*holders_concerned(each.held.line), *each.further} for each in kept}
    )


def renew_seats(task_ids: Sequence[int]) -> None:
    """Bring what seats repeat of their tasks into line."""
    own = Task.objects.filter(id=OuterRef("task_id"))
    is_open = own.filter(state=Task.State.OPEN)
    Seat.objects.filter(task_id__in=task_ids).update(
        due_at=Subquery(own.values("due_at")),
        waits=Case(
            When(part=Seat.Part.CANDIDATE, then=Exists(is_open.filter(owner=None))),
            When(part=Seat.Part.CO_WORKER, then=Exists(is_open)),
            default=Value(False),
        ),
    )


def announce(rows: Sequence[Task], change: str, before: Mapping[int, Iterable[str]] | None = None) -> None:
    """News for everybody whose lists are touched, and for open cards of the records."""
    lines = read_tasks([row.id for row in rows])
    holders = {id: {*holders_concerned(line), *(before or {}).get(id, ())} for id, line in lines.items()}
    tell_holders(rows, change, holders)
    touch_records(row.record_id for row in rows)


def tell_holders(rows: Sequence[Task], change: str, holders: Mapping[int, Iterable[str]]) -> None:
    """News of tasks for these holders."""
    items: list[Json] = [
        {"task": row.id, "version": row.version, "change": change, "holders": sorted(holders[row.id])}
        for row in rows
        if row.id in holders
    ]
    if items:
        publish(TASKS_CHANGED, {"items": items})


def holders_concerned(line: TaskLine) -> set[str]:
    """Whoever has anything to do with a task."""
    people = {line.owner_id, line.author_id} - {None}
    return {*(f"p{id}" for id in people), *(holder_of(seat) for seat in line.seats)}


def seats_for(row: Task, part: str, holders: Holders) -> list[Seat]:
    """New seats of a task as it stands."""
    waits = row.is_open and (
        part == Seat.Part.CO_WORKER or (part == Seat.Part.CANDIDATE and row.owner_id is None)
    )
    named = [
        *((f"p{id}", {"person_id": id}) for id in dict.fromkeys(holders.people)),
        *((f"r{id}", {"role_id": id}) for id in dict.fromkeys(holders.roles)),
        *((f"d{id}", {"department_id": id}) for id in dict.fromkeys(holders.departments)),
    ]
    return [
        Seat(task_id=row.id, part=part, holder=holder, waits=waits, due_at=row.due_at, **who)
        for holder, who in named
    ]


def replace_seats(held: Held, part: str, holders: Holders) -> list[str]:
    """Give a part to others; gives whoever held it before."""
    gone = [holder_of(seat) for seat in held.line.seats if seat.part == part]
    Seat.objects.filter(task_id=held.row.id, part=part).delete()
    Seat.objects.bulk_create(seats_for(held.row, part, holders))
    return gone


def before_of(line: TaskLine, key: str) -> Json:
    """What a task had under a name of history."""
    if key == "checklist":
        return [item.text for item in line.checklist] or None
    if key == "ticked":
        return [item.text for item in line.checklist if item.is_done] or None
    if key == "files":
        # History names what came or went.
        return None
    if key in SEAT_KEYS:
        return holders_json(line.holders(SEAT_KEYS[key]))
    return as_json(_WORKED_OUT[key](line) if key in _WORKED_OUT else getattr(line, _ATTRIBUTES.get(key, key)))


def followed_by(line: TaskLine) -> str:
    """The code of the date that a task follows or has followed, "" for none."""
    return code_of(current_generation().types_by_id.get(line.type_id or 0), line.due_field_id)


#: Names in history → how a TaskLine has them.
_WORKED_OUT: Mapping[str, Callable[[TaskLine], Any]] = {
    "repetition": lambda line: line.repetition.rule if line.repetition else None,
    "due_field": followed_by,
}


#: Names in history → parts.
SEAT_KEYS = {"candidates": "candidate", "co_workers": "co_worker", "observers": "observer"}
#: Names in history → attributes of a TaskLine.
_ATTRIBUTES = {"owner": "owner_id", "record": "record_id", "parent": "parent_id", "author": "author_id"}


def holders_json(holders: Holders) -> Json:
    """People, roles and departments as history keeps them; None for nobody."""
    named = {
        "people": sorted(holders.people),
        "roles": sorted(holders.roles),
        "departments": sorted(holders.departments),
    }
    return {key: ids for key, ids in named.items() if ids} or None


def as_json(value: Any) -> Json:
    """A value as history keeps it; None for what is empty."""
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value == "" else value
