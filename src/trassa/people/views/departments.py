"""Departments as a tree with heads. For administrators."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Invalid
from trassa.people.actions import (
    change_department,
    create_department,
    restore_department,
    retire_department,
)
from trassa.people.models import Department, Person
from trassa.people.queries import (
    administrator_of,
    department_counts,
    find_department,
    find_person,
    get_department,
    list_people,
    list_retired_departments,
    names_of,
)
from trassa.people.screens.forms import (
    calendar_choices,
    department_choices,
    find_chosen_calendar,
    list_branches,
)
from trassa.people.types import DepartmentChanges
from trassa.people.views.answers import done_or_refused
from trassa.ui import read_id, reload_page, render, render_in_dialog

FORM = "people/department_form.html"


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """The tree."""
    administrator_of(request)
    branches = list_branches(department_counts())
    heads = names_of(branch.department.head_id for branch in branches if branch.department.head_id)
    context = {"branches": branches, "heads": heads, "retired": list_retired_departments()}
    return render(request, "people/departments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new department, below `?parent=` (a code)."""
    actor = administrator_of(request)
    above = find_department(request.GET.get("parent", ""))

    def make(code: str, given: DepartmentChanges) -> object:
        return create_department(code=code, actor_id=actor.id, **given)

    return _ask(request, _("New department"), make, {"parent": str(above.id) if above else ""})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Another name, place or head."""
    actor = administrator_of(request)
    row = get_department(code)

    def make(_code: str, given: DepartmentChanges) -> object:
        return change_department(row, actor_id=actor.id, **given)

    known = {
        "name": row.name,
        "parent": str(row.parent_id or ""),
        "head": str(row.head_id or ""),
        "calendar": str(row.calendar_id or ""),
    }
    return _ask(request, row.name, make, known, about=row)


Make = Callable[[str, DepartmentChanges], object]


def _ask(
    request: HttpRequest, title: str, make: Make, known: dict[str, str], about: Department | None = None
) -> HttpResponse:
    """The dialog with a department; shows the page again when all was right."""
    names = ("code", "name", "parent", "head", "calendar")
    values = {key: request.POST.get(key, known.get(key, "")).strip() for key in names}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if not values["name"]:
                errors = {"name": _("A department needs a name.")}
            else:
                make(values["code"], _given(values))
                return reload_page()
        except Invalid as refusal:
            errors = refusal.by_field or {"name": str(refusal)}
    context: dict[str, Any] = {
        "title": title,
        "url": request.get_full_path(),
        "values": values,
        "errors": errors,
        "about": about,
        "calendars": calendar_choices(),
        "parents": [each for each in department_choices() if about is None or each[0] != str(about.id)],
        "people": [(str(each.person.id), each.person.name) for each in list_people(is_active=True)],
    }
    return render_in_dialog(request, FORM, context, status=422 if errors else 200)


def _given(values: dict[str, str]) -> DepartmentChanges:
    return {
        "name": values["name"],
        "parent": _parent(values["parent"]),
        "head": _head(values["head"]),
        "calendar": find_chosen_calendar(values["calendar"]),
    }


def _parent(text: str) -> Department | None:
    branches = (branch.department for branch in list_branches())
    return next((row for row in branches if str(row.id) == text), None)


def _head(text: str) -> Person | None:
    id = read_id(text)
    return None if id is None else find_person(id)


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a department out of use; refused while people or departments belong to it."""
    actor = administrator_of(request)
    return done_or_refused(lambda: retire_department(get_department(code), actor_id=actor.id))


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Brings a department back."""
    actor = administrator_of(request)
    restore_department(get_department(code), actor_id=actor.id)
    return reload_page()
