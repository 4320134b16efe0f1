"""Contents of the blocks of the home page about records."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import NotFound
from trassa.people.queries import find_subordinates, person_of
from trassa.records.queries.homes import loads_of, open_pipelines, own_overdue
from trassa.records.queries.known import list_types
from trassa.records.screens.home_lists import find_list, view_list
from trassa.records.screens.homes import has_team, view_late, view_pipeline
from trassa.ui import render

LIST = "records/home_list.html"


@require_safe
def pipelines(request: HttpRequest) -> HttpResponse:
    """One's own open records by pipeline and stage."""
    return show_pipelines(request, only_own=True)


@require_safe
def all_pipelines(request: HttpRequest) -> HttpResponse:
    """All open records that one sees, by pipeline and stage."""
    return show_pipelines(request, only_own=False)


def show_pipelines(request: HttpRequest, *, only_own: bool) -> HttpResponse:
    actor = actor_of_request(request)
    part = "records/home_pipelines.html"
    found = open_pipelines(actor, only_own=only_own)
    context = {
        "pipelines": [view_pipeline(actor, each, only_own=only_own) for each in found],
        "only_own": only_own,
    }
    return render(request, part, context, fragment=part)


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """One's own records whose stage is overdue."""
    actor = actor_of_request(request)
    part = "records/home_overdue.html"
    return render(request, part, {"records": [view_late(each) for each in own_overdue(actor)]}, fragment=part)


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """How much those below work on, for heads."""
    actor = actor_of_request(request)
    if not has_team(request):
        raise NotFound(_("There is no such page."))
    loads = loads_of(actor, find_subordinates(person_of(request).id))
    types = [spec.code for spec in list_types(actor) if spec.pipelines]
    part = "records/home_team.html"
    return render(request, part, {"loads": loads, "type": types[0] if types else ""}, fragment=part)


@require_safe
def beginning(request: HttpRequest, key: str) -> HttpResponse:
    """The first records of a list, and how many it has."""
    actor = actor_of_request(request)
    found = find_list(actor, key)
    if found is None:
        raise NotFound(_("There is no such page."))
    count, lines = view_list(actor, found)
    context = {"count": count, "lines": lines, "all_url": found.address.url}
    return render(request, LIST, context, fragment=LIST)
