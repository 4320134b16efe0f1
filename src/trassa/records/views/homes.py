"""The first page."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.people.queries import person_of, start_pages
from trassa.records.queries.known import list_pipelines, list_types
from trassa.schema.queries import current_generation
from trassa.ui import Shell, render


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Goes where the person begins: by their own wish, by that of their roles, else as is usual.

    With `?usual` wishes do not count: the way out when one leads to a page that is not there any more.
    """
    if "usual" not in request.GET and (chosen := chosen_start(request)):
        return HttpResponseRedirect(chosen)
    return usual_start(request)


def chosen_start(request: HttpRequest) -> str:
    """The address where somebody wants this person to begin, as far as it can be gone to; "" for none."""
    shell = Shell(request)
    for start in start_pages(person_of(request)):
        if not start.startswith("/"):
            place = shell.find_place(start)
            if place is not None:
                return place.url
        elif start != "/" and is_address(start):
            return start
    return ""


def is_address(text: str) -> bool:
    """Whether a page answers there."""
    try:
        resolve(urlsplit(text).path)
    except Resolver404:
        return False
    return True


def usual_start(request: HttpRequest) -> HttpResponse:
    """Goes to the person's first pipeline, else to their first list, else says what to do next."""
    actor = actor_of_request(request)
    types = list_types(actor)
    pipelines = [
        (spec.position, pipeline.position, pipeline.code)
        for spec in types
        for pipeline in list_pipelines(actor, spec)
    ]
    if pipelines:
        return HttpResponseRedirect(reverse("records:board", args=[min(pipelines)[2]]))
    if types:
        return HttpResponseRedirect(reverse("records:list", args=[types[0].code]))
    return render(request, "records/nothing.html", {"configured": len(current_generation().types) > 0})
