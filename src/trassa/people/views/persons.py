"""People: their list, one of them, coming and going. For administrators."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Conflict, Invalid
from trassa.people.actions import (
    change_profile,
    create_newcomers,
    create_person,
    demand_new_password,
    dismiss_person,
    give_temporary_password,
    make_password_link,
    readmit_person,
)
from trassa.people.models import Person
from trassa.people.newcomers import Newcomer, decode_csv, read_newcomers
from trassa.people.queries import (
    administrator_of,
    find_person_by_login,
    get_person,
    get_profile,
    list_roles,
    search_people,
)
from trassa.people.registries import open_work, person_warnings
from trassa.people.screens.forms import PersonForm, calendar_choices, department_choices
from trassa.people.screens.histories import person_history
from trassa.ui import reload_page, render, render_in_dialog

_SHOWN = {"": True, "dismissed": False, "all": None}
_FILE_AT_MOST = 1_000_000


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody; `?q=` narrows, `?show=dismissed` or `all` widens."""
    administrator_of(request)
    words, show = request.GET.get("q", ""), request.GET.get("show", "")
    found = search_people(words, is_active=_SHOWN.get(show, True))
    labels = {role.code: str(role) for role in list_roles()}
    context = {"people": found, "words": words, "show": show, "labels": labels}
    return render(request, "people/people.html", context, fragment="list")


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new person."""
    actor = administrator_of(request)
    if request.method != "POST":
        return _form(request, PersonForm())
    form = PersonForm.read(request.POST)
    try:
        made = create_person(roles=form.chosen_roles, actor_id=actor.id, **form.changes)
    except Invalid as refusal:
        return _form(request, replace(form, errors=refusal.by_field))
    return HttpResponseRedirect(reverse("people:person", args=[made.id]))


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, id: int) -> HttpResponse:
    """What is known of a person; a POST changes it."""
    actor = administrator_of(request)
    profile = get_profile(id)
    if request.method != "POST":
        return _form(request, PersonForm.of(profile.person, profile.role_codes), profile.person)
    form = PersonForm.read(request.POST)
    try:
        change_profile(profile.person, form.chosen_roles, actor_id=actor.id, **form.changes)
    except Invalid as refusal:
        return _form(request, replace(form, errors=refusal.by_field), profile.person)
    except Conflict as refusal:
        return _form(request, replace(form, errors={"is_administrator": str(refusal)}), profile.person)
    return HttpResponseRedirect(f"{reverse('people:people')}?q={form.login}")


def _form(request: HttpRequest, form: PersonForm, about: Person | None = None) -> HttpResponse:
    context = {
        "form": form,
        "about": about,
        "history": person_history(about.id) if about else [],
        "warnings": [text for source in person_warnings for text in source(about.id)] if about else [],
        "departments": department_choices(),
        "calendars": calendar_choices(),
        "roles": list_roles(),
        "languages": Person.Language.choices,
    }
    return render(request, "people/person.html", context, status=422 if form.errors else 200)


@require_POST
def password(request: HttpRequest, id: int) -> HttpResponse:
    """A new password, shown once in a dialog."""
    actor = administrator_of(request)
    found = get_person(id)
    text = give_temporary_password(found, actor_id=actor.id)
    response = render_in_dialog(request, "people/password.html", {"about": found, "password": text})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def password_link(request: HttpRequest, id: int) -> HttpResponse:
    """A link by which the person sets their password, shown once in a dialog."""
    actor = administrator_of(request)
    found = get_person(id)
    link = _password_link(request, found, actor.id)
    response = render_in_dialog(request, "people/password_link.html", {"about": found, "link": link})
    response["Cache-Control"] = "no-store"
    return response


def _password_link(request: HttpRequest, about: Person, actor_id: int) -> str:
    secret = make_password_link(about, actor_id=actor_id)
    return request.build_absolute_uri(reverse("people:password_by_link", args=[secret]))


@require_POST
def password_due(request: HttpRequest, id: int) -> HttpResponse:
    """Has the person choose another password before anything else."""
    actor = administrator_of(request)
    demand_new_password(get_person(id), actor_id=actor.id)
    return reload_page()


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, id: int) -> HttpResponse:
    """Asks first, naming the work that would be left; a POST lets the person go."""
    actor = administrator_of(request)
    found = get_person(id)
    if request.method == "POST":
        dismiss_person(found, actor_id=actor.id)
        return reload_page()
    left = [work for source in open_work for work in source(id) if work.count]
    return render_in_dialog(request, "people/dismiss.html", {"about": found, "left": left})


@require_POST
def readmit(request: HttpRequest, id: int) -> HttpResponse:
    """Takes a dismissed person back."""
    actor = administrator_of(request)
    readmit_person(get_person(id), actor_id=actor.id)
    return reload_page()


@require_http_methods(["GET", "HEAD", "POST"])
def newcomers(request: HttpRequest) -> HttpResponse:
    """People from a CSV file: first what each line would become, then, with `agreed`, the people."""
    actor = administrator_of(request)
    context: dict[str, Any] = {"text": "", "lines": [], "links": {}, "error": "", "is_done": False}
    if request.method == "POST":
        context["text"] = text = _text_of(request)
        try:
            is_agreed = "agreed" in request.POST
            lines = create_newcomers(read_newcomers(text), actor_id=actor.id, try_only=not is_agreed)
            context |= {"lines": lines, "is_done": is_agreed}
            if is_agreed and "links" in request.POST:
                context["links"] = _links_for(request, lines, actor.id)
        except Invalid as refusal:
            context["error"] = str(refusal)
    context["good"] = sum(not line.errors for line in context["lines"])
    response = render(request, "people/newcomers.html", context, status=422 if context["error"] else 200)
    if context["links"]:
        response["Cache-Control"] = "no-store"
    return response


def _links_for(request: HttpRequest, lines: Iterable[Newcomer], actor_id: int) -> dict[str, str]:
    """For everybody who was added: login → link for a password."""
    people = (find_person_by_login(line.login) for line in lines if not line.errors)
    return {each.login: _password_link(request, each, actor_id) for each in people if each is not None}


def _text_of(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("text", "")
    return decode_csv(sent.read(_FILE_AT_MOST))
