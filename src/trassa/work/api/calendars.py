"""Calendars of people, and when they have time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, ConfigDict

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.kernel import FieldError, Invalid
from trassa.schema.queries import current_generation
from trassa.ui import read_id
from trassa.work.api.shapes import take_moment
from trassa.work.calendar_types import LONGEST, Away, CalendarTask, Entry, Span
from trassa.work.free_time import next_free
from trassa.work.queries.calendars import list_away, list_entries, working_here
from trassa.work.queries.times import times_of

router = Router()
#: Most people of one answer.
MOST_PEOPLE = 100
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
#: Longest meeting that a time is looked for.
_MOST_MINUTES = 1440
Moment = Annotated[datetime, BeforeValidator(take_moment)]
Since = Annotated[Moment, Query(alias="from", description="With its time zone.")]
Until = Annotated[Moment, Query(alias="to", description="With its time zone; at most 62 days later.")]
People = Annotated[
    str | None,
    Query(max_length=2000, description="Ids with commas, at most 100; without them your own calendar."),
]
_TASK: dict[str, Any] = {
    "id": 31,
    "kind": "meeting",
    "title": "Показ BMW X5",
    "record": 2048,
    "record_type": "deal",
    "record_title": "BMW X5 — Егоров Пётр",
    "owner": 7,
    "estimate_minutes": 60,
    "state": "open",
    "version": 1,
    "can_change": True,
}


class CalendarTaskOut(Schema):
    """A task that you see."""

    id: int
    kind: str
    title: str
    record: int | None
    record_type: str | None
    record_title: str
    owner: int | None
    estimate_minutes: int | None
    state: str
    version: int
    can_change: bool


class CalendarEntryOut(Schema):
    """Something in calendars; without `task` you may only know that the time is taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "people": [7],
                    "start": "2026-11-27T12:00:00Z",
                    "end": "2026-11-27T13:00:00Z",
                    "busy": True,
                    "task": _TASK,
                }
            ]
        }
    )

    people: list[int]
    start: datetime
    end: datetime
    busy: bool
    task: CalendarTaskOut | None


class DaysAwayOut(Schema):
    """Days on which somebody is away, both included; `kind` only for whom it concerns, else ""."""

    person: int
    since: date
    until: date
    kind: str


class CalendarEntriesOut(Schema):
    """What stands in the calendars. `more`: not everything was told, ask for less at once."""

    items: list[CalendarEntryOut]
    away: list[DaysAwayOut]
    more: bool


class TimeSpanOut(Schema):
    """A time from and to."""

    start: datetime
    end: datetime


class PersonTimesOut(Schema):
    """When somebody works, what of it is taken, and when they are away."""

    person: int
    work: list[TimeSpanOut]
    busy: list[TimeSpanOut]
    away: list[DaysAwayOut]


class FreeBusyOut(Schema):
    """The time of several people; `next_free` is the first at which all of them are free so long."""

    items: list[PersonTimesOut]
    next_free: datetime | None


@router.get("/calendar", response=CalendarEntriesOut)
def get_calendar(request: ApiRequest, since: Since, until: Until, people: People = None) -> HttpResponse:
    """What stands in calendars between two moments: of colleagues, words only of what you see."""
    actor = actor_of_call(request)
    check_period(since, until)
    ids = people_of(actor, people)
    found = list_entries(actor, ids, since, until)
    away = list_away(actor, ids, since, until)
    return json_response(
        {
            "items": [entry_json(each) for each in found.items],
            "away": [away_json(each) for each in away],
            "more": found.more,
        }
    )


@router.get("/calendar/free-busy", response=FreeBusyOut)
def get_free_busy(
    request: ApiRequest,
    since: Since,
    until: Until,
    people: People = None,
    minutes: Annotated[int, Query(ge=1, le=_MOST_MINUTES, description="How long all are to be free.")] = 60,
) -> HttpResponse:
    """When people have time, and when all of them are free next. Says nothing of what takes it."""
    actor = actor_of_call(request)
    check_period(since, until)
    ids = people_of(actor, people)
    times = times_of(actor, ids, since, until)
    items = [
        {
            "person": id,
            "work": spans_json(times.work[id]),
            "busy": spans_json(times.busy[id]),
            "away": [away_json(each) for each in times.away.get(id, ())],
        }
        for id in ids
    ]
    free = next_free(times, ids, since, timedelta(minutes=minutes))
    return json_response({"items": items, "next_free": free})


def check_period(since: datetime, until: datetime) -> None:
    """Raises Invalid for what is no period of sensible length."""
    faults = [
        FieldError(name, "no_zone", _("Give the moment with its time zone."))
        for name, moment in (("from", since), ("to", until))
        if moment.tzinfo is None
    ]
    if not faults and not all(_FIRST_YEAR <= each.year <= _LAST_YEAR for each in (since, until)):
        faults = [FieldError("from", "out_of_range", _("This moment cannot be kept."))]
    if not faults and not since < until <= since + LONGEST:
        faults = [
            FieldError("to", "out_of_range", _("Ask for at most 62 days, the end behind the beginning."))
        ]
    if faults:
        raise Invalid(_("Check the parameters of the address."), errors=faults)


def people_of(actor: Actor, raw: str | None) -> list[int]:
    """The people asked for; raises Invalid for who does not work here."""
    if raw is None:
        return [actor.id] if actor.id is not None else []
    texts = [each.strip() for each in raw.split(",")]
    ids = [id for each in texts if (id := read_id(each)) is not None]
    if len(ids) < len(texts) or len(ids) > MOST_PEOPLE or set(ids) - set(working_here(ids)):
        message = _("Name people who work here by their ids, at most 100.")
        raise Invalid(message, errors=[FieldError("people", "unknown", message)])
    return list(dict.fromkeys(ids))


def entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "people": list(entry.person_ids),
        "start": entry.start,
        "end": entry.end,
        "busy": entry.is_busy,
        "task": task_json(entry.task) if entry.task else None,
    }


def task_json(task: CalendarTask) -> dict[str, Any]:
    spec = current_generation().types_by_id.get(task.type_id or 0)
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "record": task.record_id,
        "record_type": spec.code if spec else None,
        "record_title": task.record_title,
        "owner": task.owner_id,
        "estimate_minutes": task.estimate_minutes,
        "state": task.state,
        "version": task.version,
        "can_change": task.can_change,
    }


def away_json(away: Away) -> dict[str, Any]:
    return {"person": away.person_id, "since": away.since, "until": away.until, "kind": away.kind}


def spans_json(spans: Sequence[Span]) -> list[dict[str, datetime]]:
    return [{"start": start, "end": end} for start, end in spans]
