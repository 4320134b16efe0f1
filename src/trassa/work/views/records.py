"""The tasks of a record: a part of its card, with a line to give the next one."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Invalid
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.records.types import Record
from trassa.schema.types import TypeSpec
from trassa.ui import add_toast, render
from trassa.work.actions import create_task
from trassa.work.queries import list_record_tasks
from trassa.work.screens.forms import TaskForm, draft_of, errors_of, read_form
from trassa.work.screens.tasks import rows_of
from trassa.work.views.tasks import CAUSE

PART = "work/record_tasks.html"
#: Tasks that the card shows.
OPEN, ENDED = 50, 10
EMPTY = TaskForm()


@require_http_methods(["GET", "HEAD", "POST"])
def record_tasks(request: HttpRequest, type: str, id: int) -> HttpResponse:
    """What is to be done about a record, and what was; a POST gives another task."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    if request.method != "POST":
        return draw(request, actor, spec, record)
    sent = read_form(request.POST)
    form = TaskForm(title=sent.title, kind=sent.kind, due=sent.due, record_id=record.id)
    try:
        create_task(draft_of(form), actor=actor, cause=CAUSE)
    except Invalid as refusal:
        return draw(request, actor, spec, record, replace(form, errors=errors_of(refusal.errors)))
    response = draw(request, actor, spec, record)
    return add_toast(response, _("The task is given."), tone="ok")


def draw(
    request: HttpRequest, actor: Actor, spec: TypeSpec, record: Record, form: TaskForm = EMPTY
) -> HttpResponse:
    """The tasks as they stand, with the line for the next one."""
    ended = list_record_tasks(record.id, is_open=False, limit=ENDED + 1)
    context = {
        "type_code": spec.code,
        "record_id": record.id,
        "title": record.title,
        "form": form,
        "errors": form.errors,
        "open": rows_of(actor, list_record_tasks(record.id, is_open=True, limit=OPEN), with_acts=True),
        "ended": rows_of(actor, ended[:ENDED]),
        "more_ended": len(ended) > ENDED,
    }
    return render(
        request, "work/record_tasks_page.html", context, fragment=PART, status=422 if form.errors else 200
    )
