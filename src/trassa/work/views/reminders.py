"""One's own reminders: of a record, of a task, and all of them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import FieldError, Invalid
from trassa.people.queries import calendar_of
from trassa.people.types import Duration
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.ui import reload_page, render, render_in_dialog
from trassa.work.actions.reminders import remove_reminder, set_reminder
from trassa.work.queries.reminders import dates_of, list_reminders
from trassa.work.queries.tasks import get_task
from trassa.work.reminder_types import ReminderDraft

DIALOG = "work/reminders_dialog.html"
UNITS = ("minute", "hour", "day", "working minute", "working hour", "working day")
MOST_AMOUNT = 10_000


@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """All that one wants to be reminded of."""
    lines = list_reminders(actor_of_request(request), limit=200)
    return render(request, "work/reminders.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def of_record(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """The dialog with one's reminders about a record; a POST adds one."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    dates = dates_of(actor, spec)
    columns = {code: column for column, code, _label in dates}
    context = {"title": record.title, "dates": [(code, label) for _column, code, label in dates]}

    def draft(sent: QueryDict) -> ReminderDraft:
        column = columns.get(sent.get("field", ""), "")
        return _draft(sent, actor, record_id=id, column=column)

    return _answer(request, actor, draft, {"record_id": id}, context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_task(request: HttpRequest, id: int) -> HttpResponse:
    """The dialog with one's reminders about a task; a POST adds one."""
    actor = actor_of_request(request)
    task = get_task(actor, id)
    dates = [("due", _("Deadline"))] if task.due_at is not None else []

    def draft(sent: QueryDict) -> ReminderDraft:
        return _draft(sent, actor, task_id=id)

    return _answer(request, actor, draft, {"task_id": id}, {"title": task.title, "dates": dates})


def _answer(
    request: HttpRequest, actor: Actor, draft: Any, about: dict[str, int], context: dict[str, Any]
) -> HttpResponse:
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            set_reminder(draft(request.POST), actor=actor)
        except Invalid as refusal:
            errors = refusal.by_field or {"offset": str(refusal)}
    context |= {
        "lines": list_reminders(actor, **about),
        "address": request.path,
        "errors": errors,
        "sent": {name: request.POST.get(name, "") for name in ("amount", "unit", "field", "at", "note")},
        "units": unit_words(),
        "zone": calendar_of(actor.id or 0).zone.key,
    }
    return render_in_dialog(request, DIALOG, context, status=422 if errors else 200)


def unit_words() -> list[tuple[str, str]]:
    """Units of a duration as people read them."""
    return [
        ("minute", _("minutes")),
        ("hour", _("hours")),
        ("day", _("days")),
        ("working hour", _("working hours")),
        ("working day", _("working days")),
    ]


def _draft(
    sent: QueryDict,
    actor: Actor,
    *,
    task_id: int | None = None,
    record_id: int | None = None,
    column: str = "",
) -> ReminderDraft:
    """A moment, or so much before a date. Raises Invalid for what is neither."""
    note, at = sent.get("note", ""), sent.get("at", "").strip()
    if at:
        return ReminderDraft(task_id, record_id, at=_moment(at, actor), note=note)
    amount, unit = sent.get("amount", "").strip(), sent.get("unit", "hour")
    if not amount.isdigit() or int(amount) > MOST_AMOUNT or unit not in UNITS:
        raise _refuse("amount", _("Say how long before, or give a moment."))
    offset = Duration.parse(f"-{int(amount)} {unit}") if int(amount) else Duration(0, "minute")
    return ReminderDraft(task_id, record_id, column, offset, note=note)


def _moment(text: str, actor: Actor) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=calendar_of(actor.id or 0).zone)
    except ValueError:
        raise _refuse("at", _("Choose a moment that is still to come.")) from None


def _refuse(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "invalid", message)])


@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """Takes one of one's reminders back."""
    remove_reminder(id, actor=actor_of_request(request))
    return HttpResponse(status=200) if request.headers.get("HX-Target") else reload_page()
