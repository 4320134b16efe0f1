"""The calendar: its page, what stands in it, and moving a task in it."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import FieldError, Invalid
from trassa.ui import add_event, add_toast, address_of, date_and_weekday, date_short, read_id, render
from trassa.work.actions import change_task, delegate_task
from trassa.work.queries import get_task
from trassa.work.screens.calendar_entries import entries_of, heap_lines
from trassa.work.screens.calendar_heaps import heap_title, heap_url
from trassa.work.screens.calendars import FIRST_YEAR, LAST_YEAR, Asked, frame_of, settled
from trassa.work.screens.forms import read_due, write_due
from trassa.work.types import TaskLine
from trassa.work.views.tasks import CAUSE, passed_on


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The page; what stands in the days is asked for by the browser."""
    actor = actor_of_request(request)
    asked = settled(actor, Asked.of(request.GET))
    return render(request, "work/calendar.html", {"frame": frame_of(actor, asked)})


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """What stands in the days of the page with the same parameters."""
    actor = actor_of_request(request)
    return JsonResponse(entries_of(actor, settled(actor, Asked.of(request.GET))))


@require_safe
def heap(request: HttpRequest) -> HttpResponse:
    """The tasks of a heap: what is due from `since` on, within half an hour."""
    actor = actor_of_request(request)
    asked = settled(actor, Asked.of(request.GET))
    since = moment_of(request.GET.get("since", ""))
    lines = heap_lines(actor, asked, since)
    context = {
        "lines": lines,
        "title": heap_title(len(lines)),
        "day": date_and_weekday(since.date()),
        "address": heap_url(since, asked.people),
    }
    return render(request, "work/calendar_heap.html", context, fragment="heap")


@require_POST
def move(request: HttpRequest, id: int) -> HttpResponse:
    """A task at another time (`due`), or so many `minutes` long; of a `version`, if one is named.

    It may go along into another row: from `row` to `to`. What a toast takes back stands in the address.
    """
    sent = request.POST if "due" in request.POST else request.GET
    actor = actor_of_request(request)
    before = get_task(actor, id)
    if sent.get("to", "") != sent.get("row", ""):
        return pass_on(actor, before, sent)
    minutes = read_id(sent.get("minutes", "")) or None
    changes = {"due_at": moment_of(sent.get("due", "")), "estimate_minutes": minutes}
    row = change_task(id, changes, actor=actor, version=read_id(sent.get("version", "")), cause=CAUSE)
    response = HttpResponse(status=204)
    add_event(response, "tasks:changed", {"id": id})
    if row.version == before.version:
        return response
    former = {
        "due": write_due(before.due_at),
        "minutes": str(before.estimate_minutes or ""),
        "version": str(row.version),
    }
    text = _("Moved to %(when)s.") % {"when": date_short(row.due_at)}
    if row.due_at == before.due_at:
        text = _("The duration is changed.")
    undo = f"{address_of('work:move', id)}?{urlencode(former)}"
    return add_toast(response, text, tone="ok", undo_url=undo if before.due_at else "")


def pass_on(actor: Actor, before: TaskLine, sent: QueryDict) -> HttpResponse:
    """A task in the row of somebody else is theirs, at the time at which it was dropped."""
    to = sent.get("to", "")
    kind, owner_id = to[:1], read_id(to[1:])
    if kind == "r":
        raise Invalid(
            _("A meeting stays with what it is about. Call it off and plan another, or change the record.")
        )
    if kind != "p" or sent.get("row", "") != f"p{before.owner_id}":
        raise Invalid(_("They only work along. Move the task from the row of whoever has it."))
    due = moment_of(sent.get("due", ""))
    version = read_id(sent.get("version", ""))
    row = delegate_task(before.id, owner_id=owner_id, due_at=due, version=version, actor=actor, cause=CAUSE)
    return passed_on(row)


def moment_of(raw: str) -> datetime:
    """A moment by the company's clock; raises Invalid for what is none."""
    moment = read_due(raw)
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        message = _("This is not a moment.")
        raise Invalid(message, errors=[FieldError("due", "invalid", message)])
    return moment
