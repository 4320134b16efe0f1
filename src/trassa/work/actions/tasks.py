"""Tasks are given, changed, cancelled and taken up again.

Whoever is given a task sees its record, so nothing lies in an inbox that cannot be opened. Author, owner,
heads above the owner and administrators change a task; the author cancels it.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import Json, NewEntry, Stream, append
from trassa.kernel import FieldError, Invalid, now
from trassa.records.actions.statements import insert_models
from trassa.records.actions.touching import touch_places
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.work.actions.checklists import items_of
from trassa.work.actions.demands import check_demands, codes_asked, demands_of
from trassa.work.actions.drafts import (
    NOT_BOTH,
    Faults,
    check_draft,
    check_estimate,
    check_items,
    check_moment,
    check_people,
    check_priority,
    check_repetition,
    check_text,
    check_title,
    sight_of,
    unique,
)
from trassa.work.actions.escalations import plan_escalations
from trassa.work.actions.files import hold_first
from trassa.work.actions.following import followed_then, with_dates
from trassa.work.actions.noting import (
    Held,
    Kept,
    as_json,
    before_of,
    hold_task,
    hold_tasks,
    holders_json,
    keep,
    keep_all,
    replace_seats,
    seats_for,
    tell_holders,
)
from trassa.work.actions.series import (
    change_following,
    change_repetition,
    end_series,
    hold_series,
    start_many,
)
from trassa.work.models import Seat, Task
from trassa.work.queries.sight import Sight
from trassa.work.queries.tasks import is_there, read_tasks
from trassa.work.types import CHANGEABLE, NO_CAUSE, Cause, Holders, TaskDraft, TaskLine

NONE_KNOWN: Mapping[str | None, Task] = MappingProxyType({})


def create_task(draft: TaskDraft, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Give a task. Raises Invalid, also when somebody who gets it does not see its record.

    Where a task with the draft's key exists, that one is given back.
    """
    [row] = create_tasks([draft], actor=actor, cause=cause)
    return row


@transaction.atomic
def create_tasks(drafts: Sequence[TaskDraft], *, actor: Actor, cause: Cause = NO_CAUSE) -> list[Task]:
    """Give several tasks, in their order; all or none, in as many statements as one. See `create_task`."""
    sight = sight_of(drafts, actor)
    checked = [check_draft(draft, actor, sight) for draft in drafts]
    types = current_generation().types_by_id
    for draft, type_id in checked:
        faults = Faults()
        check_demands(draft, types.get(type_id or 0), faults)
        faults.refuse()
    checked = with_dates(checked, actor)
    check_parents((draft.parent_id for draft in drafts), actor)
    rows, made = insert_new(checked, actor)
    start_many(made, actor.id)
    seats = [seat for row, draft in made for seat in seats_of(row, draft)]
    Seat.objects.bulk_create(seats)
    plan_escalations([row for row, _draft in made])
    files = {row.id: hold_first(row.id, draft.files, actor) for row, draft in made if draft.files}
    entries = [
        NewEntry(Stream("task", row.id), "created", first_state(draft, files.get(row.id)))
        for row, draft in made
    ]
    append(entries, actor_id=actor.id, cause=dict(cause))
    tell_created([row for row, _draft in made], seats, sight)
    return rows


def tell_created(rows: Sequence[Task], seats: Iterable[Seat], sight: Sight) -> None:
    """News of new tasks, for whoever has anything to do with them and for open cards of their records."""
    concerned = {row.id: {f"p{id}" for id in (row.owner_id, row.author_id) if id} for row in rows}
    for seat in seats:
        concerned[seat.task_id].add(seat.holder)
    tell_holders(rows, "created", concerned)
    touched = {row.record_id for row in rows}
    touch_places({id: place for id, place in sight.places.items() if id in touched})


def insert_new(
    drafts: Sequence[tuple[TaskDraft, int | None]],
    actor: Actor,
    known: Mapping[str | None, Task] = NONE_KNOWN,
) -> tuple[list[Task], list[tuple[Task, TaskDraft]]]:
    """The tasks of all drafts, and the new ones with theirs; `known` are there already, by their keys."""
    types = current_generation().types_by_id
    fresh = [
        (row_of(draft, types.get(type_id or 0), actor), draft)
        for draft, type_id in drafts
        if draft.key not in known
    ]
    keys = [draft.key for draft, _type in drafts if draft.key is not None]
    try:
        with transaction.atomic(savepoint=bool(keys)):
            insert_models([row for row, _draft in fresh])
    except IntegrityError:
        known_now = {row.key: row for row in Task.objects.filter(key__in=keys)}
        if known_now.keys() == known.keys():
            raise
        # Given already, by this very step before it failed or by somebody at this moment.
        return insert_new(drafts, actor, known_now)
    made = {id(draft): row for row, draft in fresh}
    return [made.get(id(draft)) or known[draft.key] for draft, _type in drafts], fresh


def row_of(draft: TaskDraft, spec: TypeSpec | None, actor: Actor) -> Task:
    """A checked draft as it is stored; its record is of this type."""
    moment = now()
    field_ids, file_kind_id = demands_of(draft, spec)
    followed = spec.by_code[draft.due_field] if spec and draft.due_field else None
    return Task(
        kind=draft.kind,
        title=draft.title,
        text=draft.text,
        record_id=draft.record_id,
        type_id=spec.id if spec else None,
        owner_id=draft.owner_id,
        author_id=actor.id,
        parent_id=draft.parent_id,
        due_at=draft.due_at,
        due_field_id=followed.id if followed else None,
        due_offset=draft.due_offset if followed else "",
        due_follows=followed is not None,
        estimate_minutes=draft.estimate_minutes,
        priority=draft.priority,
        code=draft.code,
        escalation=draft.escalation,
        checklist=items_of(draft.checklist),
        whole_checklist=draft.whole_checklist,
        field_ids=field_ids,
        file_kind_id=file_kind_id,
        key=draft.key,
        created_at=moment,
        updated_at=moment,
    )


def seats_of(row: Task, draft: TaskDraft) -> list[Seat]:
    """The seats of a new task."""
    return [
        *seats_for(row, Seat.Part.CANDIDATE, draft.candidates),
        *seats_for(row, Seat.Part.CO_WORKER, Holders(people=draft.co_workers)),
        *seats_for(row, Seat.Part.OBSERVER, Holders(people=draft.observers)),
    ]


def first_state(draft: TaskDraft, files: Json = None) -> dict[str, tuple[Json, Json]]:
    """What history says of a new task."""
    values: dict[str, Json] = {
        "kind": draft.kind,
        "title": draft.title,
        "text": as_json(draft.text),
        "record": draft.record_id,
        "owner": draft.owner_id,
        "candidates": holders_json(draft.candidates),
        "co_workers": holders_json(Holders(people=draft.co_workers)),
        "observers": holders_json(Holders(people=draft.observers)),
        "due_at": as_json(draft.due_at),
        "due_field": as_json(draft.due_field),
        "due_offset": as_json(draft.due_offset),
        "estimate_minutes": draft.estimate_minutes,
        "priority": None if draft.priority == Task.Priority.NORMAL else draft.priority,
        "parent": draft.parent_id,
        "checklist": list(draft.checklist) or None,
        "fields": list(draft.fields) or None,
        "files": files,
        "whole_checklist": draft.whole_checklist or None,
        "repetition": draft.repetition.rule if draft.repetition else None,
    }
    return {key: (None, value) for key, value in values.items() if value is not None}


def check_parents(parent_ids: Iterable[int | None], actor: Actor) -> None:
    """Tasks that others hang below are there for the actor."""
    wanted = {id for id in parent_ids if id is not None}
    parents = read_tasks(wanted)
    if len(parents) < len(wanted) or not all(
        actor.everything or is_there(actor, parent) for parent in parents.values()
    ):
        message = _("There is no such task.")
        raise Invalid(message, errors=[FieldError("parent", "unknown", message)])


@transaction.atomic
def change_task(
    id: int,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    version: int | None = None,
    following: bool = False,
    cause: Cause = NO_CAUSE,
) -> Task:
    """Change words, dates, priority, people or repetition, by the names of a TaskDraft (`CHANGEABLE`).

    With `following` the tasks that follow in its series are made like that, too.

    With `version` a task that was changed meanwhile is refused with Conflict.
    """
    held = hold_task(id, actor)
    held.require("change")
    held.require_open()
    held.require_version(version)
    values = check_changes(changes, held.row, actor)
    told: dict[str, Json] = {
        key: told_as(key, value) for key, value in values.items() if key != "due_field_id"
    }
    differing = [key for key, value in told.items() if value != before_of(held.line, key)]
    if following:
        change_following(held.row, values)
    if not differing:
        return held.row
    gone: list[str] = []
    for key in differing:
        if key in _PEOPLE:
            gone += replace_seats(held, _PEOPLE[key], Holders(people=values[key]))
        elif key == "repetition":
            continue
        elif key == "due_field":
            held.row.due_field_id = values["due_field_id"]
        elif key == "checklist":
            held.row.checklist = items_of(values[key], held.row.checklist)
        else:
            setattr(held.row, key, values[key])
    if "repetition" in differing:
        pattern = draft_of_task(held.row, held.line, values)
        change_repetition(held.row, values["repetition"], pattern, actor.id)
    return keep(held, "changed", cause, told, gone)


def draft_of_task(row: Task, line: TaskLine, changed: Mapping[str, Any]) -> TaskDraft:
    """A task with its changes as the draft of the next ones."""
    return TaskDraft(
        title=row.title,
        kind=row.kind,
        text=row.text,
        owner_id=row.owner_id,
        candidates=line.holders(Seat.Part.CANDIDATE),
        co_workers=changed.get("co_workers", line.holders(Seat.Part.CO_WORKER).people),
        observers=changed.get("observers", line.holders(Seat.Part.OBSERVER).people),
        estimate_minutes=row.estimate_minutes,
        priority=row.priority,
        checklist=[item["text"] for item in row.checklist],
        whole_checklist=row.whole_checklist,
        code=row.code,
        escalation=row.escalation,
        fields=codes_asked(row),
    )


def told_as(key: str, value: Any) -> Json:
    """A changed value as history keeps it."""
    if key in _PEOPLE:
        return holders_json(Holders(people=value))
    if key == "repetition":
        return value.rule if value else None
    return value or None if key == "checklist" else as_json(value)


#: Names of a TaskDraft → the part that these people have.
_PEOPLE = {"co_workers": Seat.Part.CO_WORKER, "observers": Seat.Part.OBSERVER}


def check_changes(changes: Mapping[str, Any], row: Task, actor: Actor) -> dict[str, Any]:
    """The values to be, checked like those of a draft."""
    faults = Faults()
    values = {key: changes[key] for key in CHANGEABLE if key in changes}
    if "title" in values:
        values["title"] = check_title(values["title"], faults)
    if "text" in values:
        values["text"] = check_text(values["text"], "text", faults)
    if "due_at" in values:
        values["due_at"] = check_moment(values["due_at"], faults)
    values = followed_then(values, row, actor, faults)
    if "priority" in values:
        check_priority(values["priority"], faults)
    if "estimate_minutes" in values:
        check_estimate(values["estimate_minutes"], faults)
    if values.get("repetition") is not None:
        if values.get("due_follows", row.due_follows):
            faults.add("due_field", "unfit", NOT_BOTH)
        check_repetition(values["repetition"], values.get("due_at", row.due_at), faults)
    if "checklist" in values:
        values["checklist"] = check_items(values["checklist"], faults)
    people = {key: unique(values[key]) for key in _PEOPLE if key in values}
    if people:
        sight = Sight.of((id for ids in people.values() for id in ids), [row.record_id])
        for key, ids in people.items():
            check_people(sight, ids, key, row.record_id, faults)
        values |= people
    faults.refuse()
    return values


@transaction.atomic
def cancel_task(
    id: int, *, actor: Actor, words: str = "", following: bool = False, cause: Cause = NO_CAUSE
) -> Task:
    """End a task that is not to be done any more; `words` say why. It can be reopened.

    With `following` its series ends with it.

    The author does that, heads and administrators; the owner only what they gave themselves or nobody gave.
    """
    held = hold_task(id, actor)
    held.require("cancel")
    held.require_open()
    faults = Faults()
    words = check_text(words, "result", faults)
    faults.refuse()
    series = hold_series(held.row) if following else None
    if series is not None:
        end_series(series)
    end([held], Task.State.CANCELLED, "", words, cause)
    return held.row


@transaction.atomic
def cancel_tasks(ids: Sequence[int], *, actor: Actor, words: str = "", cause: Cause = NO_CAUSE) -> list[Task]:
    """End those of these tasks that are open, in as many statements as one; gives them, ids ascending.

    Raises Forbidden when the actor may not cancel one of them.
    """
    helds = [held for held in hold_tasks(ids, actor) if held.row.is_open]
    for held in helds:
        held.require("cancel")
    end(helds, Task.State.CANCELLED, "", words, cause)
    return [held.row for held in helds]


def end(
    helds: Sequence[Held], state: str, outcome: str, words: str, cause: Cause, *, files: Json = None
) -> None:
    """Close open tasks, done or cancelled."""
    for held in helds:
        row = held.row
        row.state, row.outcome, row.result = state, outcome, words
        row.done_at, row.done_by_id, row.snoozed_until = now(), held.actor.id, None
    told: dict[str, Json] = {"outcome": as_json(outcome), "result": as_json(words), "files": files}
    keep_all([Kept(held, told | {"owner": held.row.owner_id}) for held in helds], state, cause)


@transaction.atomic
def reopen_task(id: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Take a task up again that has ended; history keeps how it ended. An open one stays as it is."""
    held = hold_task(id, actor)
    held.require("reopen")
    row = held.row
    if row.is_open:
        return row
    row.state, row.outcome, row.result = Task.State.OPEN, "", ""
    row.done_at, row.done_by_id = None, None
    return keep(held, "reopened", cause, {"outcome": None, "result": None})
