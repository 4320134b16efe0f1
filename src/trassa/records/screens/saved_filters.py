"""«My filters»: the person's saved filters of a list or a board, and what the present one can be saved as."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from trassa.access.queries import Actor
from trassa.records.queries.saved_filters import list_filters, write_for
from trassa.records.screens.addresses import Address, Condition
from trassa.records.types import Filter, Narrowing, SavedFilter
from trassa.schema.queries import current_generation
from trassa.schema.types import PipelineSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One saved filter in the menu."""

    id: int
    name: str
    url: str
    is_open: bool
    #: Names of retired fields whose conditions it has lost.
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class FilterMenu:
    """The menu: all filters, and what the present conditions may be saved as."""

    links: Sequence[FilterLink]
    #: The filter that the address began with.
    opened: FilterLink | None
    #: Whether the address differs from it.
    is_changed: bool
    #: Whether there is anything to save, and nothing wrong with it.
    can_save: bool


def make_menu(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec | None, address: Address, *, on_board: bool
) -> FilterMenu:
    """The person's filters of this place."""
    saved = list_filters(actor, spec, pipeline)
    links = [
        FilterLink(
            id=each.id,
            name=each.name,
            url=address_of(actor, each, on_board=on_board).url,
            is_open=str(each.id) == address.saved,
            missing=each.missing,
        )
        for each in saved
    ]
    opened = next((link for link in links if link.is_open), None)
    present = narrowing_of(actor, spec, address, pipeline)
    kept = next((each.narrowing for each in saved if opened and each.id == opened.id), Narrowing())
    is_changed = opened is not None and not is_same(kept, present)
    can_save = address.condition(actor, spec)[1] == "" and not is_same(Narrowing(), present)
    return FilterMenu(links, opened, is_changed, can_save)


def is_same(one: Narrowing, other: Narrowing) -> bool:
    """Whether two sets of conditions mean the same, in whatever order they stand."""
    parts = [(set(map(key_of, each.filters)), each.text, each.order, each.where) for each in (one, other)]
    return parts[0] == parts[1]


def key_of(condition: Filter) -> tuple[str, str, str]:
    return condition.field, condition.operation, str(condition.value)


def narrowing_of(actor: Actor, spec: TypeSpec, address: Address, pipeline: PipelineSpec | None) -> Narrowing:
    """What an address is limited to, apart from the pipeline that the place itself names."""
    bare = address.without("pipeline") if pipeline else address
    filters = [Filter(each.code, each.operation, each.value) for each in bare.conditions]
    where, _fault = address.condition(actor, spec)
    return Narrowing(filters, bare.text, bare.order, where)


def address_of(actor: Actor, saved: SavedFilter, *, on_board: bool) -> Address:
    """The address of a list or a board with a filter's conditions."""
    spec = current_generation().types_by_id[saved.type_id]
    pipeline = spec.find_pipeline(saved.pipeline_id)
    narrowing = saved.narrowing
    conditions = tuple(Condition(each.field, each.operation, str(each.value)) for each in narrowing.filters)
    address = Address(
        reverse("records:list", args=[spec.code]),
        text=narrowing.text,
        order=narrowing.order,
        conditions=conditions,
        saved=str(saved.id),
        where="" if narrowing.where is None else write_for(actor, spec, narrowing.where),
    )
    if pipeline and on_board:
        return replace(address, path=reverse("records:board", args=[pipeline.code]), order="")
    return address.with_condition("pipeline", pipeline.code) if pipeline else address
