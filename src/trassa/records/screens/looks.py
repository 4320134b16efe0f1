"""What stands above a list, a board and a calendar alike: the ways of looking, the view, whose records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.records.screens.addresses import Address
from trassa.records.screens.filters import (
    Chip,
    OwnerFilter,
    WhereFilter,
    make_chips,
    owner_filter,
    where_filter,
)
from trassa.records.screens.saved_views import Place, open_view
from trassa.records.types import Arrangement


@dataclass(frozen=True, slots=True)
class FilterBar:
    """Whose records, the conditions that are set, and the ways to set others."""

    address: Address
    type_code: str
    owner: OwnerFilter
    people_url: str
    chips: Sequence[Chip]
    filters_url: str
    where: WhereFilter
    lines_url: str
    quick_url: str


@dataclass(frozen=True, slots=True)
class LookLink:
    """One way of looking at the same records."""

    label: str
    icon: str
    url: str
    is_open: bool


def frame_of(place: Place) -> dict[str, Any]:
    """The context of `records/bar.html`."""
    actor, spec, address = place.actor, place.spec, place.address
    listed = as_list(place)
    return {
        "title": str(place.pipeline.label if place.pipeline else spec.plural),
        "type_label": str(spec.label),
        "type_id": spec.id,
        "type_code": spec.code,
        "address": address,
        "looks": look_links(place),
        "view": open_view(place),
        "filters": FilterBar(
            address=address,
            type_code=spec.code,
            owner=owner_filter(actor, address),
            people_url=place.at("records:list_people"),
            chips=make_chips(actor, spec, address),
            filters_url=place.at("records:filters"),
            where=where_filter(actor, spec, address),
            lines_url=lines_url(place),
            quick_url=place.at("records:quick_filters"),
        ),
        "has_filters": bool(listed.without("pipeline").conditions or address.text or address.where),
        "bare_url": place.bare_address.url,
    }


def lines_url(place: Place) -> str:
    """Where the condition is built by clicking; it is sent along as it stands in its box."""
    return replace(place, address=replace(place.address, where="")).at("records:comparisons")


def as_list(place: Place) -> Address:
    """The address of the list of the same records."""
    address = replace(place.address, path=reverse("records:list", args=[place.spec.code]))
    if place.look == "board" and place.pipeline:
        return address.with_condition("pipeline", place.pipeline.code)
    return address


def look_links(place: Place) -> Sequence[LookLink]:
    """The ways of looking, the present one marked."""
    listed = as_list(place)
    pipeline = place.pipeline
    links = [
        ("list", _("List"), "list", listed.arranged(look="list")),
        ("compact", _("Compact list"), "list-details", listed.arranged(look="compact")),
        ("calendar", _("Calendar"), "calendar", calendar_of(place, listed)),
    ]
    if pipeline is not None:
        board = replace(
            listed.without("pipeline", "stage"),
            path=reverse("records:board", args=[pipeline.code]),
            order="",
            arrangement=Arrangement(),
        )
        links.insert(0, ("board", _("Board"), "layout-kanban", board))
    return [LookLink(label, icon, address.url, look == place.look) for look, label, icon, address in links]


def calendar_of(place: Place, listed: Address) -> Address:
    """The calendar of the same records."""
    path = reverse("records:calendar", args=[place.spec.code])
    return replace(listed, path=path, order="").arranged(look="list", columns=(), group="")
