"""Roles: their list, and the matrix of one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.actions import copy_role, set_grants, undo_grants
from trassa.access.matrix import chosen_grants
from trassa.access.queries import (
    GrantSet,
    consequences_of,
    grants_of_role,
    holders_of_role,
    last_change_of_grants,
)
from trassa.access.screens.histories import role_history
from trassa.access.screens.matrix import (
    COLUMN_NAMES,
    list_changes,
    make_effects,
    make_matrix,
    types_with_detail,
)
from trassa.kernel import Invalid
from trassa.people.actions import change_role, create_role, restore_role, retire_role
from trassa.people.queries import (
    administrator_of,
    get_role,
    holder_counts,
    list_holders,
    list_retired_roles,
    list_roles,
)
from trassa.schema.queries import current_generation
from trassa.ui import add_toast, read_ids, reload_page, render, render_in_dialog

MATRIX = "access/matrix.html"
FORM = "access/role_form.html"


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """All roles."""
    administrator_of(request)
    context = {"roles": list_roles(), "retired": list_retired_roles(), "counts": holder_counts()}
    return render(request, "access/roles.html", context)


@require_safe
def role(request: HttpRequest, code: str) -> HttpResponse:
    """What a role permits, and who holds it."""
    administrator_of(request)
    found = get_role(code)
    grants = grants_of_role(found.id)
    context = {
        **_matrix_context(found, grants, grants, types_with_detail(grants)),
        "holders": list_holders(found.id),
        "history": role_history(found.id),
    }
    return render(request, "access/role.html", context)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a matrix says."""

    role: Any
    present: GrantSet
    chosen: GrantSet


def _read(request: HttpRequest, code: str) -> Asked:
    administrator_of(request)
    found = get_role(code)
    present = grants_of_role(found.id)
    chosen = chosen_grants(present, request.POST.dict(), current_generation())
    return Asked(found, frozenset(present), frozenset(chosen))


@require_POST
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The matrix as it was filled in; folds or unfolds the type of `toggle`. Changes nothing."""
    asked = _read(request, code)
    open_types = _open_types(request, "open") ^ _open_types(request, "toggle")
    context = _matrix_context(asked.role, asked.present, asked.chosen, open_types)
    return render(request, MATRIX, context, fragment=MATRIX)


def _open_types(request: HttpRequest, name: str) -> set[int]:
    """Ids of types that a part of the form names."""
    return set(read_ids(request.POST.getlist(name)))


@require_POST
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """What saving would change, for whom; in a dialog."""
    asked = _read(request, code)
    generation = current_generation()
    holders = [] if asked.role.retired_at else holders_of_role(asked.role.id)
    consequences = consequences_of(holders, asked.present, asked.chosen, generation)
    context = {
        "role": asked.role,
        "changes": list_changes(asked.present, asked.chosen, generation),
        "effects": make_effects(consequences),
        "holders": len(holders),
    }
    return render_in_dialog(request, "access/preview.html", context)


@require_POST
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Makes the matrix true; the toast takes it back."""
    asked = _read(request, code)
    actor = administrator_of(request)
    set_grants(asked.role, asked.chosen, seen=request.POST.get("seen", ""), actor_id=actor.id)
    open_types = _open_types(request, "open")
    grants = grants_of_role(asked.role.id)
    response = render(
        request, MATRIX, _matrix_context(asked.role, grants, grants, open_types), fragment=MATRIX
    )
    add_event_closing(response)
    undo = reverse("access:undo", args=[code, last_change_of_grants(asked.role.id)])
    return add_toast(response, _("Rights saved"), tone="ok", undo_url=undo)


@require_POST
def undo(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """Takes back a saved change."""
    actor = administrator_of(request)
    undo_grants(get_role(code), seq, actor_id=actor.id)
    return reload_page()


def add_event_closing(response: HttpResponse) -> None:
    """Close the dialog when the answer arrives."""
    response["HX-Trigger"] = '{"dialog:close": {}}'


def _matrix_context(found: Any, present: Any, chosen: Any, open_types: set[int]) -> dict[str, Any]:
    matrix = make_matrix(present, chosen, current_generation(), open_types)
    return {"role": found, "matrix": matrix, "columns": [str(name) for name in COLUMN_NAMES.values()]}


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new role; with `?like=` it begins with the rights of another one."""
    actor = administrator_of(request)
    like = request.GET.get("like", "")
    if like:
        model = get_role(like)
        title = _("A role like “%(role)s”") % {"role": model}
        return _ask(request, title, lambda code, label: copy_role(model, code, label, actor_id=actor.id))
    return _ask(
        request, _("New role"), lambda code, label: create_role(code=code, label=label, actor_id=actor.id)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name for a role; its code stays."""
    actor = administrator_of(request)
    found = get_role(code)
    return _ask(
        request,
        _("Rename the role"),
        lambda _code, label: change_role(found, label=label, actor_id=actor.id),
        code=code,
        label=found.label,
    )


def _ask(
    request: HttpRequest,
    title: str,
    make: Callable[[str, dict[str, str]], Any],
    *,
    code: str = "",
    label: dict[str, str] | None = None,
) -> HttpResponse:
    """The dialog with code and names of a role; leads to its page when they are right."""
    label = label or {}
    values = {
        "code": code or request.POST.get("code", "").strip(),
        "ru": request.POST.get("ru", label.get("ru", "")).strip(),
        "en": request.POST.get("en", label.get("en", "")).strip(),
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if not values["ru"]:
                errors = {"ru": _("A role needs a name.")}
            else:
                names = {language: values[language] for language in ("ru", "en") if values[language]}
                made = make(values["code"], names)
                return HttpResponse(
                    status=204, headers={"HX-Redirect": reverse("access:role", args=[made.code])}
                )
        except Invalid as refused:
            errors = refused.by_field or {"ru": str(refused)}
    context = {
        "title": title,
        "url": request.get_full_path(),
        "values": values,
        "errors": errors,
        "is_new": not code,
    }
    return render_in_dialog(request, FORM, context, status=422 if errors else 200)


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a role out of use."""
    actor = administrator_of(request)
    retire_role(get_role(code), actor_id=actor.id)
    return reload_page()


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Brings a role back."""
    actor = administrator_of(request)
    restore_role(get_role(code), actor_id=actor.id)
    return reload_page()
