"""Tasks: what waits for you, and what can be done with it."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router

from trassa.access.queries import Actor, actor_of, actor_of_call
from trassa.api import PREFIX, ApiRequest, Cursor, idempotent, json_response
from trassa.journal import Stream, list_entries
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.people.queries import get_person
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.work.actions import (
    cancel_task,
    change_task,
    complete_task,
    create_task,
    delegate_task,
    release_task,
    reopen_task,
    snooze_task,
    take_task,
    tick_item,
)
from trassa.work.actions.files import attach_files, remove_file
from trassa.work.api.answers import (
    TaskCountsOut,
    TaskEntriesOut,
    TaskFilesOut,
    TaskOut,
    TaskPartsOut,
    TasksOut,
    files_json,
    task_json,
    tasks_json,
)
from trassa.work.api.shapes import (
    Cancelling,
    Completing,
    Delegating,
    NewTask,
    Snoozing,
    TaskChange,
    TaskFiles,
    TaskTicking,
    holders_of_body,
)
from trassa.work.queries import (
    count_inbox,
    get_task,
    list_inbox,
    list_record_tasks,
    list_tasks,
    principals_of,
)
from trassa.work.queries.files import files_of
from trassa.work.queries.tasks import list_children
from trassa.work.types import InboxQuery, KindName, TaskLine

router = Router()
TASK = "/tasks/{int:id}"
_INBOX, _BY_ID = "tasks.due", "tasks.id"
Mine = Literal["waiting", "owner", "candidate", "co_worker", "observer", "author", "done"]
_OUT_OF_SIGHT = {"responses": {"204": {"description": "Done, and the task is out of your sight."}}}
Limit = Annotated[int, Query(ge=1, le=200)]
Next = Annotated[str | None, Query(min_length=1)]


@router.get("/tasks", response=TasksOut)
def get_tasks(
    request: ApiRequest,
    *,
    mine: Annotated[
        Mine,
        Query(
            description="`waiting`: all that waits for you, soonest first. Otherwise by your part, newest"
            " first; `done`: your tasks that have ended."
        ),
    ] = "waiting",
    kind: Annotated[KindName | None, Query(description="Only with `waiting`.")] = None,
    due: Annotated[
        Literal["overdue", "today", "later"] | None, Query(description="Only with `waiting`.")
    ] = None,
    instead_of: Annotated[
        int | None, Query(description="Id of a person for whom you stand in: what waits for them.")
    ] = None,
    limit: Limit = 50,
    cursor: Next = None,
) -> HttpResponse:
    """Tasks in which you have a part."""
    actor = actor_of_call(request)
    if mine != "waiting":
        if kind is not None or due is not None or instead_of is not None:
            message = "Filters go with what waits for you: leave `mine` away."
            raise Invalid(message, errors=[FieldError("mine", "unfit", message)])
        return by_id(list_tasks(actor, mine, before=below(cursor), limit=limit + 1), limit)
    after = None
    if cursor is not None:
        read = Cursor.decode(cursor, order=_INBOX, values=1)
        after = (read_moment(read.values[0]), read.id)
    query = InboxQuery(kinds=[kind] if kind else [], when=due or "", limit=limit + 1, after=after)
    found = list_inbox(actor, query, principal=find_principal(actor, instead_of))
    page = found[:limit]
    following = None
    if len(found) > limit:
        last = page[-1]
        following = Cursor(_INBOX, last.id, (last.due_at.isoformat() if last.due_at else None,)).encode()
    return json_response({"items": tasks_json(page), "next": following})


@router.get("/tasks/counts", response=TaskCountsOut)
def get_counts(
    request: ApiRequest,
    instead_of: Annotated[int | None, Query(description="As of `GET /tasks`.")] = None,
) -> HttpResponse:
    """How much waits for you; counting stops at 999 and `more` says so."""
    actor = actor_of_call(request)
    found = count_inbox(actor, principal=find_principal(actor, instead_of))
    return json_response(
        {
            "total": found.total,
            "overdue": found.overdue,
            "today": found.today,
            "kinds": dict(found.kinds),
            "more": found.more,
        }
    )


@router.get("/records/{type}/{int:id}/tasks", response=TasksOut)
def get_record_tasks(
    request: ApiRequest,
    type: str,
    id: int,
    *,
    state: Annotated[Literal["open", "ended"] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Next = None,
) -> HttpResponse:
    """The tasks of a record that you see, newest first."""
    actor = actor_of_call(request)
    record = get_record(actor, get_type(actor, type), id)
    is_open = None if state is None else state == "open"
    return by_id(list_record_tasks(record.id, is_open=is_open, before=below(cursor), limit=limit + 1), limit)


@router.post("/tasks", response={201: TaskOut})
@idempotent
def give_task(request: ApiRequest, body: NewTask) -> HttpResponse:
    """Give a task. Without `owner` and `candidates` it is yours. Everybody named must see its record."""
    actor = actor_of_call(request)
    row = create_task(body.draft(), actor=actor, cause=request.auth.cause)
    location = f"/{PREFIX}tasks/{row.id}"
    return json_response(task_json(get_task(actor, row.id)), status=201, headers={"Location": location})


@router.get(TASK, response=TaskOut)
def get_one_task(request: ApiRequest, id: int) -> HttpResponse:
    """A task in which you have a part, or whose record you see."""
    return answer(actor_of_call(request), id)


@router.patch(TASK, response=TaskOut)
@idempotent
def change_one_task(request: ApiRequest, id: int, body: TaskChange) -> HttpResponse:
    """Change a task; what is left out stays. With `version` one that was changed meanwhile is 409."""
    actor = actor_of_call(request)
    change_task(
        id,
        body.changes(),
        actor=actor,
        version=body.version,
        following=body.following,
        cause=request.auth.cause,
    )
    return answer(actor, id)


@router.post(f"{TASK}/take", response=TaskOut)
@idempotent
def take_one_task(request: ApiRequest, id: int) -> HttpResponse:
    """Own a task that waits for several. Who comes second gets 409, with the name of the first."""
    actor = actor_of_call(request)
    take_task(id, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.post(f"{TASK}/release", response=TaskOut)
@idempotent
def release_one_task(request: ApiRequest, id: int) -> HttpResponse:
    """Give a task back to those who may take it."""
    actor = actor_of_call(request)
    release_task(id, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.post(f"{TASK}/complete", response=TaskOut)
@idempotent
def complete_one_task(request: ApiRequest, id: int, body: Completing) -> HttpResponse:
    """Close a task with its outcome and what came of it."""
    actor = actor_of_call(request)
    complete_task(
        id,
        outcome=body.outcome,
        result=body.result,
        fields=body.fields,
        file=body.file,
        files=body.files,
        actor=actor,
        cause=request.auth.cause,
    )
    return answer(actor, id)


@router.post(f"{TASK}/checklist/{{int:item}}", response=TaskOut)
@idempotent
def tick_one_item(request: ApiRequest, id: int, item: int, body: TaskTicking) -> HttpResponse:
    """Tick an item of the checklist off, or take the tick back."""
    actor = actor_of_call(request)
    tick_item(id, item, done=body.done, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.post(f"{TASK}/reopen", response=TaskOut)
@idempotent
def reopen_one_task(request: ApiRequest, id: int) -> HttpResponse:
    """Take up again what has ended."""
    actor = actor_of_call(request)
    reopen_task(id, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.post(f"{TASK}/cancel", response=TaskOut)
@idempotent
def cancel_one_task(request: ApiRequest, id: int, body: Cancelling) -> HttpResponse:
    """End a task that is not to be done any more."""
    actor = actor_of_call(request)
    cancel_task(id, words=body.why, following=body.following, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.post(f"{TASK}/delegate", response=TaskOut, openapi_extra=_OUT_OF_SIGHT)
@idempotent
def delegate_one_task(request: ApiRequest, id: int, body: Delegating) -> HttpResponse:
    """Give a task to somebody else, or let several take it; 204 when it is out of your sight then."""
    actor = actor_of_call(request)
    candidates = holders_of_body(body.candidates)
    delegate_task(
        id,
        owner_id=body.owner,
        candidates=candidates,
        following=body.following,
        actor=actor,
        cause=request.auth.cause,
    )
    try:
        return answer(actor, id)
    except NotFound:
        response = HttpResponse(status=204)
        del response.headers["Content-Type"]
        return response


@router.post(f"{TASK}/snooze", response=TaskOut)
@idempotent
def snooze_one_task(request: ApiRequest, id: int, body: Snoozing) -> HttpResponse:
    """Put your task out of sight until a moment; null brings it back."""
    actor = actor_of_call(request)
    snooze_task(id, body.until, actor=actor, cause=request.auth.cause)
    return answer(actor, id)


@router.get(f"{TASK}/parts", response=TaskPartsOut)
def get_task_parts(request: ApiRequest, id: int) -> HttpResponse:
    """The sub-tasks of a task that are there for you, in the order of their making."""
    actor = actor_of_call(request)
    get_task(actor, id)
    return json_response({"items": tasks_json(list_children(actor, id))})


@router.get(f"{TASK}/files", response=TaskFilesOut)
def get_task_files(request: ApiRequest, id: int) -> HttpResponse:
    """The files of a task, those that came of it last."""
    get_task(actor_of_call(request), id)
    return json_response(files_json(files_of(id)))


@router.post(f"{TASK}/files", response=TaskFilesOut)
@idempotent
def add_task_files(request: ApiRequest, id: int, body: TaskFiles) -> HttpResponse:
    """Add uploads of yours to a task."""
    attach_files(id, body.files, actor=actor_of_call(request), cause=request.auth.cause)
    return json_response(files_json(files_of(id)))


@router.delete(f"{TASK}/files/{{int:file}}", response=TaskFilesOut)
@idempotent
def remove_task_file(request: ApiRequest, id: int, file: int) -> HttpResponse:
    """Take a file away from a task."""
    remove_file(id, file, actor=actor_of_call(request), cause=request.auth.cause)
    return json_response(files_json(files_of(id)))


@router.get(f"{TASK}/history", response=TaskEntriesOut)
def get_task_history(
    request: ApiRequest,
    id: int,
    limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Number of an entry.")] = None,
) -> HttpResponse:
    """Who did what with a task, newest first."""
    task = get_task(actor_of_call(request), id)
    entries = list_entries(Stream("task", task.id), before_seq=before, limit=limit)
    return json_response(
        {
            "items": [
                {
                    "seq": entry.seq,
                    "at": entry.at,
                    "kind": entry.kind,
                    "actor": entry.actor_id,
                    "changes": {key: list(pair) for key, pair in entry.changes.items()},
                }
                for entry in entries
            ]
        }
    )


def find_principal(actor: Actor, id: int | None) -> Actor | None:
    """Somebody for whom the actor stands in today; raises Invalid for others."""
    if id is None:
        return None
    if actor.id is None or id not in principals_of(actor.id):
        message = "You do not stand in for this person today."
        raise Invalid(message, errors=[FieldError("instead_of", "not_substitute", message)])
    return actor_of(get_person(id))


def answer(actor: Actor, id: int) -> HttpResponse:
    """A task as it is now."""
    return json_response(task_json(get_task(actor, id)))


def below(cursor: str | None) -> int | None:
    """Where a page by ids begins."""
    return None if cursor is None else Cursor.decode(cursor, order=_BY_ID).id


def by_id(found: list[TaskLine], limit: int) -> HttpResponse:
    """A page of tasks, newest first, of which one more was asked for."""
    page = found[:limit]
    following = Cursor(_BY_ID, page[-1].id).encode() if len(found) > limit else None
    return json_response({"items": tasks_json(page), "next": following})


def read_moment(raw: Any) -> datetime | None:
    """The moment in a cursor; raises Invalid for what is none."""
    if raw is None:
        return None
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(str(raw))
    if moment is None or moment.tzinfo is None:
        message = "Begin again without a cursor: this one does not belong to this list."
        raise Invalid(message, errors=[FieldError("cursor", "invalid_cursor", message)])
    return moment
