"""Who is away: the overview for everybody, and a person's own time for them and those above them."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Forbidden, Invalid, NotFound, today
from trassa.people.actions import add_absence, change_absence, remove_absence
from trassa.people.models import Absence, Person
from trassa.people.queries import (
    calendar_of,
    company_calendar,
    find_subordinates,
    get_absence,
    get_person,
    list_absences,
    list_people,
    manages,
    names_of,
    person_of,
    substitutes_of,
    team_of,
)
from trassa.people.screens.calendars import calendar_words, read_day, team_month, year_view
from trassa.people.types import AbsenceDraft
from trassa.people.views.calendars import year_of
from trassa.ui import read_id, reload_page, render, render_in_dialog

_FORM = "people/absence_form.html"


@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """A month of everybody (`?month=2026-06`); kinds of absences only of oneself and those below."""
    person = person_of(request)
    first = read_day(f"{request.GET.get('month', '')}-01") or today().replace(day=1)
    mine = find_subordinates(person.id) | {person.id}
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    found = list_absences(since=first, until=last)
    month = team_month(first, team_of(person.id), found, company_calendar(), mine=mine)
    return render(request, "people/absences.html", {"month": month, "has_others": len(mine) > 1})


@require_safe
def working_time(request: HttpRequest, id: int) -> HttpResponse:
    """By which calendar a person works in a year (`?year=`), and when they are away."""
    person = person_of(request)
    about = _person_of_mine(person, id)
    year = year_of(request)
    away = list_absences(since=date(year, 1, 1), until=date(year, 12, 31), person_ids=[id])
    calendar = calendar_of(id)
    stands_in = substitutes_of([id]).get(id)
    context = {
        "about": about,
        "is_own": about.id == person.id,
        "calendar": calendar,
        "words": calendar_words(calendar),
        "view": year_view(calendar, year, absences=away),
        "absences": away,
        "may_change": [each.id for each in away if _may_change(person, each)],
        "stands_in": names_of([stands_in]).get(stands_in, "") if stands_in else "",
    }
    return render(request, "people/working_time.html", context)


def _may_change(person: Person, absence: Absence) -> bool:
    return absence.person_id != person.id or absence.since >= today() or person.is_administrator


def _person_of_mine(person: Person, id: int) -> Person:
    """Oneself or somebody whose absences one may enter; for others the page is not there."""
    if id != person.id and not manages(person.id, id):
        raise NotFound(_("There is no such person."))
    return get_person(id)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, id: int) -> HttpResponse:
    """The dialog with a new absence of a person."""
    actor = person_of(request)
    about = _person_of_mine(actor, id)
    title = _("New absence") if about.id == actor.id else _("New absence: %(name)s") % {"name": about.name}
    known = {"since": request.GET.get("day", ""), "until": request.GET.get("day", ""), "kind": "vacation"}
    return _ask(request, title, about, known, lambda draft: add_absence(about, draft, actor_id=actor.id))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, id: int) -> HttpResponse:
    """The dialog with an absence."""
    actor = person_of(request)
    row = _absence_of_mine(actor, id)
    known = {
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "kind": row.kind,
        "substitute": str(row.substitute_id or ""),
        "note": row.note,
    }
    title = _("Absence: %(name)s") % {"name": row.person.name}

    def save(draft: AbsenceDraft) -> object:
        return change_absence(row, draft, actor_id=actor.id)

    return _ask(request, title, row.person, known, save, row=row)


@require_POST
def remove(request: HttpRequest, id: int) -> HttpResponse:
    """Takes an absence back."""
    actor = person_of(request)
    remove_absence(_absence_of_mine(actor, id), actor_id=actor.id)
    return reload_page()


def _absence_of_mine(person: Person, id: int) -> Absence:
    row = get_absence(id)
    if row.person_id != person.id and not manages(person.id, row.person_id):
        raise NotFound(_("There is no such absence."))
    return row


def _ask(
    request: HttpRequest,
    title: str,
    about: Person,
    known: dict[str, str],
    save: Callable[[AbsenceDraft], object],
    *,
    row: Absence | None = None,
) -> HttpResponse:
    """The dialog with an absence; shows the page again when all was right."""
    names = ("since", "until", "kind", "substitute", "note")
    values = {name: request.POST.get(name, known.get(name, "")).strip() for name in names}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            save(_draft(values))
            return reload_page()
        except Invalid as refusal:
            errors = refusal.by_field or {"since": str(refusal)}
        except Forbidden as refusal:
            errors = {"since": str(refusal)}
    people = [profile.person for profile in list_people(is_active=True) if profile.person.id != about.id]
    context = {
        "title": title,
        "url": request.get_full_path(),
        "values": values,
        "errors": errors,
        "kinds": Absence.Kind.choices,
        "people": [(str(each.id), each.name) for each in people],
        "removal": reverse("people:remove_absence", args=[row.id]) if row else "",
    }
    status = 422 if errors else 200
    below = reverse("people:working_time", args=[about.id])
    return render_in_dialog(request, _FORM, context, status=status, below=below)


def _draft(values: dict[str, str]) -> AbsenceDraft:
    since, until = read_day(values["since"]), read_day(values["until"] or values["since"])
    if since is None or until is None:
        raise Invalid(_("Choose the first and the last day."))
    return AbsenceDraft(since, until, values["kind"], read_id(values["substitute"]), values["note"][:500])
