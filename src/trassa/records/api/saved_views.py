"""Saved views: what a list, board or calendar shows, under a name. One's own, and those shared with roles."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, WholeNumber, idempotent, json_response
from trassa.expressions import Node, write
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.people.queries import list_roles
from trassa.records.actions.saved_views import (
    MAX_NAME,
    ViewChange,
    remove_view,
    restore_view,
    save_view,
    update_view,
)
from trassa.records.api.answers import Answer, CodeOut
from trassa.records.api.bodies import Body, Code, example
from trassa.records.api.parameters import MAX_TEXT, MAX_WHERE, read_where_text
from trassa.records.api.records import no_content
from trassa.records.queries import reader_scope
from trassa.records.queries.arrangements import MAX_COLUMNS, MAX_WIDTH, check_arrangement
from trassa.records.queries.filters import condition_q, find_order
from trassa.records.queries.known import get_pipeline, get_type
from trassa.records.queries.saved_views import get_view, list_views
from trassa.records.types import Arrangement, Column, Filter, Look, Narrowing, SavedView
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec

router = Router()
OF_TYPE = "/types/{type}/views"
VIEW = "/views/{int:id}"
#: Conditions and columns of one view.
MAX_CONDITIONS = 20
_CONDITION = {"field": "amount", "operation": "gte", "value": "1000000"}
_COLUMNS = [{"field": "title", "width": 0}, {"field": "amount", "width": 120}]
VIEW_EXAMPLE: dict[str, Any] = {
    "id": 5,
    "name": "Дорогие, мои",
    "type": "deal",
    "pipeline": None,
    "look": "list",
    "filters": [_CONDITION],
    "q": "",
    "where": "owner = ME()",
    "order": "-amount",
    "columns": _COLUMNS,
    "group_by": "stage",
    "date_field": "",
    "query": "amount__gte=1000000&where=owner+%3D+ME%28%29&order=-amount",
    "roles": [],
    "opens_for": [],
    "opens_first": True,
    "is_own": True,
    "missing": [],
    "is_partial": False,
}
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Words = Annotated[str, Field(max_length=MAX_TEXT, description="Words, as in `q` of a list.")]
Where = Annotated[str, Field(max_length=MAX_WHERE, description="An expression, as in `where` of a list.")]
Order = Annotated[str, Field(max_length=70, description='As in a list; "" for the usual one.')]
MaybeCode = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_]*$")]
GroupBy = Annotated[
    MaybeCode, Field(description='Stage, owner or a field that rows are grouped by; "": none.')
]
DateField = Annotated[MaybeCode, Field(description='The date that a calendar goes by; "": the first one.')]
Roles = Annotated[list[Code], Field(max_length=200)]


class ConditionIn(Body):
    """One condition of a list: `{"field": "amount", "operation": "gte", "value": "1000000"}`."""

    model_config = example(_CONDITION)

    field: Code
    operation: Code = "eq"
    value: Annotated[str, Field(max_length=2000, description="As text, the way addresses carry it.")]


class ViewColumnIn(Body):
    """One column of a list; a width of 0 pixels leaves it to the browser."""

    model_config = example(_COLUMNS[1])

    field: Code
    width: Annotated[WholeNumber, Field(ge=0, le=MAX_WIDTH)] = 0


Conditions = Annotated[list[ConditionIn], Field(max_length=MAX_CONDITIONS)]
Columns = Annotated[
    list[ViewColumnIn], Field(max_length=MAX_COLUMNS, description="Empty: those of the type.")
]


class NewView(Body):
    """What a type's list shows, or what one of its pipelines does, to be kept under a name."""

    model_config = example(
        {"name": "Дорогие, мои", "filters": [_CONDITION], "where": "owner = ME()", "columns": _COLUMNS}
    )

    pipeline: Annotated[Code | None, Field(description="Limits it to a pipeline.")] = None
    name: Name
    look: Annotated[Look, Field(description="A board needs a pipeline.")] = "list"
    filters: Conditions = []
    q: Words = ""
    where: Where = ""
    order: Order = ""
    columns: Columns = []
    group_by: GroupBy = ""
    date_field: DateField = ""


class ViewPatch(Body):
    """Another name, or something else to show; what is left out stays."""

    model_config = example({"name": "Дорогие"})

    name: Name | None = None
    look: Look | None = None
    filters: Conditions | None = None
    q: Words | None = None
    where: Where | None = None
    order: Order | None = None
    columns: Columns | None = None
    group_by: GroupBy | None = None
    date_field: DateField | None = None
    roles: Annotated[Roles | None, Field(description="Codes of the roles that use it; administrators.")] = (
        None
    )
    opens_for: Annotated[
        Roles | None, Field(description="Those of them for whom it opens first; administrators.")
    ] = None
    opens_first: Annotated[bool | None, Field(description="Whether it opens first for you.")] = None


class ConditionOut(Answer):
    field: str
    operation: str
    value: str


class ViewColumnOut(Answer):
    field: str
    width: int


class ViewOut(Answer):
    """A view as you can use it today. `query` is what to ask `GET /records/{type}` with; so does `view={id}`.

    `missing` names fields that are gone, with what the view said about them, and the expression that has lost
    one. `is_partial` says that it also speaks of what you may not see.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [VIEW_EXAMPLE]})

    id: int
    name: str
    type: CodeOut
    pipeline: str | None
    look: Look
    filters: list[ConditionOut]
    q: str
    where: str
    order: str
    columns: list[ViewColumnOut]
    group_by: str
    date_field: str
    query: str
    roles: list[str]
    opens_for: list[str]
    opens_first: bool
    is_own: bool
    missing: list[str]
    is_partial: bool


class ViewsOut(Answer):
    items: list[ViewOut]


@router.get(OF_TYPE, response=ViewsOut)
def get_views(
    request: ApiRequest,
    type: str,
    pipeline: Annotated[str | None, Query(description="Those of a pipeline instead of the type.")] = None,
) -> HttpResponse:
    """The views of a type that you can use: your own by name, then those shared with your roles."""
    actor = actor_of_call(request)
    spec, limit = find_place(actor, type, pipeline)
    codes = role_codes()
    views = list_views(actor, spec, limit)
    return json_response({"items": [view_json(actor, each, codes) for each in views]})


@router.post(OF_TYPE, response={201: ViewOut})
@idempotent
def create_view(request: ApiRequest, type: str, body: NewView) -> HttpResponse:
    """Keep what a list shows under a name that none of your views here has."""
    actor = actor_of_call(request)
    spec, limit = find_place(actor, type, body.pipeline)
    shown = read_shown(actor, spec, limit, (Narrowing(), Arrangement()), body)
    id = save_view(body.name, spec, limit, *shown, actor=actor)
    return answer(actor, id, status=201)


@router.get(VIEW, response=ViewOut)
def get_one_view(request: ApiRequest, id: int) -> HttpResponse:
    """One view that you can use."""
    return answer(actor_of_call(request), id)


@router.patch(VIEW, response=ViewOut)
@idempotent
def change_one_view(request: ApiRequest, id: int, body: ViewPatch) -> HttpResponse:
    """Rename one of your views, change what it shows, or who uses it. Shared views need an administrator."""
    actor = actor_of_call(request)
    view = get_view(actor, id)
    spec = current_generation().types_by_id[view.type_id]
    present = view.narrowing, view.arrangement
    shown = read_shown(actor, spec, spec.find_pipeline(view.pipeline_id), present, body)
    change = ViewChange(
        name=body.name,
        shown=None if shown == present else shown,
        roles=role_ids(body.roles),
        opens_for=role_ids(body.opens_for),
        opens_first=body.opens_first,
    )
    update_view(id, spec, change, actor=actor)
    return answer(actor, id)


@router.delete(VIEW, response={204: None})
@idempotent
def delete_view(request: ApiRequest, id: int) -> HttpResponse:
    """Remove a view; shared ones need an administrator."""
    remove_view(id, actor=actor_of_call(request))
    return no_content()


@router.post(f"{VIEW}/restore", response=ViewOut)
@idempotent
def bring_view_back(request: ApiRequest, id: int) -> HttpResponse:
    """Bring a removed view back."""
    actor = actor_of_call(request)
    restore_view(id, actor=actor)
    return answer(actor, id)


def find_place(actor: Actor, type: str, pipeline: str | None) -> tuple[TypeSpec, PipelineSpec | None]:
    """The type, and the pipeline that a view is limited to; raises NotFound."""
    spec = get_type(actor, type)
    if pipeline is None:
        return spec, None
    found, limit = get_pipeline(actor, pipeline)
    if found.id != spec.id:
        raise NotFound("There is no such pipeline of this type.")
    return spec, limit


def read_shown(
    actor: Actor,
    spec: TypeSpec,
    pipeline: PipelineSpec | None,
    base: tuple[Narrowing, Arrangement],
    body: NewView | ViewPatch,
) -> tuple[Narrowing, Arrangement]:
    """What is shown, with what the body names; raises Invalid for what a list would refuse."""
    narrowing, arrangement = base
    if body.filters is not None:
        narrowing = replace(narrowing, filters=[read_condition(actor, spec, each) for each in body.filters])
    if body.q is not None:
        narrowing = replace(narrowing, text=body.q.strip())
    if body.where is not None:
        narrowing = replace(narrowing, where=read_where_text(actor, spec, body.where))
    if body.order is not None:
        if body.order:
            find_order(actor, spec, body.order)
        narrowing = replace(narrowing, order=body.order)
    if body.look is not None:
        arrangement = replace(arrangement, look=body.look)
    if body.columns is not None:
        columns = tuple(Column(each.field, each.width) for each in body.columns)
        arrangement = replace(arrangement, columns=columns)
    if body.group_by is not None:
        arrangement = replace(arrangement, group=body.group_by)
    if body.date_field is not None:
        arrangement = replace(arrangement, day=body.date_field)
    check_arrangement(actor, spec, arrangement)
    if arrangement.look == "board" and pipeline is None:
        message = "A board needs a pipeline."
        raise Invalid(message, errors=[FieldError("look", "no_pipeline", message)])
    return narrowing, arrangement


def read_condition(actor: Actor, spec: TypeSpec, given: ConditionIn) -> Filter:
    """A condition that lists take; raises Invalid naming its field."""
    condition = Filter(given.field, given.operation, given.value)
    condition_q(actor, current_generation(), spec, condition)
    return condition


def role_codes() -> dict[int, str]:
    """Codes of the roles in use by their ids."""
    return {role.pk: role.code for role in list_roles()}


def role_ids(codes: list[str] | None) -> frozenset[int] | None:
    """Ids of the roles with these codes; raises Invalid for one that is not in use."""
    if codes is None:
        return None
    known = {code: id for id, code in role_codes().items()}
    if not known.keys() >= set(codes):
        message = "There is no such role."
        raise Invalid(message, errors=[FieldError("roles", "unknown_role", message)])
    return frozenset(known[code] for code in codes)


def answer(actor: Actor, id: int, status: int = 200) -> HttpResponse:
    return json_response(view_json(actor, get_view(actor, id), role_codes()), status=status)


def view_json(actor: Actor, view: SavedView, codes: Mapping[int, str]) -> dict[str, Any]:
    """A view as `ViewOut`."""
    spec = current_generation().types_by_id[view.type_id]
    pipeline, narrowing, arrangement = spec.find_pipeline(view.pipeline_id), view.narrowing, view.arrangement
    where = where_in_codes(actor, spec, narrowing.where)
    filters = [Filter(each.field, each.operation, str(each.value)) for each in narrowing.filters]
    pairs = [(parameter_of(each), each.value) for each in filters]
    pairs += [("pipeline", pipeline.code if pipeline else ""), ("q", narrowing.text), ("where", where)]
    pairs.append(("order", narrowing.order))
    return {
        "id": view.id,
        "name": view.name,
        "type": spec.code,
        "pipeline": pipeline.code if pipeline else None,
        "look": arrangement.look,
        "filters": [{"field": f.field, "operation": f.operation, "value": f.value} for f in filters],
        "q": narrowing.text,
        "where": where,
        "order": narrowing.order,
        "columns": [{"field": each.code, "width": each.width} for each in arrangement.columns],
        "group_by": arrangement.group,
        "date_field": arrangement.day,
        "query": urlencode([pair for pair in pairs if pair[1]]),
        "roles": sorted(codes[id] for id in view.role_ids if id in codes),
        "opens_for": sorted(codes[id] for id in view.default_role_ids if id in codes),
        "opens_first": view.is_own_default,
        "is_own": view.owner_id == actor.id,
        "missing": list(view.missing),
        "is_partial": view.is_partial,
    }


def parameter_of(condition: Filter) -> str:
    """The name of a condition in an address."""
    return condition.field if condition.operation == "eq" else f"{condition.field}__{condition.operation}"


def where_in_codes(actor: Actor, spec: TypeSpec, node: Node | None) -> str:
    """The expression with the codes of its fields; what is gone stands as [?]."""
    return "" if node is None else write(node, reader_scope(actor), spec.id, "codes")
