"""The list, board or calendar that a part of the page belongs to."""

from dataclasses import replace

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from trassa.access.queries import actor_of_request
from trassa.records.queries.known import get_type
from trassa.records.screens.addresses import Address
from trassa.records.screens.saved_views import Place


def find_place(request: HttpRequest, type: str, *own: str) -> Place:
    """The place that the address describes: its parameters are those of the list, and `?on=board`.

    `own` are parameters of the part itself. Raises NotFound like `get_type`.
    """
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    parameters: QueryDict = request.GET.copy()
    look = parameters.get("on", "")
    for name in own:
        parameters.pop(name, None)
    place = Place.of_list(actor, spec, Address.of(reverse("records:list", args=[spec.code]), parameters))
    address = place.address
    if look == "board" and place.pipeline:
        board = reverse("records:board", args=[place.pipeline.code])
        return replace(place, address=replace(address.without("pipeline"), path=board), look="board")
    if look == "calendar":
        path = reverse("records:calendar", args=[spec.code])
        return replace(place, address=replace(address, path=path), look="calendar")
    return place
