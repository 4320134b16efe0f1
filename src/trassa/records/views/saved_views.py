"""Saved views of lists, boards and calendars: the menu, opening, saving, sharing, opening first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import Forbidden, Invalid
from trassa.people.queries import list_roles
from trassa.records.actions.saved_views import (
    change_view,
    open_first,
    open_first_for_me,
    remove_view,
    rename_view,
    restore_view,
    save_view,
    share_view,
)
from trassa.records.queries.saved_views import get_view, may_share
from trassa.records.screens.addresses import Address
from trassa.records.screens.saved_views import address_of, list_links
from trassa.records.views.answers import news, refusal
from trassa.records.views.places import find_place
from trassa.ui import read_id, read_ids, reload_page, render, render_in_dialog


@require_safe
def menu(request: HttpRequest, type: str) -> HttpResponse:
    """The views that the person has here."""
    place = find_place(request, type)
    context = {
        "links": list_links(place),
        "bare_url": place.bare_address.url,
        "is_bare": read_id(place.address.view) is None,
        "save_url": "" if place.fault else place.at("records:save_view"),
    }
    return render(request, "records/views_menu.html", context, fragment="records/views_menu.html")


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, type: str) -> HttpResponse:
    """Asks for a name, and keeps under it what is shown."""
    place = find_place(request, type)
    name, error = request.POST.get("name", ""), ""
    if request.method == "POST":
        try:
            if place.fault:
                raise Invalid(place.fault)
            id = save_view(
                name, place.spec, place.pipeline, place.narrowing, place.arrangement, actor=place.actor
            )
            return go_to(replace(place.address, view=str(id)))
        except Invalid as refused:
            error = str(refused.errors[0].message if refused.errors else refused.message)
    context = {"title": _("Save as a view"), "url": request.get_full_path(), "name": name, "error": error}
    return render_name(request, context)


def go_to(address: Address) -> HttpResponse:
    """Send the browser to an address."""
    return HttpResponse(status=204, headers={"HX-Redirect": address.url})


def render_name(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """The dialog that asks for a name."""
    return render_in_dialog(
        request, "records/view_name.html", context, status=422 if context["error"] else 200
    )


@require_POST
def change(request: HttpRequest, type: str) -> HttpResponse:
    """Makes the view that the address began with show what is shown now."""
    place = find_place(request, type)
    if place.fault:
        raise Invalid(place.fault)
    id = read_id(place.address.view) or 0
    change_view(id, place.spec, place.narrowing, place.arrangement, actor=place.actor)
    return go_to(place.address)


@require_safe
def open_one(request: HttpRequest, id: int) -> HttpResponse:
    """Leads to what the view shows today."""
    actor = actor_of_request(request)
    return HttpResponseRedirect(address_of(actor, get_view(actor, id)).url)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, id: int) -> HttpResponse:
    """Asks for another name."""
    actor = actor_of_request(request)
    view, error = get_view(actor, id), ""
    name = request.POST.get("name", view.name)
    if request.method == "POST":
        try:
            rename_view(id, name, actor=actor)
            return reload_page()
        except Invalid as refused:
            error = str(refused.errors[0].message)
    context = {"title": _("Rename the view"), "url": request.path, "name": name, "error": error}
    return render_name(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, id: int) -> HttpResponse:
    """Asks which roles use the view, and for which of them it opens first."""
    actor = actor_of_request(request)
    view = get_view(actor, id)
    if not may_share(actor):
        raise Forbidden(_("Only administrators share views with roles."))
    if request.method == "POST":
        shared = set(read_ids(request.POST.getlist("roles")))
        first = set(read_ids(request.POST.getlist("opens_for")))
        share_view(id, shared | first, actor=actor)
        open_first(id, first, actor=actor)
        return reload_page()
    context = {
        "name": view.name,
        "url": request.path,
        "roles": [
            (role.pk, str(role), role.pk in view.role_ids, role.pk in view.default_role_ids)
            for role in list_roles()
        ],
    }
    return render_in_dialog(request, "records/view_sharing.html", context)


@require_POST
def make_default(request: HttpRequest, id: int) -> HttpResponse:
    """Lets the view open first for the person; once more: no longer."""
    actor = actor_of_request(request)
    view = get_view(actor, id)
    open_first_for_me(id, not view.is_own_default, actor=actor)
    text = _("“%s” no longer opens first") if view.is_own_default else _("“%s” opens first from now on")
    return news(toast={"text": text % view.name, "tone": "ok"}, views_changed={})


@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """Takes the view away; the toast brings it back."""
    remove_view(id, actor=actor_of_request(request))
    undo = reverse("records:restore_view", args=[id])
    return news(toast={"text": _("View removed"), "undo": undo}, views_changed={})


@require_POST
def restore(request: HttpRequest, id: int) -> HttpResponse:
    """Brings a removed view back."""
    try:
        restore_view(id, actor=actor_of_request(request))
    except Invalid as error:
        return refusal(error)
    return news(toast={"text": _("Restored"), "tone": "ok"}, views_changed={})
