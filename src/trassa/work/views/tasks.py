"""One task: its page, and everything that is done with it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid, NotFound, company_zone, now, today
from trassa.people.queries import names_of
from trassa.records.queries.forms import read_fields
from trassa.schema.queries import current_generation
from trassa.ui import (
    add_event,
    add_toast,
    address_of,
    date_short,
    is_fragment_request,
    read_id,
    read_ids,
    render,
    render_in_dialog,
)
from trassa.work.actions import (
    add_item,
    cancel_task,
    change_task,
    complete_task,
    delegate_task,
    release_task,
    remove_item,
    reopen_task,
    snooze_task,
    take_back_task,
    take_task,
    tick_item,
)
from trassa.work.actions.files import attach_files, remove_file, restore_file
from trassa.work.due_dates import code_of
from trassa.work.models import Task
from trassa.work.queries import get_task
from trassa.work.queries.files import files_of
from trassa.work.queries.reminders import list_reminders
from trassa.work.queries.tasks import list_children
from trassa.work.screens.forms import (
    chosen_names,
    errors_of,
    read_due,
    read_who,
)
from trassa.work.screens.tasks import details_of
from trassa.work.types import Cause, TaskLine

CONTENT = "work/task_content.html"
CAUSE: Cause = {"kind": "hand"}
#: Lines of history that a task shows.
SHOWN = 30


@require_safe
def task(request: HttpRequest, id: int) -> HttpResponse:
    """A task beside the card of its record; alone where htmx asks for a part."""
    actor = actor_of_request(request)
    line = get_task(actor, id)
    entries = list_entries(Stream("task", id), limit=SHOWN)
    details = details_of(actor, line, list_children(actor, id), entries, files_of(id))
    reminders = list_reminders(actor, task_id=id)
    below = urlsplit(request.headers.get("HX-Current-URL", "")).path
    in_pane = is_fragment_request(request) and below != request.path
    context = {"task": details, "in_pane": in_pane, "reminders": reminders}
    return render(request, "work/task.html", context, fragment=CONTENT)


@require_POST
def follow(request: HttpRequest, id: int) -> HttpResponse:
    """Lets the due moment follow its date again."""
    actor = actor_of_request(request)
    line = get_task(actor, id)
    spec = current_generation().types_by_id.get(line.type_id or 0)
    code = code_of(spec, line.due_field_id)
    if not code:
        raise NotFound(_("This task has followed no date."))
    changes = {"due_field": code, "due_offset": line.due_offset}
    try:
        change_task(id, changes, actor=actor, cause=CAUSE)
    except Invalid as refusal:
        return refuse(refusal)
    return done(id, _("The due moment follows the date again."), closes=True)


@require_POST
def take(request: HttpRequest, id: int) -> HttpResponse:
    take_task(id, actor=actor_of_request(request), cause=CAUSE)
    return done(id, _("The task is yours."), undo="work:release")


@require_POST
def release(request: HttpRequest, id: int) -> HttpResponse:
    release_task(id, actor=actor_of_request(request), cause=CAUSE)
    return done(id, _("The task waits for whoever takes it."))


@require_POST
def complete(request: HttpRequest, id: int) -> HttpResponse:
    """Ends a task with `outcome` and `result`."""
    actor = actor_of_request(request)
    try:
        complete_task(
            id,
            outcome=request.POST.get("outcome", ""),
            result=request.POST.get("result", ""),
            fields=fields_sent(request, get_task(actor, id)),
            file=next(iter(files_sent(request, "file")), None),
            files=files_sent(request, "files"),
            actor=actor,
            cause=CAUSE,
        )
    except Invalid as refusal:
        # A tick in a list has no form that could say it.
        if "result" not in request.POST:
            return refuse(refusal)
        # Uploads that were chosen would be lost if the form were drawn anew.
        response = HttpResponse(status=422, headers={"HX-Reswap": "none"})
        add_event(response, "form:faults", {"faults": refusal.by_field or {"": str(refusal)}})
        return response
    return done(id, _("Done."), undo="work:reopen")


def fields_sent(request: HttpRequest, line: TaskLine) -> Mapping[str, Any]:
    """The values that the form of a task sent for the fields of its record."""
    spec = current_generation().types_by_id.get(line.type_id or 0)
    if spec is None or line.kind != "form":
        return {}
    return read_fields([spec.by_id[id] for id in line.field_ids if id in spec.by_id], request.POST)


def files_sent(request: HttpRequest, name: str) -> list[int]:
    """Ids of uploads as `files.js` writes them."""
    return read_ids(value.partition(":")[0] for value in request.POST.getlist(name))


@require_POST
def attach(request: HttpRequest, id: int) -> HttpResponse:
    """Adds uploads (`files`, ids with commas) to a task."""
    try:
        files = read_ids(request.POST.get("files", "").split(","))
        attach_files(id, files, actor=actor_of_request(request), cause=CAUSE)
    except Invalid as refusal:
        return refuse(refusal)
    return done(id, "")


@require_POST
def detach(request: HttpRequest, id: int, file: int) -> HttpResponse:
    """Takes a file away; the toast brings it back."""
    actor = actor_of_request(request)
    remove_file(id, file, actor=actor, cause=CAUSE)
    response = done(id, "")
    return add_toast(
        response, _("Removed."), tone="ok", undo_url=address_of("work:restore_task_file", id, file)
    )


@require_POST
def restore(request: HttpRequest, id: int, file: int) -> HttpResponse:
    restore_file(id, file, actor=actor_of_request(request), cause=CAUSE)
    return done(id, "")


@require_POST
def reopen(request: HttpRequest, id: int) -> HttpResponse:
    reopen_task(id, actor=actor_of_request(request), cause=CAUSE)
    return done(id, _("The task is open again."))


@require_POST
def add_to_checklist(request: HttpRequest, id: int) -> HttpResponse:
    """Puts `text` at the end of the checklist."""
    try:
        add_item(id, request.POST.get("text", ""), actor=actor_of_request(request), cause=CAUSE)
    except Invalid as refusal:
        return refuse(refusal)
    return done(id, "")


@require_POST
def tick(request: HttpRequest, id: int, item: int) -> HttpResponse:
    """Ticks an item of the checklist off with `done`, else takes the tick back."""
    tick_item(id, item, done="done" in request.POST, actor=actor_of_request(request), cause=CAUSE)
    return done(id, "")


@require_POST
def remove_from_checklist(request: HttpRequest, id: int, item: int) -> HttpResponse:
    remove_item(id, item, actor=actor_of_request(request), cause=CAUSE)
    return done(id, "")


def refuse(refusal: Invalid) -> HttpResponse:
    """Nothing to swap: what is wrong, as a toast."""
    response = HttpResponse(status=422, headers={"HX-Reswap": "none"})
    return add_toast(response, refusal.errors[0].message, tone="bad")


@require_POST
def cancel(request: HttpRequest, id: int) -> HttpResponse:
    words = request.POST.get("result", "")
    following = "following" in request.POST
    cancel_task(id, words=words, following=following, actor=actor_of_request(request), cause=CAUSE)
    return done(id, _("The task is cancelled."), undo="work:reopen")


@require_POST
def snooze(request: HttpRequest, id: int) -> HttpResponse:
    """Puts a task off until hour, evening, tomorrow, monday or a moment; "" brings it back."""
    until = moment_of(request.POST.get("until", ""))
    snooze_task(id, until, actor=actor_of_request(request), cause=CAUSE)
    if until is None:
        return done(id, _("The task is back."))
    return done(id, _("Put off until %(when)s.") % {"when": date_short(until)}, undo="work:snooze")


def moment_of(chosen: str) -> datetime | None:
    """What “tomorrow” and the like mean; a moment as the browser writes it; None for nothing."""
    zone = company_zone()
    morning = datetime.combine(today() + timedelta(days=1), time(9), zone)
    evening = datetime.combine(today(), time(18), zone)
    known = {
        "hour": now() + timedelta(hours=1),
        "evening": evening if evening > now() else now() + timedelta(hours=1),
        "tomorrow": morning,
        "monday": datetime.combine(today() + timedelta(days=7 - today().weekday()), time(9), zone),
    }
    return known.get(chosen) or read_due(chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest, id: int) -> HttpResponse:
    """The dialog that gives a task to somebody else."""
    actor = actor_of_request(request)
    line = get_task(actor, id)
    who = request.POST.getlist("who")
    following = "following" in request.POST
    refusal: Invalid | None = None
    if request.method == "POST":
        owner, candidates = read_who(who)
        try:
            row = delegate_task(
                id, owner_id=owner, candidates=candidates, following=following, actor=actor, cause=CAUSE
            )
        except Invalid as error:
            refusal = error
        else:
            return passed_on(row, can_undo=not following)
    context = {
        "action": address_of("work:delegate", id),
        "title": line.title,
        "is_series": line.repetition is not None,
        "who": chosen_names(who),
        "errors": errors_of(refusal.errors) if refusal else {},
    }
    return render_in_dialog(request, "work/delegate_form.html", context, status=422 if refusal else 200)


def passed_on(row: Task, *, can_undo: bool = True) -> HttpResponse:
    """Says who has the task now; the toast takes it back from one person."""
    if row.owner_id is None:
        return done(row.id, _("Others may take it now."), closes=True)
    text = _("Passed on to %(name)s.") % {"name": names_of([row.owner_id])[row.owner_id]}
    response = done(row.id, "", closes=True)
    undo = f"{address_of('work:take_back', row.id)}?version={row.version}" if can_undo else ""
    return add_toast(response, text, tone="ok", undo_url=undo)


@require_POST
def take_back(request: HttpRequest, id: int) -> HttpResponse:
    """Undoes what one has just passed on, of a `version`."""
    version = read_id(request.GET.get("version", "")) or 0
    take_back_task(id, version=version, actor=actor_of_request(request), cause=CAUSE)
    return done(id, _("The task is back."))


def done(id: int, text: str, *, undo: str = "", closes: bool = False) -> HttpResponse:
    """Nothing to swap: a toast, and news for whatever shows tasks."""
    response = HttpResponse(status=204)
    add_event(response, "tasks:changed", {"id": id})
    if closes:
        add_event(response, "dialog:close", {})
    if not text:
        return response
    return add_toast(response, text, tone="ok", undo_url=address_of(undo, id) if undo else "")
