"""Working calendars come, change and go. Administrators keep them."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal import Json
from trassa.kernel import FieldError, Invalid, now
from trassa.people.actions.working_time import tell_working_time
from trassa.people.calendars import format_day, parse_day
from trassa.people.codes import check_code
from trassa.people.history import additions, differences, write_entry
from trassa.people.models import Calendar, CalendarException, Department, Person
from trassa.people.queries import require_administrator
from trassa.people.types import NO_CAUSE, CalendarDraft, Cause, DayHours

#: Longest shift pattern, in days.
_CYCLE_DAYS = 100


@transaction.atomic
def create_calendar(
    code: str, draft: CalendarDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> Calendar:
    """Create a calendar; the company's takes the place of the one before."""
    require_administrator(actor_id)
    check_code(code)
    if Calendar.objects.filter(code=code).exists():
        message = _("There is a calendar with this code.")
        raise Invalid(message, errors=[FieldError("code", "taken", message)])
    row = Calendar(code=code)
    _save(row, draft)
    write_entry("created", ("calendar", row.id), additions(_state(row)), actor_id=actor_id, cause=cause)
    tell_working_time(None)
    return row


@transaction.atomic
def change_calendar(
    calendar: Calendar, draft: CalendarDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> Calendar:
    """Make a calendar what the draft says; returns the row as it is now."""
    require_administrator(actor_id)
    row = _locked(calendar)
    before = _state(row)
    _save(row, draft)
    _note(row, before, actor_id=actor_id, cause=cause)
    return row


@transaction.atomic
def set_exception(
    calendar: Calendar, day: date, hours: DayHours, *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> None:
    """Say what holds on one day; without hours it is a day off."""
    require_administrator(actor_id)
    row = _locked(calendar)
    before = _state(row)
    stored = {"hours": _clean_hours(hours.hours, "hours"), "note": hours.note.strip()}
    CalendarException.objects.update_or_create(calendar=row, day=day, defaults=stored)
    _note(row, before, actor_id=actor_id, cause=cause)


@transaction.atomic
def clear_exception(calendar: Calendar, day: date, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Let a day be as usual again."""
    require_administrator(actor_id)
    row = _locked(calendar)
    before = _state(row)
    row.exceptions.filter(day=day).delete()
    _note(row, before, actor_id=actor_id, cause=cause)


@transaction.atomic
def retire_calendar(calendar: Calendar, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Take a calendar out of use; refused while people or departments have it."""
    require_administrator(actor_id)
    row = _locked(calendar)
    if row.retired_at is not None:
        return
    people = Person.objects.filter(calendar=row, is_active=True).count()
    departments = Department.objects.filter(calendar=row, retired_at=None).count()
    if people or departments:
        message = _("%(people)s people and %(departments)s departments work by “%(name)s”.")
        said = {"people": people, "departments": departments, "name": row.name}
        raise Invalid(message % said, code="calendar_in_use")
    row.retired_at = now()
    row.save(update_fields=["retired_at"])
    write_entry("retired", ("calendar", row.id), {}, actor_id=actor_id, cause=cause)
    tell_working_time(None)


@transaction.atomic
def restore_calendar(calendar: Calendar, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Bring a retired calendar back; it is not the company's until somebody says so."""
    require_administrator(actor_id)
    row = _locked(calendar)
    if row.retired_at is None:
        return
    row.retired_at, row.is_company = None, False
    row.save(update_fields=["retired_at", "is_company"])
    write_entry("restored", ("calendar", row.id), {}, actor_id=actor_id, cause=cause)
    tell_working_time(None)


def _locked(calendar: Calendar) -> Calendar:
    return Calendar.objects.select_for_update().get(id=calendar.id)


def _note(row: Calendar, before: Mapping[str, Json], *, actor_id: int | None, cause: Cause) -> None:
    """One line of history, and word to those who reckon with working time; nothing when nothing changed."""
    made = differences(before, _state(row))
    if made:
        write_entry("changed", ("calendar", row.id), made, actor_id=actor_id, cause=cause)
        tell_working_time(None)


def _save(row: Calendar, draft: CalendarDraft) -> None:
    row.name, row.zone = draft.name.strip(), draft.zone
    row.cycle = [_clean_hours(hours, f"day{number}") for number, hours in enumerate(draft.cycle, 1)]
    row.starts_on, row.country, row.is_company = draft.starts_on, draft.country, draft.is_company
    _check(row)
    if row.is_company:
        # Only one calendar is the company's.
        for other in Calendar.objects.select_for_update().filter(is_company=True).exclude(id=row.id):
            other.is_company = False
            other.save(update_fields=["is_company"])
    row.save()
    row.exceptions.exclude(day__in=draft.exceptions).delete()
    for day, hours in draft.exceptions.items():
        stored = {"hours": _clean_hours(hours.hours, "exceptions"), "note": hours.note.strip()}
        CalendarException.objects.update_or_create(calendar=row, day=day, defaults=stored)


def _clean_hours(text: str, field: str) -> str:
    try:
        return format_day(parse_day(text))
    except Invalid as refusal:
        raise Invalid(refusal.message, errors=[FieldError(field, refusal.code, refusal.message)]) from None


def _check(row: Calendar) -> None:
    errors = []
    if not row.name:
        errors.append(FieldError("name", "required", _("A calendar needs a name.")))
    if row.zone not in available_timezones():
        errors.append(
            FieldError("zone", "unknown", _("There is no such time zone; write it like Europe/Moscow."))
        )
    if row.starts_on is None and len(row.cycle) != 7:
        errors.append(FieldError("cycle", "not_a_week", _("A week has seven days.")))
    if not 0 < len(row.cycle) <= _CYCLE_DAYS:
        errors.append(FieldError("cycle", "too_long", _("A shift pattern has from 1 to 100 days.")))
    if not any(row.cycle):
        errors.append(FieldError("cycle", "no_work", _("Give at least one day working hours.")))
    if row.country not in ("", "RU"):
        errors.append(FieldError("country", "unknown", _("Holidays of this country are not known here.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)


def _state(row: Calendar) -> dict[str, Json]:
    return {
        "code": row.code,
        "name": row.name,
        "zone": row.zone,
        "cycle": list(row.cycle),
        "starts_on": row.starts_on.isoformat() if row.starts_on else None,
        "country": row.country,
        "is_company": row.is_company,
        "exceptions": [
            {"day": each.day.isoformat(), "hours": each.hours, "note": each.note}
            for each in row.exceptions.order_by("day")
        ],
    }
