"""Records: list, create, read, change, move, bin, restore."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from trassa.access.queries import Actor, actor_of_call
from trassa.api import PREFIX, ApiRequest, free_parameters, idempotent, json_response
from trassa.kernel import Conflict, NotFound
from trassa.records.actions.write import write_records
from trassa.records.api.answers import CreatedOut, RecordOut, RecordPageOut, duplicate_json, record_writer
from trassa.records.api.bodies import NewRecord, RecordChange, StageChange
from trassa.records.api.duplicates import duplicates_of
from trassa.records.api.parameters import LIST_PARAMETERS, read_list_query, write_next
from trassa.records.moments import read_moment
from trassa.records.queries import get_record, get_written_record, list_records
from trassa.records.queries.known import get_type
from trassa.records.queries.merges import find_survivor
from trassa.records.queries.past import record_as_of
from trassa.records.types import Change, Outcome, Write
from trassa.schema.types import TypeSpec

router = Router()
ADDRESS = "/records/{type}/{int:id}"
_GONE_FROM_SIGHT = {"description": "Done, and the record is now out of this person's sight."}
_MERGED = {"description": "The record was merged into another one, which Location names."}
_WRITTEN = {"responses": {"204": _GONE_FROM_SIGHT}}


@router.get("/records/{type}", response=RecordPageOut, openapi_extra={"parameters": LIST_PARAMETERS})
@free_parameters
def get_records(request: ApiRequest, type: str) -> HttpResponse:
    """A page of the records that this person sees and that meet all conditions."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    query = read_list_query(actor, spec, request.GET)
    page = list_records(actor, spec, query)
    write = record_writer(spec, actor.visible_fields(spec))
    following = write_next(spec, query.order, page.next)
    return json_response({"items": [write(record) for record in page.items], "next": following})


@router.post("/records/{type}", response={201: CreatedOut}, openapi_extra=_WRITTEN)
@idempotent
def create_record(
    request: ApiRequest,
    type: str,
    body: NewRecord,
    duplicates: Annotated[
        Literal["warn", "refuse"], Query(description="Name possible duplicates, or refuse to make one.")
    ] = "warn",
) -> HttpResponse:
    """Create a record; it enters the first stage of the first pipeline unless told otherwise."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    found = duplicates_of(actor, spec, body.fields)
    if found and duplicates == "refuse":
        names = ", ".join(f"{each.title} ({each.number})" for each in found)
        raise Conflict(_("Possibly a duplicate: %s.") % names, code="duplicate")
    write = Write(
        Change.CREATE,
        spec.code,
        fields=body.fields,
        pipeline=body.pipeline,
        stage=body.stage,
        owner=body.owner,
    )
    outcome = carry_out(request, actor, write)
    location = f"/{PREFIX}records/{spec.code}/{outcome.id}"
    more = {"duplicates": [duplicate_json(each) for each in found]} if found else None
    return answer_with(actor, spec, outcome, status=201, headers={"Location": location}, more=more)


@router.get(ADDRESS, response=RecordOut, openapi_extra={"responses": {"307": _MERGED}})
def get_one_record(
    request: ApiRequest,
    type: str,
    id: int,
    as_of: Annotated[
        str,
        Query(description="A day (its end) or a moment: the record as it was then.", examples=["2026-03-01"]),
    ] = "",
) -> HttpResponse:
    """The record with all fields that this person sees, as it is or as it was."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    try:
        record = get_record(actor, spec, id)
    except NotFound:
        survivor = get_record(actor, spec, find_survivor(id) or id)
        return HttpResponse(status=307, headers={"Location": f"/{PREFIX}records/{spec.code}/{survivor.id}"})
    if as_of:
        record = record_as_of(actor, spec, record, read_moment(as_of))
    return json_response(record_writer(spec, actor.visible_fields(spec))(record))


@router.patch(ADDRESS, response={200: RecordOut}, openapi_extra=_WRITTEN)
@idempotent
def change_record(request: ApiRequest, type: str, id: int, body: RecordChange) -> HttpResponse:
    """Change fields or the owner. 409 names the fields that somebody else changed since `version`."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    write = Write(Change.EDIT, spec.code, id=id, version=body.version, fields=body.fields, owner=body.owner)
    return answer_with(actor, spec, carry_out(request, actor, write))


@router.delete(ADDRESS, response={204: None})
@idempotent
def bin_record(request: ApiRequest, type: str, id: int) -> HttpResponse:
    """Put the record into the bin, from which it can be restored."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    carry_out(request, actor, Write(Change.BIN, spec.code, id=id))
    return no_content()


@router.post(f"{ADDRESS}/move", response={200: RecordOut}, openapi_extra=_WRITTEN)
@idempotent
def move_record(request: ApiRequest, type: str, id: int, body: StageChange) -> HttpResponse:
    """Move the record to a stage; 422 names the fields that the stage still needs."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    write = Write(
        Change.MOVE,
        spec.code,
        id=id,
        version=body.version,
        fields=body.fields,
        pipeline=body.pipeline,
        stage=body.stage,
        reason=body.reason,
    )
    return answer_with(actor, spec, carry_out(request, actor, write))


@router.post(f"{ADDRESS}/restore", response={200: RecordOut}, openapi_extra=_WRITTEN)
@idempotent
def restore_record(request: ApiRequest, type: str, id: int) -> HttpResponse:
    """Take the record out of the bin; unique fields are checked again."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    return answer_with(actor, spec, carry_out(request, actor, Write(Change.RESTORE, spec.code, id=id)))


def carry_out(request: ApiRequest, actor: Actor, write: Write) -> Outcome:
    """Do one write."""
    return write_records([write], actor=actor, cause=request.auth.cause)[0]


def answer_with(
    actor: Actor,
    spec: TypeSpec,
    outcome: Outcome,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The record as it is now, or 204 when the write took it out of the person's reach."""
    try:
        record = get_written_record(actor, spec, outcome)
    except NotFound:
        return no_content()
    body = record_writer(spec, actor.visible_fields(spec))(record) | (more or {})
    return json_response(body, status=status, headers=headers)


def no_content() -> HttpResponse:
    """Done, and nothing to say."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response
