"""Who has time: said beside the form of a meeting while it is filled in."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.access.queries import actor_of_request
from trassa.ui import read_id, render
from trassa.work.queries import get_task
from trassa.work.screens.forms import read_form
from trassa.work.screens.free_busy import free_busy_of

PART = "work/free_busy_strip.html"


@require_POST
def free_busy(request: HttpRequest) -> HttpResponse:
    """The times of those whom a form names; `task` is the one that is changed."""
    actor = actor_of_request(request)
    form = read_form(request.POST)
    changed = read_id(request.POST.get("task", ""))
    owner_id = None
    if changed is not None:
        line = get_task(actor, changed)
        owner_id = line.owner_id
        form = replace(form, kind=line.kind, record_id=line.record_id)
    found = free_busy_of(actor, form, owner_id, but=changed)
    return render(request, PART, {"found": found}, fragment=PART)
