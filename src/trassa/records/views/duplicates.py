"""Possible duplicates: the hint while a form is filled in, and the list of suspects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.access.types import Verb
from trassa.kernel import NotFound
from trassa.people.registries import open_to_onlookers
from trassa.records.actions.gathering import MAX_TOGETHER
from trassa.records.queries import list_suspects
from trassa.records.queries.known import get_type
from trassa.records.screens.duplicates import Alike, given_keys, has_keys, links_for, make_groups
from trassa.ui import read_id, read_ids, render


@open_to_onlookers
@require_POST
def hint(request: HttpRequest, type: str) -> HttpResponse:
    """Records that may be the same as the one being typed, or as `?own=`, of which a field is changed."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    own = read_ids(request.GET.getlist("own")[:1])
    links = links_for(actor, spec, given_keys(actor, spec, request.POST), *own)
    context = {"alike": Alike("field" if own else "form", links)}
    return render(request, "records/duplicates.html", context, fragment="records/duplicates.html")


@require_safe
def suspects(request: HttpRequest, type: str) -> HttpResponse:
    """Groups of records with equal keys, page by page."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    if not has_keys(actor, spec) or actor.reach(Verb.SEE, spec).nothing:
        raise NotFound("There is no such page.")
    found, following = list_suspects(actor, spec, before=read_id(request.GET.get("before", "")))
    more = f"{request.path}?before={following}" if following else ""
    context: dict[str, Any] = {
        "groups": make_groups(actor, spec, found),
        "more": more,
        "most": MAX_TOGETHER,
        "title": str(spec.plural),
        "list_url": reverse("records:list", args=[spec.code]),
    }
    return render(request, "records/suspects.html", context)
