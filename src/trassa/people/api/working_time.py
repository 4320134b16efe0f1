"""Working calendars and absences."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from trassa.api import ApiRequest, idempotent, json_response
from trassa.kernel import Forbidden, Invalid
from trassa.people.actions import (
    add_absence,
    change_absence,
    change_calendar,
    create_calendar,
    remove_absence,
    restore_calendar,
    retire_calendar,
)
from trassa.people.api.people import cause_of, require_admin
from trassa.people.calendars import format_day
from trassa.people.models import Absence, Calendar
from trassa.people.queries import (
    calendar_of,
    exceptions_of,
    find_subordinates,
    get_absence,
    get_calendar,
    get_person,
    list_absences,
    list_calendars,
    manages,
    substitutes_of,
)
from trassa.people.types import AbsenceDraft, CalendarDraft, DayHours, Duration, add_duration

router = Router()
#: Days that one answer may cover.
_MOST_DAYS = 732
_FAR = timedelta(days=_MOST_DAYS)

Hours = Annotated[str, Field(max_length=200)]


class DayEntry(Schema):
    """A day that is unlike the others; without hours it is a day off."""

    day: date
    hours: Hours = ""
    note: Annotated[str, Field(max_length=200)] = ""


class CalendarBody(Schema):
    """A calendar: hours like `09:00–13:00, 14:00–18:00` for each day of its cycle, "" for a day off.

    Without `starts_on` the cycle is a week from Monday, with it a shift pattern that begins on that day.
    `country` is `RU` or empty: whose holidays are days off.
    """

    name: Annotated[str, Field(max_length=200)]
    zone: Annotated[str, Field(max_length=64)]
    cycle: Annotated[list[Hours], Field(min_length=1, max_length=100)]
    starts_on: date | None = None
    country: Literal["", "RU"] = ""
    is_company: bool = False
    exceptions: Annotated[list[DayEntry], Field(max_length=1000)] = []

    def draft(self) -> CalendarDraft:
        """As the actions take it."""
        return CalendarDraft(
            name=self.name,
            zone=self.zone,
            cycle=tuple(self.cycle),
            starts_on=self.starts_on,
            country=self.country,
            is_company=self.is_company,
            exceptions={each.day: DayHours(each.hours, each.note) for each in self.exceptions},
        )


class NewCalendar(CalendarBody):
    """A calendar to be created."""

    code: Annotated[str, Field(max_length=64)]


class CalendarOut(NewCalendar):
    """A calendar."""

    is_retired: bool


class CalendarsOut(Schema):
    """All calendars in use, the company's first."""

    items: list[CalendarOut]


class WorkDay(Schema):
    """A day of a person; without hours they do not work."""

    day: date
    hours: str


class WorkingTimeOut(Schema):
    """By which calendar a person works ("" when the company has set up none), and their days."""

    calendar: str
    zone: str
    days: list[WorkDay]


class MomentOut(Schema):
    """A moment."""

    moment: datetime


class AbsenceBody(Schema):
    """An absence: its first and last day, and the id of who stands in."""

    since: date
    until: date
    kind: Literal["vacation", "sick", "trip", "other"] = "vacation"
    substitute: int | None = None
    note: Annotated[str, Field(max_length=500)] = ""

    def draft(self) -> AbsenceDraft:
        """As the actions take it."""
        return AbsenceDraft(self.since, self.until, self.kind, self.substitute, self.note)


class NewAbsence(AbsenceBody):
    """An absence to be entered, of a person by id."""

    person: int


class AbsenceOut(Schema):
    """An absence; `kind` and `note` are null for those who may not enter it."""

    id: int
    person: int
    since: date
    until: date
    substitute: int | None
    kind: str | None
    note: str | None


class AbsencesOut(Schema):
    """Absences by their beginning; at most 1,000."""

    items: list[AbsenceOut]


class SubstituteOut(Schema):
    """Whether somebody is away on a day, and who does their work; null when nobody stands in."""

    is_away: bool
    substitute: int | None


@router.get("/calendars", response=CalendarsOut)
def get_calendars(request: ApiRequest) -> HttpResponse:
    """All calendars in use."""
    return json_response({"items": [_calendar_json(row) for row in list_calendars()]})


@router.post("/calendars", response={201: CalendarOut})
@idempotent
def post_calendar(request: ApiRequest, body: NewCalendar) -> HttpResponse:
    """Create a calendar. Administrators only, with a token of scope `admin`."""
    require_admin(request)
    row = create_calendar(body.code, body.draft(), actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(_calendar_json(row), status=201)


@router.get("/calendars/{code}", response=CalendarOut)
def get_one_calendar(request: ApiRequest, code: str) -> HttpResponse:
    """One calendar, retired ones too."""
    return json_response(_calendar_json(get_calendar(code)))


@router.put("/calendars/{code}", response=CalendarOut)
def put_calendar(request: ApiRequest, code: str, body: CalendarBody) -> HttpResponse:
    """Make a calendar what is sent, with exactly these exceptions. Administrators only, scope `admin`."""
    require_admin(request)
    row = change_calendar(
        get_calendar(code), body.draft(), actor_id=request.auth.person_id, cause=cause_of(request)
    )
    return json_response(_calendar_json(row))


@router.post("/calendars/{code}/retire", response=CalendarOut)
def post_retirement(request: ApiRequest, code: str) -> HttpResponse:
    """Take a calendar that nobody works by out of use. Administrators only, scope `admin`."""
    require_admin(request)
    retire_calendar(get_calendar(code), actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(_calendar_json(get_calendar(code)))


@router.post("/calendars/{code}/restore", response=CalendarOut)
def post_restoration(request: ApiRequest, code: str) -> HttpResponse:
    """Bring a calendar back. Administrators only, scope `admin`."""
    require_admin(request)
    restore_calendar(get_calendar(code), actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(_calendar_json(get_calendar(code)))


@router.get("/people/{int:id}/working-time", response=WorkingTimeOut)
def get_working_time(request: ApiRequest, id: int, since: date, until: date) -> HttpResponse:
    """When a person works on each of these days, both included; at most two years."""
    get_person(id)
    if not timedelta() <= until - since < _FAR:
        raise Invalid(_("Ask for at most two years, from the first day to the last."))
    calendar = calendar_of(id)
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return json_response(
        {
            "calendar": calendar.code,
            "zone": str(calendar.zone),
            "days": [{"day": day.isoformat(), "hours": format_day(calendar.hours(day))} for day in days],
        }
    )


@router.get("/people/{int:id}/deadline", response=MomentOut)
def get_deadline(
    request: ApiRequest, id: int, start: datetime, duration: Annotated[str, Query(max_length=40)]
) -> HttpResponse:
    """The moment that lies `duration` (“2 working days”, “-4 hours”) after `start` by a person's calendar."""
    get_person(id)
    if start.tzinfo is None or not 2000 <= start.year < 2100:
        raise Invalid(_("Give a moment of this century with its offset, like 2026-06-01T09:00:00+03:00."))
    moment = add_duration(calendar_of(id), start, Duration.parse(duration))
    return json_response({"moment": moment.isoformat()})


@router.get("/people/{int:id}/substitute", response=SubstituteOut)
def get_substitute(request: ApiRequest, id: int, day: date | None = None) -> HttpResponse:
    """Who works for a person on a day, today when none is given; chains are followed."""
    get_person(id)
    found = substitutes_of([id], day)
    return json_response({"is_away": id in found, "substitute": found.get(id)})


@router.get("/absences", response=AbsencesOut)
def get_absences(request: ApiRequest, since: date, until: date, person: int | None = None) -> HttpResponse:
    """Absences that touch these days."""
    people = None if person is None else [person]
    mine = find_subordinates(request.auth.person_id) | {request.auth.person_id}
    found = list_absences(since=since, until=until, person_ids=people, limit=1000)
    return json_response({"items": [_absence_json(row, is_open=row.person_id in mine) for row in found]})


@router.post("/absences", response={201: AbsenceOut})
@idempotent
def post_absence(request: ApiRequest, body: NewAbsence) -> HttpResponse:
    """Enter an absence: one's own, or of somebody in a department below; administrators of everybody."""
    row = add_absence(
        get_person(body.person), body.draft(), actor_id=request.auth.person_id, cause=cause_of(request)
    )
    return json_response(_absence_json(row), status=201)


@router.put("/absences/{int:id}", response=AbsenceOut)
def put_absence(request: ApiRequest, id: int, body: AbsenceBody) -> HttpResponse:
    """Make an absence what is sent."""
    row = change_absence(
        _absence(request, id), body.draft(), actor_id=request.auth.person_id, cause=cause_of(request)
    )
    return json_response(_absence_json(row))


@router.delete("/absences/{int:id}", response={204: None})
def delete_absence(request: ApiRequest, id: int) -> HttpResponse:
    """Take an absence back."""
    remove_absence(_absence(request, id), actor_id=request.auth.person_id, cause=cause_of(request))
    return HttpResponse(status=204)


def _absence(request: ApiRequest, id: int) -> Absence:
    row = get_absence(id)
    me = request.auth.person_id
    if row.person_id != me and not manages(me, row.person_id):
        raise Forbidden(_("Only the person, their head or an administrator may do this."))
    return row


def _absence_json(row: Absence, *, is_open: bool = True) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "substitute": row.substitute_id,
        "kind": row.kind if is_open else None,
        "note": row.note if is_open else None,
    }


def _calendar_json(row: Calendar) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "zone": row.zone,
        "cycle": row.cycle,
        "starts_on": row.starts_on and row.starts_on.isoformat(),
        "country": row.country,
        "is_company": row.is_company,
        "exceptions": [
            {"day": each.day.isoformat(), "hours": each.hours, "note": each.note}
            for each in exceptions_of(row)
        ],
        "is_retired": row.retired_at is not None,
    }
