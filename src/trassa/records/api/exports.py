"""Exports: lists as files."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Router, Schema

from trassa.access.queries import actor_of_call
from trassa.api import PREFIX, ApiRequest, json_response
from trassa.records.actions.exports import ask_export, cancel_export
from trassa.records.api.parameters import DEFAULT_ORDER, MAX_TEXT, MAX_WHERE, read_where_text
from trassa.records.models import Export
from trassa.records.queries.exports import all_columns, get_export, list_exports
from trassa.records.queries.filters import find_order
from trassa.records.queries.known import get_type
from trassa.records.types import Filter, ListQuery
from trassa.schema.queries import current_generation

router = Router()


class FilterIn(Schema):
    """One condition, as in the address of a list."""

    field: str
    operation: str = "eq"
    value: Any = None


class ExportIn(Schema):
    """Which list, which columns (all that one sees when left out), and as what."""

    type: str
    format: Literal["xlsx", "csv"] = "xlsx"
    columns: list[str] | None = None
    filters: list[FilterIn] = []
    q: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    where: Annotated[str, Field(max_length=MAX_WHERE)] = ""
    order: str = DEFAULT_ORDER


class ExportOut(Schema):
    """An export. `content` is where its file is, null until it is done and after a day."""

    id: int
    type: str
    format: str
    state: str
    done: int
    total: int | None
    problem: str
    created_at: datetime
    content: str | None


class ExportsOut(Schema):
    """One's own exports, newest first."""

    items: list[ExportOut]


@router.post("/exports", response={201: ExportOut})
def create_export(request: ApiRequest, body: ExportIn) -> HttpResponse:
    """Begin an export; up to 2 000 rows are done at once, others are made by the worker."""
    actor = actor_of_call(request)
    spec = get_type(actor, body.type)
    find_order(actor, spec, body.order)
    where = read_where_text(actor, spec, body.where)
    filters = [Filter(each.field, each.operation, each.value) for each in body.filters]
    query = ListQuery(filters=filters, text=body.q, order=body.order, where=where)
    columns = all_columns(actor, spec) if body.columns is None else body.columns
    export = ask_export(spec, query, columns, body.format, actor=actor)
    return json_response(export_json(get_export(actor, export.id)), status=201)


@router.get("/exports", response=ExportsOut)
def get_exports(request: ApiRequest) -> HttpResponse:
    """One's own latest exports."""
    return json_response({"items": [export_json(each) for each in list_exports(actor_of_call(request))]})


@router.get("/exports/{int:id}", response=ExportOut)
def get_one_export(request: ApiRequest, id: int) -> HttpResponse:
    """How far an export is."""
    return json_response(export_json(get_export(actor_of_call(request), id)))


@router.post("/exports/{int:id}/cancel", response=ExportOut)
def stop_export(request: ApiRequest, id: int) -> HttpResponse:
    """Stop an export that is not done."""
    actor = actor_of_call(request)
    cancel_export(get_export(actor, id))
    return json_response(export_json(get_export(actor, id)))


def export_json(export: Export) -> dict[str, Any]:
    spec = current_generation().types_by_id.get(export.type_id)
    return {
        "id": export.id,
        "type": spec.code if spec else "",
        "format": export.format,
        "state": export.state,
        "done": export.done,
        "total": export.total,
        "problem": export.problem,
        "created_at": export.created_at,
        "content": f"/{PREFIX}files/{export.file_id}/content" if export.file_id else None,
    }
