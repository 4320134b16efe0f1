"""The dialogs of a new task and of one that is changed."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import Invalid
from trassa.records.queries.names import read_anchors, titles_in, visible_titles
from trassa.schema.queries import current_generation
from trassa.ui import address_of, render_in_dialog
from trassa.work.actions import change_task, create_task
from trassa.work.actions.demands import can_ask_for
from trassa.work.actions.reminders import choose_usual
from trassa.work.queries import get_task
from trassa.work.screens.due_dates import date_choices, followed_code, was_followed
from trassa.work.screens.forms import (
    TaskForm,
    chosen_names,
    draft_of,
    due_changes,
    errors_of,
    parts_of_offset,
    read_form,
    write_due,
)
from trassa.work.screens.reminders import usual_reminders
from trassa.work.screens.repetition import repeat_form
from trassa.work.screens.templates import filled_in, template_choices, with_template
from trassa.work.types import CHANGEABLE, TaskLine
from trassa.work.views.tasks import CAUSE, done

FORM = "work/task_form.html"
#: Changes of a task that its form says together.
_DUE = ("due_at", "due_field", "due_offset")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The dialog with a new task; `?record=` and `?parent=` say what it is about.

    With `act=template` the form comes back with what the chosen template says.
    """
    actor = actor_of_request(request)
    sent = request.POST if request.method == "POST" else request.GET
    form = read_form(sent)
    if sent.get("act") == "template":
        form = filled_in(form, actor)
    if request.method != "POST" or "act" in sent:
        return ask(request, actor, form)
    try:
        draft = with_template(draft_of(form), form.template, actor)
        made = create_task(draft, actor=actor, cause=CAUSE)
    except Invalid as refusal:
        return ask(request, actor, form, refusal=refusal)
    choose_usual(made.id, request.POST.getlist("remind"), actor=actor)
    return done(made.id, _("The task is given."), closes=True)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """The dialog that changes a task."""
    actor = actor_of_request(request)
    line = get_task(actor, id)
    if request.method != "POST":
        code = followed_code(line)
        form = TaskForm(
            due_field=code,
            title=line.title,
            kind=line.kind,
            text=line.text,
            due=write_due(line.due_at),
            priority=line.priority,
            estimate=str(line.estimate_minutes or ""),
            co_workers=line.holders("co_worker").people,
            observers=line.holders("observer").people,
            record_id=line.record_id,
            checklist="\n".join(item.text for item in line.checklist),
            whole_checklist=line.whole_checklist,
            repeat=repeat_form(line.repetition),
        )
        form = replace(form, **(parts_of_offset(line.due_offset) if code else {}))
        return ask(request, actor, form, changed=line, is_series=line.repetition is not None)
    form = replace(read_form(request.POST), record_id=line.record_id)
    following = "following" in request.POST
    try:
        draft = draft_of(form)
        changes: dict[str, Any] = {name: getattr(draft, name) for name in CHANGEABLE if name not in _DUE}
        changes |= due_changes(form, line, followed_code(line))
        change_task(id, changes, actor=actor, following=following, cause=CAUSE)
    except Invalid as refusal:
        return ask(request, actor, form, changed=line, refusal=refusal, is_series=line.repetition is not None)
    choose_usual(id, request.POST.getlist("remind"), actor=actor)
    return done(id, _("Saved."), closes=True)


def ask(
    request: HttpRequest,
    actor: Actor,
    form: TaskForm,
    *,
    changed: TaskLine | None = None,
    refusal: Invalid | None = None,
    is_series: bool = False,
) -> HttpResponse:
    """The form of a new task, or of the one that is changed, in a dialog, with what was wrong."""
    errors = errors_of(refusal.errors) if refusal else {}
    context = {
        "title": _("New task") if changed is None else _("Change the task"),
        "action": address_of("work:new") if changed is None else address_of("work:edit", changed.id),
        "form": form,
        "errors": errors,
        "is_new": changed is None,
        "changed": changed.id if changed else None,
        "dates": date_choices(actor, form.record_id),
        "was_followed": was_followed(changed) if changed else "",
        "is_series": is_series,
        "who": chosen_names(form.who),
        "co_workers": chosen_names([f"p{id}" for id in form.co_workers]),
        "observers": chosen_names([f"p{id}" for id in form.observers]),
        "record": title_of(actor, form.record_id),
        "reminders": usual_reminders(request, actor, changed.id if changed else None),
        "templates": template_choices(actor, form.record_id) if changed is None else [],
        "field_choices": field_choices(actor, form.record_id) if changed is None else [],
    }
    return render_in_dialog(request, FORM, context, status=422 if refusal else 200)


def field_choices(actor: Actor, record_id: int | None) -> list[tuple[str, str]]:
    """The fields of a record that a form or a document may ask for."""
    anchors = read_anchors({record_id}) if record_id is not None else []
    specs = [current_generation().types_by_id.get(type_id) for type_id, _id, _title in anchors]
    return [
        (field.code, str(field.label))
        for spec in specs
        if spec is not None
        for field in actor.visible_fields(spec)
        if can_ask_for(field)
    ]


def title_of(actor: Actor, record_id: int | None) -> str:
    """The title of a record that the person sees, "" for others."""
    if record_id is None:
        return ""
    wanted = {type_id: {id} for type_id, id, _title in read_anchors({record_id})}
    return titles_in(visible_titles(actor, wanted)).get(record_id, "")
