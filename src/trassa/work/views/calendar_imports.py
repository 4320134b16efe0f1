"""Files of other calendars: brought, looked at, taken over, taken back."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import Invalid
from trassa.ui import address_of, read_id, render
from trassa.work.actions.calendar_imports import forget_file, keep_file, take_back, take_over
from trassa.work.ics import MOST_BYTES
from trassa.work.queries.calendar_imports import get_import, last_import, plan_import
from trassa.work.screens.calendar_imports import parts_of

PAGE = "work/calendar_import.html"


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The page that takes a file; what is wrong with it is said there."""
    actor = actor_of_request(request)
    error = ""
    if request.method == "POST":
        try:
            row = keep_file(*sent_file(request), actor=actor)
        except Invalid as refusal:
            error = str(refusal.message)
        else:
            return HttpResponseRedirect(address_of("work:calendar_import", row.id))
    context = {"error": error, "last": last_import(actor)}
    return render(request, PAGE, context, status=422 if error else 200)


def sent_file(request: HttpRequest) -> tuple[bytes, str]:
    """Content and name of the file; raises Invalid."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file."))
    # One more byte than is allowed, so that a larger one is noticed and not read.
    return file.read(MOST_BYTES + 1), file.name or ""


@require_safe
def look(request: HttpRequest, id: int) -> HttpResponse:
    """What taking over the file would do, or what it did; `left` is how much stays after taking it back."""
    actor = actor_of_request(request)
    row = get_import(actor, id)
    plan = plan_import(actor, bytes(row.content)) if row.done_at is None else None
    left = read_id(request.GET.get("left", "")) or 0
    context = {"row": row, "plan": plan, "parts": parts_of(plan) if plan else [], "left": left}
    return render(request, "work/calendar_import_plan.html", context)


@require_POST
def start(request: HttpRequest, id: int) -> HttpResponse:
    take_over(id, actor=actor_of_request(request))
    return HttpResponseRedirect(address_of("work:calendar_import", id))


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    left = take_back(id, actor=actor_of_request(request))
    page = address_of("work:calendar_import", id) + (f"?left={left}" if left else "")
    return HttpResponse(status=204, headers={"HX-Redirect": page})


@require_POST
def forget(request: HttpRequest, id: int) -> HttpResponse:
    forget_file(id, actor=actor_of_request(request))
    return HttpResponseRedirect(address_of("work:calendar"))
