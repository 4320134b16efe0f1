"""Working calendars: their list, one of them with its year. For administrators."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import Invalid, NotFound, today
from trassa.people.actions import (
    change_calendar,
    clear_exception,
    create_calendar,
    restore_calendar,
    retire_calendar,
    set_exception,
)
from trassa.people.calendars import format_day, holiday_name
from trassa.people.models import Calendar
from trassa.people.queries import (
    administrator_of,
    as_working,
    count_users,
    exceptions_of,
    get_calendar,
    list_calendars,
    list_retired_calendars,
)
from trassa.people.screens.calendars import (
    CalendarForm,
    calendar_words,
    read_day,
    year_view,
)
from trassa.people.types import DayHours
from trassa.people.views.answers import done_or_refused
from trassa.ui import read_id, reload_page, render, render_in_dialog

_DAY_FORM = "people/calendar_day.html"
#: Years that the holidays are known for.
_YEARS = range(2000, 2100)


@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """All calendars."""
    administrator_of(request)
    rows = [(row, calendar_words(as_working(row, ())), count_users(row.code)) for row in list_calendars()]
    context = {"rows": rows, "retired": list_retired_calendars()}
    return render(request, "people/calendars.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new calendar."""
    actor = administrator_of(request)
    if request.method != "POST":
        return _page(request, CalendarForm.new())
    form = CalendarForm.read(request.POST)
    try:
        made = create_calendar(form.code, form.draft(), actor_id=actor.id)
    except Invalid as refusal:
        return _page(request, replace(form, errors=refusal.by_field))
    return HttpResponseRedirect(reverse("people:calendar", args=[made.code]))


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One calendar and its year (`?year=`); a POST changes it."""
    actor = administrator_of(request)
    row = get_calendar(code)
    if request.method != "POST":
        return _page(request, CalendarForm.of(row), row)
    form = replace(CalendarForm.read(request.POST), code=row.code)
    try:
        change_calendar(row, form.draft(exceptions_of(row)), actor_id=actor.id)
    except Invalid as refusal:
        return _page(request, replace(form, errors=refusal.by_field), row)
    return HttpResponseRedirect(reverse("people:calendar", args=[row.code]))


def _page(request: HttpRequest, form: CalendarForm, row: Calendar | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "about": row,
        "zones": sorted(available_timezones()),
        "view": None,
    }
    if row is not None:
        exceptions = exceptions_of(row)
        notes = {each.day: each.note for each in exceptions}
        context["view"] = year_view(as_working(row, exceptions), year_of(request), notes=notes)
    return render(request, "people/calendar.html", context, status=422 if form.errors else 200)


def year_of(request: HttpRequest) -> int:
    """The year of `?year=`, or this one."""
    year = read_id(request.GET.get("year", "")) or 0
    return year if year in _YEARS else today().year


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The dialog with one day; a POST sets its `hours`, or makes it `usual` again."""
    actor = administrator_of(request)
    row, which = get_calendar(code), read_day(day)
    if which is None or which.year not in _YEARS:
        raise NotFound(_("There is no such day."))
    error = ""
    if request.method == "POST":
        try:
            if "usual" in request.POST:
                clear_exception(row, which, actor_id=actor.id)
            else:
                hours = DayHours(request.POST.get("hours", ""), request.POST.get("note", "")[:200])
                set_exception(row, which, hours, actor_id=actor.id)
            return reload_page()
        except Invalid as refusal:
            error = str(refusal)
    context = _day(request, row, which, error)
    return render_in_dialog(request, _DAY_FORM, context, status=422 if error else 200)


def _day(request: HttpRequest, row: Calendar, which: date, error: str) -> dict[str, Any]:
    exceptions = exceptions_of(row)
    calendar = as_working(row, exceptions)
    known = next((each for each in exceptions if each.day == which), None)
    return {
        "row": row,
        "day": which,
        "holiday": holiday_name(calendar, which),
        "usual": format_day(replace(calendar, exceptions={}).hours(which)),
        "is_changed": known is not None,
        "hours": request.POST.get("hours", format_day(calendar.hours(which))),
        "note": request.POST.get("note", known.note if known else ""),
        "error": error,
    }


@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a calendar out of use; refused while somebody works by it."""
    actor = administrator_of(request)
    return done_or_refused(lambda: retire_calendar(get_calendar(code), actor_id=actor.id))


@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Brings a calendar back."""
    actor = administrator_of(request)
    restore_calendar(get_calendar(code), actor_id=actor.id)
    return reload_page()
