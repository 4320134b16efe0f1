"""Saved filters: the conditions of a list or a board under a name. Everybody has only their own."""

from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from trassa.access.queries import Actor
from trassa.api import ApiRequest, idempotent, json_response
from trassa.expressions import Node, write
from trassa.kernel import NotFound
from trassa.records.actions.saved_filters import (
    MAX_NAME,
    remove_filter,
    restore_filter,
    save_filter,
    update_filter,
)
from trassa.records.api.access import find_actor
from trassa.records.api.answers import Answer, CodeOut
from trassa.records.api.bodies import Body, Code, example
from trassa.records.api.parameters import MAX_TEXT, MAX_WHERE, read_where_text
from trassa.records.api.records import no_content
from trassa.records.queries import reader_scope
from trassa.records.queries.filters import condition_q, find_order
from trassa.records.queries.known import get_pipeline, get_type
from trassa.records.queries.saved_filters import get_filter, list_filters
from trassa.records.types import Filter, Narrowing, SavedFilter
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec

router = Router()
OF_TYPE = "/types/{type}/filters"
FILTER = "/filters/{int:id}"
#: Conditions of one filter.
MAX_CONDITIONS = 20
_CONDITION = {"field": "amount", "operation": "gte", "value": "1000000"}
FILTER_EXAMPLE: dict[str, Any] = {
    "id": 5,
    "name": "Дорогие, мои",
    "type": "deal",
    "pipeline": None,
    "view": "list",
    "filters": [_CONDITION],
    "q": "",
    "where": "owner = ME()",
    "order": "-amount",
    "query": "amount__gte=1000000&where=owner+%3D+ME%28%29&order=-amount",
    "missing": [],
}
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Words = Annotated[str, Field(max_length=MAX_TEXT, description="Words, as in `q` of a list.")]
Where = Annotated[str, Field(max_length=MAX_WHERE, description="An expression, as in `where` of a list.")]
Order = Annotated[str, Field(max_length=70, description='As in a list; "" for the usual one.')]


class ConditionIn(Body):
    """One condition of a list: `{"field": "amount", "operation": "gte", "value": "1000000"}`."""

    model_config = example(_CONDITION)

    field: Code
    operation: Code = "eq"
    value: Annotated[str, Field(max_length=2000, description="As text, the way addresses carry it.")]


Conditions = Annotated[list[ConditionIn], Field(max_length=MAX_CONDITIONS)]


class NewFilter(Body):
    """Conditions of a type's list, or of a pipeline's board, to be kept under a name."""

    model_config = example({"name": "Дорогие, мои", "filters": [_CONDITION], "where": "owner = ME()"})

    pipeline: Annotated[Code | None, Field(description="Its board; null is the list of the type.")] = None
    name: Name
    filters: Conditions = []
    q: Words = ""
    where: Where = ""
    order: Order = ""


class FilterChange(Body):
    """Another name or other conditions; what is left out stays."""

    model_config = example({"name": "Дорогие"})

    name: Name | None = None
    filters: Conditions | None = None
    q: Words | None = None
    where: Where | None = None
    order: Order | None = None


class ConditionOut(Answer):
    field: str
    operation: str
    value: str


class FilterOut(Answer):
    """A filter as it can be used today. `query` is what to ask `GET /records/{type}` with.

    `missing` names fields that are gone, whose conditions are left out, and the expression that has lost one.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [FILTER_EXAMPLE]})

    id: int
    name: str
    type: CodeOut
    pipeline: str | None
    view: Literal["list", "board"]
    filters: list[ConditionOut]
    q: str
    where: str
    order: str
    query: str
    missing: list[str]


class FiltersOut(Answer):
    items: list[FilterOut]


@router.get(OF_TYPE, response=FiltersOut)
def get_filters(
    request: ApiRequest,
    type: str,
    pipeline: Annotated[str | None, Query(description="Those of its board instead of the list's.")] = None,
) -> HttpResponse:
    """Your filters of a type, by name."""
    actor = find_actor(request)
    spec, board = find_place(actor, type, pipeline)
    return json_response({"items": [filter_json(actor, each) for each in list_filters(actor, spec, board)]})


@router.post(OF_TYPE, response={201: FilterOut})
@idempotent
def create_filter(request: ApiRequest, type: str, body: NewFilter) -> HttpResponse:
    """Keep conditions under a name that none of your filters here has."""
    actor = find_actor(request)
    spec, board = find_place(actor, type, body.pipeline)
    narrowing = narrowed(actor, spec, Narrowing(), body)
    view: Literal["list", "board"] = "board" if board else "list"
    id = save_filter(body.name, spec, board, narrowing, view=view, actor=actor)
    return answer(actor, id, status=201)


@router.get(FILTER, response=FilterOut)
def get_one_filter(request: ApiRequest, id: int) -> HttpResponse:
    """One of your filters."""
    return answer(find_actor(request), id)


@router.patch(FILTER, response=FilterOut)
@idempotent
def change_one_filter(request: ApiRequest, id: int, body: FilterChange) -> HttpResponse:
    """Rename one of your filters or change its conditions."""
    actor = find_actor(request)
    saved = get_filter(actor, id)
    spec = current_generation().types_by_id[saved.type_id]
    narrowing = narrowed(actor, spec, saved.narrowing, body)
    changed = None if narrowing == saved.narrowing else narrowing
    update_filter(id, spec, name=body.name, narrowing=changed, actor=actor)
    return answer(actor, id)


@router.delete(FILTER, response={204: None})
@idempotent
def delete_filter(request: ApiRequest, id: int) -> HttpResponse:
    """Remove one of your filters."""
    remove_filter(id, actor=find_actor(request))
    return no_content()


@router.post(f"{FILTER}/restore", response=FilterOut)
@idempotent
def bring_filter_back(request: ApiRequest, id: int) -> HttpResponse:
    """Bring a removed filter back."""
    actor = find_actor(request)
    restore_filter(id, actor=actor)
    return answer(actor, id)


def find_place(actor: Actor, type: str, pipeline: str | None) -> tuple[TypeSpec, PipelineSpec | None]:
    """The list or board that a filter belongs to; raises NotFound."""
    spec = get_type(actor, type)
    if pipeline is None:
        return spec, None
    found, board = get_pipeline(actor, pipeline)
    if found.id != spec.id:
        raise NotFound("There is no such pipeline of this type.")
    return spec, board


def narrowed(actor: Actor, spec: TypeSpec, base: Narrowing, body: NewFilter | FilterChange) -> Narrowing:
    """The conditions with what the body names; raises Invalid for what a list would refuse."""
    made = base
    if body.filters is not None:
        made = replace(made, filters=[read_condition(actor, spec, each) for each in body.filters])
    if body.q is not None:
        made = replace(made, text=body.q.strip())
    if body.where is not None:
        made = replace(made, where=read_where_text(actor, spec, body.where))
    if body.order is not None:
        if body.order:
            find_order(actor, spec, body.order)
        made = replace(made, order=body.order)
    return made


def read_condition(actor: Actor, spec: TypeSpec, given: ConditionIn) -> Filter:
    """A condition that lists take; raises Invalid naming its field."""
    condition = Filter(given.field, given.operation, given.value)
    condition_q(actor, current_generation(), spec, condition)
    return condition


def answer(actor: Actor, id: int, status: int = 200) -> HttpResponse:
    return json_response(filter_json(actor, get_filter(actor, id)), status=status)


def filter_json(actor: Actor, saved: SavedFilter) -> dict[str, Any]:
    """A filter as `FilterOut`."""
    spec = current_generation().types_by_id[saved.type_id]
    pipeline, narrowing = spec.find_pipeline(saved.pipeline_id), saved.narrowing
    where = where_in_codes(actor, spec, narrowing.where)
    filters = [Filter(each.field, each.operation, str(each.value)) for each in narrowing.filters]
    pairs = [(parameter_of(each), each.value) for each in filters]
    pairs += [("pipeline", pipeline.code if pipeline else ""), ("q", narrowing.text), ("where", where)]
    pairs.append(("order", narrowing.order))
    return {
        "id": saved.id,
        "name": saved.name,
        "type": spec.code,
        "pipeline": pipeline.code if pipeline else None,
        "view": saved.view,
        "filters": [{"field": f.field, "operation": f.operation, "value": f.value} for f in filters],
        "q": narrowing.text,
        "where": where,
        "order": narrowing.order,
        "query": urlencode([pair for pair in pairs if pair[1]]),
        "missing": list(saved.missing),
    }


def parameter_of(condition: Filter) -> str:
    """The name of a condition in an address."""
    return condition.field if condition.operation == "eq" else f"{condition.field}__{condition.operation}"


def where_in_codes(actor: Actor, spec: TypeSpec, node: Node | None) -> str:
    """The expression with the codes of its fields; what is gone stands as [?]."""
    return "" if node is None else write(node, reader_scope(actor), spec.id, "codes")
