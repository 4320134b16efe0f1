"""Changes of everything that a list finds: begun, watched, stopped, undone."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from trassa.access.queries import actor_of_call
from trassa.api import MAX_ID, ApiRequest, idempotent, json_response
from trassa.kernel import Invalid
from trassa.records.actions.bulk_runs import cancel_bulk_run, start_bulk_run, undo_bulk_run
from trassa.records.api.bodies import Body, Code, Fields, Id, OwnerId
from trassa.records.api.exports import FilterIn
from trassa.records.api.parameters import MAX_CONDITIONS, MAX_TEXT, MAX_WHERE, read_where_text
from trassa.records.models import BulkRun
from trassa.records.queries.bulk_runs import get_bulk_run, list_bulk_runs, list_problems
from trassa.records.queries.known import get_type
from trassa.records.types import BulkChange, Change, Filter, ListQuery
from trassa.schema.queries import current_generation

router = Router()
MAX_IDS = 10_000
_CHANGES = {"change": Change.EDIT, "move": Change.MOVE, "delete": Change.BIN, "restore": Change.RESTORE}
_ACTIONS = {change.value: action for action, change in _CHANGES.items()}


class BulkRunIn(Body):
    """What is to become of which records: those of `ids`, or those that `filters`, `q` and `where` find.

    Without any of them: all records of the type that one sees. `restore` looks into the bin, where `q` is a
    part of a title or a number; `filters` and `where` do not apply there.
    """

    model_config = {
        "json_schema_extra": {
            "example": {
                "action": "move",
                "pipeline": "sales",
                "stage": "negotiation",
                "filters": [{"field": "stage", "value": "new"}],
                "where": "amount >= 1000000",
            }
        }
    }

    action: Literal["change", "move", "delete", "restore"]
    fields: Annotated[
        Fields,
        Field(description="Values to set. In a move they fill what is empty and leave what is there."),
    ] = {}
    owner: OwnerId = None
    pipeline: Code | None = None
    stage: Code | None = None
    reason: Code | None = None
    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_IDS)] | None = None
    filters: Annotated[list[FilterIn], Field(max_length=MAX_CONDITIONS)] = []
    q: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    where: Annotated[str, Field(max_length=MAX_WHERE)] = ""


class BulkRunOut(Schema):
    """A run: `done` of `total` records were dealt with.

    `changed` were changed, `refused` were not; the others had nothing to change. After undoing, `returned`
    are as they were before, `kept` were changed by others since and stay.
    """

    id: int
    type: str
    action: str
    state: Literal["running", "done", "failed", "cancelled", "undoing", "undone"]
    total: int
    done: int
    changed: int
    refused: int
    returned: int
    kept: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


class BulkRunsOut(Schema):
    """One's own runs, newest first."""

    items: list[BulkRunOut]


class BulkProblemOut(Schema):
    """A record that was refused, or left by undoing; the title is "" when one does not see it."""

    id: int
    title: str
    reason: str


class BulkProblemsOut(Schema):
    """Up to 100 of them by id; `next` is the `after` of the following ones."""

    items: list[BulkProblemOut]
    next: int | None


@router.post("/records/{type}/bulk-runs", response={201: BulkRunOut})
@idempotent
def create_bulk_run(request: ApiRequest, type: str, body: BulkRunIn) -> HttpResponse:
    """Change, move, bin or restore many records; up to 200 are done at once, more by the worker.

    A record that is refused holds up no other one.
    """
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    if body.action == "restore" and (body.filters or body.where):
        raise Invalid(_("The bin is searched by q alone."), code="no_filters")
    filters = [Filter(each.field, each.operation, each.value) for each in body.filters]
    query = ListQuery(filters=filters, text=body.q, where=read_where_text(actor, spec, body.where))
    change = BulkChange(
        _CHANGES[body.action], body.fields, body.pipeline, body.stage, body.reason, body.owner
    )
    run = start_bulk_run(spec, change, query if body.ids is None else body.ids, actor=actor)
    return json_response(run_json(run), status=201)


@router.get("/bulk-runs", response=BulkRunsOut)
def get_bulk_runs(request: ApiRequest) -> HttpResponse:
    """One's own latest runs."""
    return json_response({"items": [run_json(each) for each in list_bulk_runs(actor_of_call(request))]})


@router.get("/bulk-runs/{int:id}", response=BulkRunOut)
def get_one_bulk_run(request: ApiRequest, id: int) -> HttpResponse:
    """How far a run is."""
    return json_response(run_json(get_bulk_run(actor_of_call(request), id)))


@router.get("/bulk-runs/{int:id}/problems", response=BulkProblemsOut)
def get_bulk_problems(
    request: ApiRequest, id: int, after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0
) -> HttpResponse:
    """Records that were refused, or that undoing left, and why."""
    actor = actor_of_call(request)
    limit = 100
    found = list_problems(actor, get_bulk_run(actor, id), after=after, limit=limit)
    items = [{"id": each.record_id, "title": each.title, "reason": each.reason} for each in found]
    return json_response({"items": items, "next": found[-1].record_id if len(found) == limit else None})


@router.post("/bulk-runs/{int:id}/cancel", response=BulkRunOut)
def stop_bulk_run(request: ApiRequest, id: int) -> HttpResponse:
    """Stop a run; what is done stays and can be undone."""
    actor = actor_of_call(request)
    cancel_bulk_run(id, actor=actor)
    return json_response(run_json(get_bulk_run(actor, id)))


@router.post("/bulk-runs/{int:id}/undo", response=BulkRunOut)
def take_bulk_run_back(request: ApiRequest, id: int) -> HttpResponse:
    """Take a run back; what others have changed since stays and is told among the problems."""
    return json_response(run_json(undo_bulk_run(id, actor=actor_of_call(request))))


def run_json(run: BulkRun) -> dict[str, Any]:
    spec = current_generation().types_by_id.get(run.type_id)
    counts = {
        name: getattr(run, name) for name in ("total", "done", "changed", "refused", "returned", "kept")
    }
    return {
        "id": run.pk,
        "type": spec.code if spec else "",
        "action": _ACTIONS[Change(run.change)],
        "state": run.state,
        **counts,
        "problem": run.problem,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }
