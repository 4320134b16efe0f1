"""Boards: the records of a pipeline by stage."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from ninja import Router

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, Cursor, free_parameters, json_response
from trassa.records.api.answers import BoardOut, record_writer
from trassa.records.api.parameters import (
    CURSOR,
    FILTERS,
    VIEW,
    WHERE,
    WORDS,
    Key,
    limit_parameter,
    parameter,
    read_limit,
    read_moment,
    read_narrowing,
    read_view,
    refuse,
)
from trassa.records.queries import board_cards, board_sums
from trassa.records.queries.boards import stage_cards
from trassa.records.queries.known import get_pipeline
from trassa.records.types import ListQuery, RecordPage, StageSum
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec

router = Router()
_ORDER = "board"
_DEFAULT_CARDS = 20
_MAX_CARDS = 100
_RESERVED = frozenset({"q", "where", "view", "stage", "limit", "cursor", "sums"})
_PARAMETERS = [
    FILTERS,
    WORDS,
    WHERE,
    VIEW,
    parameter("stage", "Only this stage.", {"type": "string"}),
    limit_parameter(_DEFAULT_CARDS, _MAX_CARDS),
    CURSOR | {"description": "`next` of a stage; needs `stage`."},
    parameter("sums", "Whether to count and add up.", {"type": "boolean", "default": True}),
]


@router.get("/pipelines/{pipeline}/board", response=BoardOut, openapi_extra={"parameters": _PARAMETERS})
@free_parameters
def get_board(request: ApiRequest, pipeline: str) -> HttpResponse:
    """The first cards of every stage, latest entered first, with the stage's count and sum."""
    actor = actor_of_call(request)
    spec, board = get_pipeline(actor, pipeline)
    stage = read_stage(board, request.GET)
    query = read_board_query(actor, spec, request.GET)
    pages = read_pages(actor, spec, board, stage, query)
    wants_sums = read_flag(request.GET, "sums")
    sums = board_sums(actor, spec, board, query) if wants_sums else {}
    shown = [stage] if stage else list(board.stages)
    fields = actor.visible_fields(spec)
    columns = [column_json(spec, fields, each, pages[each.id], sums) for each in shown]
    return json_response({"type": spec.code, "pipeline": board.code, "stages": columns})


def read_stage(board: PipelineSpec, parameters: QueryDict) -> StageSpec | None:
    """The one stage that is asked for, or None for all of them."""
    code = parameters.get("stage")
    if code is None:
        if "cursor" in parameters:
            raise refuse("stage", "required", _("Say which stage to continue."))
        return None
    try:
        return board.get_stage(code)
    except KeyError:
        raise refuse("stage", "unknown_stage", _("This pipeline has no such stage.")) from None


def read_board_query(actor: Actor, spec: TypeSpec, parameters: QueryDict) -> ListQuery:
    """The conditions and the page of a board."""
    base = read_view(actor, spec, parameters)
    return replace(
        read_narrowing(actor, spec, parameters, base, _RESERVED),
        limit=read_limit(parameters, _DEFAULT_CARDS, _MAX_CARDS),
        after=read_place(parameters.get("cursor")),
    )


def read_place(text: str | None) -> Key | None:
    """The moment and id of the last card of the page before."""
    if text is None:
        return None
    cursor = Cursor.decode(text, order=_ORDER, values=1)
    try:
        return read_moment(cursor.values[0]), cursor.id
    except (ValueError, TypeError):
        raise refuse("cursor", "invalid_cursor", _("Begin again without a cursor.")) from None


def read_flag(parameters: QueryDict, name: str) -> bool:
    """A yes-or-no parameter that is yes unless told otherwise."""
    text = parameters.get(name, "true")
    if text not in ("true", "false"):
        raise refuse(name, "invalid", _("Write true or false."))
    return text == "true"


def read_pages(
    actor: Actor, spec: TypeSpec, board: PipelineSpec, stage: StageSpec | None, query: ListQuery
) -> Mapping[int, RecordPage]:
    """The cards of the stages, by stage id."""
    if stage is not None:
        return {stage.id: stage_cards(actor, spec, board, stage.id, query)}
    return board_cards(actor, spec, board, query, per_stage=query.limit)


def column_json(
    spec: TypeSpec,
    fields: tuple[FieldSpec, ...],
    stage: StageSpec,
    page: RecordPage,
    sums: Mapping[int, StageSum],
) -> dict[str, Any]:
    """One stage with its cards."""
    write = record_writer(spec, fields)
    total = sums.get(stage.id)
    following = None
    if page.next is not None:
        entered, id = page.next
        following = Cursor(_ORDER, id, (entered.isoformat(),)).encode()
    return {
        "code": stage.code,
        "count": total.count if total else None,
        "sum": sum_json(spec, total.total) if total else None,
        "items": [write(record) for record in page.items],
        "next": following,
    }


def sum_json(spec: TypeSpec, total: Decimal | None) -> str | None:
    """A stage's sum as the summed field writes its values."""
    field = spec.by_code.get(spec.layouts.board_sum)
    if total is None or field is None:
        return None
    written: str = field_kinds.get(field.kind).to_json(total, field)
    return written
