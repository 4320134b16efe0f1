"""The first page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.records.queries.known import list_pipelines, list_types
from trassa.schema.queries import current_generation
from trassa.ui import render


@require_safe
def home(request: HttpRequest) -> HttpResponse:
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
