"""Imports: take a file in, say what its columns fill, try it, start it, read what became of it, undo it."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import PREFIX, ApiRequest, Cursor, idempotent, json_response, read_upload
from trassa.imports.actions.deciding import decide
from trassa.imports.actions.orders import cancel_run, check_run, start_run, undo_run
from trassa.imports.actions.runs import change_run, create_run
from trassa.imports.api.shapes import (
    DecisionIn,
    ImportChange,
    ImportOut,
    ImportPageOut,
    PreviewOut,
    RowPageOut,
    columns_from,
    options_from,
    reasons_json,
    row_json,
    run_json,
    source_from,
)
from trassa.imports.downloads import rejected_file
from trassa.imports.queries.previews import preview_rows
from trassa.imports.queries.runs import PAGE, get_run, list_outcomes, list_runs
from trassa.imports.types import Decision, Fate
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.records.queries.known import get_type

router = Router()
ADDRESS = "/imports/{int:id}"
_FILE_SCHEMA = {
    "type": "object",
    "required": ["file", "type"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "type": {"type": "string", "description": "Code of the type of records."},
    },
}
_UPLOAD = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILE_SCHEMA}}}}
_FILE = {"schema": {"type": "string", "format": "binary"}}
_REJECTED: dict[str, Any] = {
    "responses": {
        "200": {
            "description": "The columns of the file and the reason of each line.",
            "content": {
                "text/csv": _FILE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _FILE,
            },
        }
    }
}
Limit = Annotated[int, Query(ge=1, le=500)]


@router.post("/imports", response={201: ImportOut}, openapi_extra=_UPLOAD)
@idempotent
def create_import(request: ApiRequest) -> HttpResponse:
    """Send an XLSX or CSV in the part `file` and the code of a type in the part `type`.

    Answers with what is proposed: where the table lies and what its columns fill. Nothing is imported before
    `start`. The file and its lines are kept for 30 days.
    """
    actor = actor_of_call(request)
    sent = read_upload(request)
    code = request.POST.get("type", "")
    if not code:
        message = _("Give the code of a type in the part “type”.")
        raise Invalid(message, errors=[FieldError("type", "required", message)])
    run = create_run(sent, sent.name or "", get_type(actor, code), actor=actor)
    return json_response(run_json(run), status=201, headers={"Location": f"/{PREFIX}imports/{run.id}"})


@router.get("/imports", response=ImportPageOut)
def get_imports(request: ApiRequest, type: str = "", cursor: str = "", limit: Limit = PAGE) -> HttpResponse:
    """One's own imports, newest first; an administrator gets everybody's."""
    actor = actor_of_call(request)
    before = Cursor.decode(cursor, order="-id").id if cursor else None
    type_id = find_type_id(actor, type) if type else None
    found = list_runs(actor, type_id=type_id, before=before, limit=limit + 1)
    following = Cursor("-id", found[limit - 1].id).encode() if len(found) > limit else None
    return json_response({"items": [run_json(run) for run in found[:limit]], "next": following})


def find_type_id(actor: Actor, code: str) -> int:
    """The id of a type that the list is limited to; raises Invalid."""
    try:
        return get_type(actor, code).id
    except NotFound as error:
        errors = [FieldError("type", "unknown_type", error.message)]
        raise Invalid(error.message, errors=errors) from None


@router.get(ADDRESS, response=ImportOut)
def get_import(request: ApiRequest, id: int) -> HttpResponse:
    """How far an import is, and what became of its lines."""
    return json_response(run_json(get_run(actor_of_call(request), id)))


@router.patch(ADDRESS, response=ImportOut)
@idempotent
def change_import(request: ApiRequest, id: int, body: ImportChange) -> HttpResponse:
    """Say where the table lies, what each column fills, and what becomes of duplicates.

    `columns` are in the order of the file, one for each. A check before this counts no more.
    """
    run = change_run(
        id,
        actor=actor_of_call(request),
        source=source_from(body.source) if body.source else None,
        columns=columns_from(body.columns) if body.columns is not None else None,
        options=options_from(body.options) if body.options else None,
    )
    return json_response(run_json(run))


@router.get(f"{ADDRESS}/preview", response=PreviewOut)
def preview_import(request: ApiRequest, id: int) -> HttpResponse:
    """The first lines as they would be stored, in words, or what is wrong in their cells."""
    actor = actor_of_call(request)
    items = [
        {"line": row.line, "fields": row.texts, "reasons": reasons_json(row.reasons)}
        for row in preview_rows(get_run(actor, id), actor)
    ]
    return json_response({"items": items})


@router.post(f"{ADDRESS}/check", response=ImportOut)
@idempotent
def check_import(request: ApiRequest, id: int) -> HttpResponse:
    """Try the whole file: nothing is written, and `rows` says what would become of each line."""
    return json_response(run_json(check_run(id, actor=actor_of_call(request))))


@router.post(f"{ADDRESS}/start", response=ImportOut)
@idempotent
def start_import(request: ApiRequest, id: int) -> HttpResponse:
    """Import the file; one that was stopped goes on where it was."""
    return json_response(run_json(start_run(id, actor=actor_of_call(request))))


@router.post(f"{ADDRESS}/cancel", response=ImportOut)
@idempotent
def cancel_import(request: ApiRequest, id: int) -> HttpResponse:
    """Stop a check or an import; what has been imported stays."""
    return json_response(run_json(cancel_run(id, actor=actor_of_call(request))))


@router.post(f"{ADDRESS}/undo", response=ImportOut)
@idempotent
def undo_import(request: ApiRequest, id: int) -> HttpResponse:
    """Bin what was created, give back former values; what somebody has changed since stays and is listed."""
    return json_response(run_json(undo_run(id, actor=actor_of_call(request))))


@router.get(f"{ADDRESS}/rows", response=RowPageOut)
def get_import_rows(
    request: ApiRequest, id: int, state: Fate | None = None, cursor: str = "", limit: Limit = PAGE
) -> HttpResponse:
    """Lines of an import and what became of them, all or those of one `state`.

    After a check, lines that would become records are left out.
    """
    run = get_run(actor_of_call(request), id)
    after = Cursor.decode(cursor, order="line").id if cursor else 0
    found = list_outcomes(run, [state] if state else [], after=after, limit=limit + 1)
    following = Cursor("line", found[limit - 1].line).encode() if len(found) > limit else None
    return json_response({"items": [row_json(each) for each in found[:limit]], "next": following})


@router.post(f"{ADDRESS}/decide", response=ImportOut)
@idempotent
def decide_import(request: ApiRequest, id: int, body: DecisionIn) -> HttpResponse:
    """Settle undecided lines: skip them, fill or overwrite the record, or create another one."""
    decision = Decision(body.how, body.record)
    return json_response(run_json(decide(id, decision, lines=body.lines, actor=actor_of_call(request))))


@router.get(f"{ADDRESS}/errors.{{format}}", openapi_extra=_REJECTED)
def get_rejected_lines(
    request: ApiRequest, id: int, format: Annotated[Literal["csv", "xlsx"], Field()]
) -> HttpResponseBase:
    """The rejected lines as a file with the reason of each, to be mended and sent again."""
    return rejected_file(get_run(actor_of_call(request), id), format)
