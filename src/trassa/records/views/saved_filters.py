"""«My filters» of lists and boards: the menu, opening, saving, renaming, removing."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Invalid
from trassa.records.actions.saved_filters import (
    change_filter,
    remove_filter,
    rename_filter,
    restore_filter,
    save_filter,
)
from trassa.records.queries.known import get_type
from trassa.records.queries.saved_filters import get_filter
from trassa.records.screens.addresses import Address
from trassa.records.screens.saved_filters import address_of, make_menu, narrowing_of
from trassa.records.types import Narrowing
from trassa.records.views.answers import news, refusal
from trassa.schema.types import PipelineSpec, TypeSpec
from trassa.ui import reload_page, render


@dataclass(frozen=True, slots=True)
class Place:
    """The list or board that a menu belongs to, with what it is limited to at the moment."""

    actor: Actor
    spec: TypeSpec
    pipeline: PipelineSpec | None
    address: Address
    on_board: bool

    def narrowing(self) -> Narrowing:
        """The present conditions; raises Invalid when the expression among them cannot be read."""
        _where, fault = self.address.condition(self.actor, self.spec)
        if fault:
            raise Invalid(fault)
        return narrowing_of(self.actor, self.spec, self.address, self.pipeline)


def find_place(request: HttpRequest, type: str) -> Place:
    """The place that the address describes: its parameters are those of the list, and `?on=board`."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    parameters: QueryDict = request.GET.copy()
    on_board = parameters.pop("on", [""])[0] == "board"
    address = Address.of(reverse("records:list", args=[spec.code]), parameters)
    pipeline = next((each for each in spec.pipelines if each.code == address.value("pipeline")), None)
    if on_board and pipeline:
        board = reverse("records:board", args=[pipeline.code])
        address = replace(address.without("pipeline"), path=board)
    return Place(actor, spec, pipeline, address, on_board and pipeline is not None)


@require_safe
def menu(request: HttpRequest, type: str) -> HttpResponse:
    """The filters that the person has here."""
    place = find_place(request, type)
    found = make_menu(place.actor, place.spec, place.pipeline, place.address, on_board=place.on_board)
    query = request.META.get("QUERY_STRING", "")
    context = {
        "filters": found,
        "save_url": f"{reverse('records:save_filter', args=[place.spec.code])}?{query}",
        "change_url": f"{reverse('records:change_filter', args=[place.spec.code])}?{query}",
    }
    part = "records/saved_filters_menu.html"
    return render(request, part, context, fragment=part)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, type: str) -> HttpResponse:
    """Asks for a name, and keeps the present conditions under it."""
    place = find_place(request, type)
    name, error = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            id = save_filter(
                name,
                place.spec,
                place.pipeline,
                place.narrowing(),
                view="board" if place.on_board else "list",
                actor=place.actor,
            )
            return go_to(replace(place.address, saved=str(id)), place)
        except Invalid as refused:
            error = str(refused.errors[0].message if refused.errors else refused.message)
    context = {"title": _("Save as a filter"), "url": request.get_full_path(), "name": name, "error": error}
    return render_name(request, context)


def go_to(address: Address, place: Place) -> HttpResponse:
    """Send the browser to an address."""
    if not place.on_board and place.pipeline:
        address = address.with_condition("pipeline", place.pipeline.code)
    return HttpResponse(status=204, headers={"HX-Redirect": address.url})


def render_name(request: HttpRequest, context: dict[str, str]) -> HttpResponse:
    """The dialog that asks for a name."""
    part = "records/saved_filter_name.html"
    return render(request, part, context, fragment=part, status=422 if context["error"] else 200)


@require_POST
def change(request: HttpRequest, type: str) -> HttpResponse:
    """Makes the conditions of the filter that the address began with the present ones."""
    place = find_place(request, type)
    id = int(place.address.saved or 0)
    change_filter(id, place.spec, place.narrowing(), actor=place.actor)
    return go_to(place.address, place)


@require_safe
def open_filter(request: HttpRequest, id: int) -> HttpResponse:
    """Leads to the list or the board, under its conditions of today."""
    actor = actor_of_request(request)
    saved = get_filter(actor, id)
    return HttpResponseRedirect(address_of(actor, saved, on_board=saved.view == "board").url)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, id: int) -> HttpResponse:
    """Asks for another name."""
    actor = actor_of_request(request)
    saved, error = get_filter(actor, id), ""
    name = request.POST.get("name", saved.name)
    if request.method == "POST":
        try:
            rename_filter(id, name, actor=actor)
            return reload_page()
        except Invalid as refused:
            error = str(refused.errors[0].message)
    context = {"title": _("Rename the filter"), "url": request.path, "name": name, "error": error}
    return render_name(request, context)


@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """Takes the filter away; the toast brings it back."""
    remove_filter(id, actor=actor_of_request(request))
    undo = reverse("records:restore_filter", args=[id])
    return news(toast={"text": _("Filter removed"), "undo": undo}, filters_changed={})


@require_POST
def restore(request: HttpRequest, id: int) -> HttpResponse:
    """Brings a removed filter back."""
    try:
        restore_filter(id, actor=actor_of_request(request))
    except Invalid as error:
        return refusal(error)
    return news(toast={"text": _("Restored"), "tone": "ok"}, filters_changed={})
