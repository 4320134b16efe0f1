"""Handing over somebody's work: for administrators and for heads of the person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Conflict, Invalid, NotFound
from trassa.people.actions.handovers import as_json, hand_over, try_hand_over, undo_hand_over
from trassa.people.models import Person
from trassa.people.queries import find_subordinates, get_person, list_people, person_of
from trassa.people.queries.handovers import (
    get_hand_over,
    list_hand_overs,
    list_work,
    may_hand_over,
    progress_of,
)
from trassa.people.registries import WorkPart
from trassa.people.screens.handovers import (
    HandOverForm,
    PartResult,
    read_form,
    view_line,
    view_results,
)
from trassa.ui import read_id, render

_FORM = "people/hand_over_form.html"
_RESULT = "people/hand_over_result.html"


@require_safe
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Whose work to hand over, and what was handed over lately; `?person=` leads to the form."""
    person = person_of(request)
    below = find_subordinates(person.id)
    if not below and not person.is_administrator:
        raise NotFound(_("There is no such page."))
    chosen = read_id(request.GET.get("person", ""))
    if chosen is not None and chosen in below:
        return HttpResponseRedirect(reverse("people:hand_over", args=[chosen]))
    people = [each.person for each in list_people(is_active=True) if each.person.id in below]
    context = {
        "people": [(str(each.id), each.name) for each in people],
        "lines": [view_line(row) for row in list_hand_overs(person.id)],
    }
    return render(request, "people/hand_overs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, id: int) -> HttpResponse:
    """What a person has and who takes it over; a POST shows what that would do, `act=go` does it."""
    actor = person_of(request)
    about = person_of_mine(actor, id)
    work = list_work(about.id, actor.id)
    form = read_form(request.POST, work)
    act = request.POST.get("act", "")
    told: Sequence[PartResult] | None = None
    is_too_much, fault = False, ""
    try:
        if act == "go":
            done = hand_over(about, form.assignments(), actor_id=actor.id)
            url = reverse("people:hand_over_done", args=[done.id])
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        if act == "preview":
            told = preview(about, form, work, actor.id)
            is_too_much = told is None
    except Invalid as refused:
        fault = refused.reasons
    context = form_context(request, about, form) | {"told": told, "is_too_much": is_too_much, "fault": fault}
    if request.method == "POST":
        return render(request, _FORM, context, fragment=_FORM, status=422 if fault else 200)
    return render(request, "people/hand_over.html", context)


def preview(
    about: Person, form: HandOverForm, work: Mapping[str, WorkPart], actor_id: int
) -> Sequence[PartResult] | None:
    """What handing over would do; None when there is too much to try it."""
    results = try_hand_over(about, form.assignments(), actor_id=actor_id)
    labels = {key: str(part.label) for key, part in work.items()}
    return None if results is None else view_results(as_json(results), labels)


def form_context(request: HttpRequest, about: Person, form: HandOverForm) -> dict[str, Any]:
    """What the form needs beside what it says."""
    taken = {each.id for each in form.receivers}
    others = [each.person for each in list_people(is_active=True) if each.person.id != about.id]
    return {
        "about": about,
        "form": form,
        "here": request.path,
        "people": [(str(each.id), each.name) for each in others],
        "free": [(str(each.id), each.name) for each in others if each.id not in taken],
    }


def person_of_mine(actor: Person, id: int) -> Person:
    """Somebody whose work one may hand over; for others the page is not there."""
    if not may_hand_over(actor.id, id):
        raise NotFound(_("There is no such person."))
    return get_person(id)


@require_safe
def done(request: HttpRequest, id: int) -> HttpResponse:
    """What became of a hand-over; while it works the page asks for itself."""
    return show(request, id)


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Gives back what nobody has changed since."""
    try:
        undo_hand_over(id, actor_id=person_of(request).id)
    except Conflict as refused:
        return show(request, id, fault=str(refused), status=409)
    return show(request, id)


def show(request: HttpRequest, id: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The page of a hand-over, or its content."""
    row = get_hand_over(id, person_of(request).id)
    done, total = progress_of(row) if row.is_working else (0, 0)
    context = {
        "done": done,
        "total": total,
        "line": view_line(row),
        "about": row.person,
        "parts": view_results(row.result, row.labels),
        "kept": [left for part in view_results(row.undone, row.labels) for left in part.left],
        "is_working": row.is_working,
        "language": row.language,
        "fault": fault,
    }
    return render(request, "people/hand_over_done.html", context, fragment=_RESULT, status=status)
