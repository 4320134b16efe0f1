"""The first page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from trassa.records.views.subjects import actor_of_request, is_known, is_pipeline_known
from trassa.schema.queries import current_generation
from trassa.ui import render


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Goes to the person's first pipeline, else to their first list, else says what to do next."""
    actor = actor_of_request(request)
    types = [spec for spec in current_generation() if is_known(actor, spec)]
    pipelines = [
        (spec.position, pipeline.position, pipeline.code)
        for spec in types
        for pipeline in spec.pipelines
        if is_pipeline_known(actor, spec, pipeline)
    ]
    if pipelines:
        return HttpResponseRedirect(reverse("records:board", args=[min(pipelines)[2]]))
    if types:
        first = min(types, key=lambda spec: spec.position)
        return HttpResponseRedirect(reverse("records:list", args=[first.code]))
    return render(request, "records/nothing.html", {"configured": len(current_generation().types) > 0})
