"""Pages of task templates, for administrators."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Conflict, Invalid
from trassa.people.queries import administrator_of
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.ui import add_toast, reload_page, render, render_in_dialog
from trassa.work.actions.templates import (
    fresh_code,
    next_position,
    retire_template,
    save_template,
    switch_template,
)
from trassa.work.queries.templates import draft_of_template, get_template
from trassa.work.screens.template_form import read_template, template_form
from trassa.work.screens.templates import template_rows
from trassa.work.types import TemplateDraft, TemplateSettings

FORM = "work/template_form.html"


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates in use, with the rules that use them."""
    administrator_of(request)
    return render(request, "work/templates.html", {"rows": template_rows()})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The dialog of a template that is not there yet."""
    administrator_of(request)
    return edit_or_save(request, TemplateDraft("", Label(""), TemplateSettings()))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The dialog of a template."""
    administrator_of(request)
    return edit_or_save(request, draft_of_template(get_template(code), current_generation()))


def edit_or_save(request: HttpRequest, known: TemplateDraft) -> HttpResponse:
    """Shows the form; with `act` as it is after a choice that others depend on, else saves what it sends."""
    person = administrator_of(request)
    form = read_template(request.POST, known) if request.method == "POST" else template_form(known)
    if request.method == "POST" and "act" not in request.POST and not form.errors:
        draft = form.draft
        if not draft.code:
            draft = replace(draft, code=fresh_code(), position=next_position())
        try:
            save_template(draft, actor_id=person.id)
        except Invalid as refusal:
            form = replace(form, errors=refusal.by_field or {"": str(refusal)})
        else:
            return reload_page()
    context = {"form": form, "task": form.draft.settings, "errors": form.errors, "is_series": False}
    return render_in_dialog(request, FORM, context, status=422 if form.errors else 200)


@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Offers a template in the form of tasks, or not any more."""
    person = administrator_of(request)
    switch_template(code, is_active=request.POST.get("is_active") == "yes", actor_id=person.id)
    return reload_page()


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a template out of use, unless rules use it."""
    person = administrator_of(request)
    try:
        retire_template(code, actor_id=person.id)
    except Conflict as refusal:
        return add_toast(HttpResponse(status=204), str(refusal), tone="bad")
    return add_toast(reload_page(), _("The template is gone. Tasks that were made with it stay."))
