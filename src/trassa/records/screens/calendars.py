"""A calendar as it is drawn: the days of a month or a week with their records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from trassa.access.types import Row, Verb
from trassa.kernel import company_zone, format_decimal, today
from trassa.records.queries.arrangements import DAY_BASE, day_codes, is_day
from trassa.records.queries.calendars import DayRecords, list_days
from trassa.records.screens.addresses import Address
from trassa.records.screens.boards import row_of
from trassa.records.screens.cells import card_stem
from trassa.records.screens.columns import label_of
from trassa.records.screens.controls import is_editable
from trassa.records.screens.saved_views import Place
from trassa.records.screens.tones import tone_of
from trassa.records.types import Record

Span = Literal["month", "week"]
#: Records that a day shows.
PER_DAY: Mapping[Span, int] = {"month": 4, "week": 40}
#: Years outside are typing errors.
FIRST_YEAR, LAST_YEAR = 1900, 2200
WEEK = 7


@dataclass(frozen=True, slots=True)
class Event:
    """One record on its day."""

    id: int
    version: int
    url: str
    text: str
    #: "15:00", "" for a date without a time.
    time: str
    #: The class of its stage's colour.
    tone: str
    #: Whether it can be moved to another day.
    is_movable: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid."""

    #: "2026-11-26".
    key: str
    number: int
    #: For those who do not see the grid: «четверг, 26 ноября».
    label: str
    is_today: bool
    is_other_month: bool
    events: Sequence[Event]
    #: How many more there are, "" when all are shown, and the list of the whole day.
    more: str
    url: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is shown, and the ways to other days, spans and dates."""

    title: str
    span: Span
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day]]
    is_empty: bool
    #: Code of the date that it goes by, where a move is saved, and whether it has a time.
    code: str
    label: str
    earlier_url: str
    later_url: str
    today_url: str
    month_url: str
    week_url: str
    #: Dates that it can go by: words, address, whether it is this one.
    dates: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Position:
    """Which days: the month of a day, or its week."""

    span: Span
    day: date

    @classmethod
    def of(cls, month: str, week: str) -> "Position":
        """The position of `?month=2026-11` or `?week=2026-11-23`; this month when neither is one."""
        for span, text in (("week", week), ("month", f"{month}-01")):
            try:
                day = date.fromisoformat(text)
            except ValueError:
                continue
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return cls("week" if span == "week" else "month", day)
        return cls("month", today())

    @property
    def days(self) -> list[date]:
        """The days of the grid: whole weeks from Monday on."""
        first = self.day if self.span == "week" else self.day.replace(day=1)
        start = first - timedelta(days=first.weekday())
        last = self.day if self.span == "week" else month_after(first) - timedelta(days=1)
        return [start + timedelta(days=number) for number in range((last - start).days // WEEK * WEEK + WEEK)]

    @property
    def parameters(self) -> dict[str, str]:
        """As an address carries it."""
        return {"week": self.day.isoformat()} if self.span == "week" else {"month": f"{self.day:%Y-%m}"}

    def moved(self, by: int) -> "Position":
        """The span before (-1) or after (1)."""
        if self.span == "week":
            return replace(self, day=self.day + by * timedelta(days=WEEK))
        first = self.day.replace(day=1)
        return replace(self, day=month_after(first) if by > 0 else (first - timedelta(days=1)).replace(day=1))


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def chosen_code(place: Place) -> str:
    """The date that the calendar goes by: the one asked for, else the first field with a date."""
    actor, spec = place.actor, place.spec
    asked = place.address.arrangement.day
    return asked if is_day(actor, spec, asked) else day_codes(actor, spec)[0]


def make_calendar(place: Place, position: Position) -> Calendar:
    """The calendar of a place; two statements."""
    address, spec = place.address, place.spec
    code = chosen_code(place)
    days = position.days
    query = address.query(place.actor, spec)
    found = list_days(place.actor, spec, query, code, days, per_day=PER_DAY[position.span])
    make = EventMaker(place, code)
    drawn = [make.day(day, found.get(day, DayRecords()), position) for day in days]
    here = today()
    return Calendar(
        title=title_of(position),
        span=position.span,
        weekdays=[str(WEEKDAYS_ABBR[number]) for number in range(WEEK)],
        weeks=[drawn[start : start + WEEK] for start in range(0, len(drawn), WEEK)],
        is_empty=not found,
        code=code,
        label=label_of(spec, code),
        earlier_url=address.joined(position.moved(-1).parameters),
        later_url=address.joined(position.moved(1).parameters),
        today_url=address.joined(replace(position, day=here).parameters),
        month_url=address.joined(replace(position, span="month").parameters),
        week_url=address.joined(replace(position, span="week", day=week_day(position)).parameters),
        dates=[
            (label_of(spec, each), address.arranged(day=each).joined(position.parameters), each == code)
            for each in day_codes(place.actor, spec)
        ],
    )


def week_day(position: Position) -> date:
    """The day whose week a month leads to: today in this month, else the first."""
    here = today()
    same = (here.year, here.month) == (position.day.year, position.day.month)
    return here if position.span == "month" and same else position.day


def title_of(position: Position) -> str:
    """ "Ноябрь 2026", "23–29 ноября 2026"."""
    days = position.days
    first, last = days[0], days[-1]
    if position.span == "month":
        return f"{str(MONTHS[position.day.month]).capitalize()} {position.day.year}"
    return f"{first:%d.%m}–{last:%d.%m.%Y}"


class EventMaker:
    """Makes the days of one calendar."""

    def __init__(self, place: Place, code: str) -> None:
        self._place = place
        self._code = code
        field = None if code in DAY_BASE else place.spec.by_code[code]
        self._is_editable = field is not None and is_editable(place.actor, field)
        self._stem = card_stem(place.spec.code)
        stages = (stage for pipeline in place.spec.pipelines for stage in pipeline.stages)
        self._tones = {stage.id: tone_of(stage.color) for stage in stages}
        self._zone = company_zone()
        self._listed: Address = replace(
            place.address, path=reverse("records:list", args=[place.spec.code])
        ).arranged(day="")

    def day(self, day: date, found: DayRecords, position: Position) -> Day:
        """One day of the grid."""
        events = [self.event(record) for record in found.records]
        hidden = found.count - len(events)
        more = _("%s more") % format_decimal(hidden) if hidden > 0 else ""
        return Day(
            key=day.isoformat(),
            number=day.day,
            label=f"{day:%d.%m.%Y}",
            is_today=day == today(),
            is_other_month=position.span == "month" and day.month != position.day.month,
            events=events,
            more=more,
            url=self.list_url(day),
        )

    def list_url(self, day: date) -> str:
        """The list of everything on a day."""
        since = self._listed.with_condition(self._code, day.isoformat(), "gte")
        return since.with_condition(self._code, day.isoformat(), "lte").url

    def event(self, record: Record) -> Event:
        """One record."""
        row: Row = row_of(self._place.spec, record)
        movable = self._is_editable and self._place.actor.may(Verb.EDIT, row)
        return Event(
            id=record.id,
            version=record.version,
            url=f"{self._stem}{record.id}/",
            text=record.title,
            time=self.time_of(record),
            tone=self._tones.get(record.stage_id or 0, ""),
            is_movable=movable,
        )

    def time_of(self, record: Record) -> str:
        """The time of day in the company's zone."""
        value: Any = getattr(record, self._code) if self._code in DAY_BASE else record.values.get(self._code)
        return f"{value.astimezone(self._zone):%H:%M}" if isinstance(value, datetime) else ""
