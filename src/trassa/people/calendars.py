"""Working time as pure functions: which moments are worked, and durations over them.

A calendar says for every day, in its own zone, when there is work; everything here is computed on moments in
UTC, so a change of clocks lengthens or shortens the night and not the work. Nothing here reads the database.
See docs/decisions/0010-timers.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trassa.kernel import Invalid, company_zone
from trassa.people.durations import Duration

#: Minutes since midnight from and to; an end past 1,440 lies on the next day.
Interval: TypeAlias = tuple[int, int]
Day: TypeAlias = tuple[Interval, ...]
#: Moments in UTC from and to.
Span: TypeAlias = tuple[datetime, datetime]

MIDNIGHT = 24 * 60
#: Days without any work after which looking on makes no sense.
HORIZON_DAYS = 3 * 366
NOTHING = timedelta()
ONE_DAY = timedelta(days=1)

_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")


def parse_day(text: str) -> Day:
    """Read “09:00–13:00, 14:00–18:00”; "" is a day off, an earlier end is on the next day."""
    found: list[Interval] = []
    for part in (each.strip() for each in text.split(",") if each.strip()):
        match = _INTERVAL.fullmatch(part)
        hours = [int(each) for each in match.groups()] if match else []
        if not hours or max(hours[1], hours[3]) > 59 or hours[0] > 23 or hours[2] * 60 + hours[3] > MIDNIGHT:
            message = _("“%s” is not working time. Write it like 09:00–18:00.")
            raise Invalid(message % part, code="invalid_hours")
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        found.append((start, end if end > start else end + MIDNIGHT))
    for before, after in pairwise(found):
        if after[0] < before[1]:
            raise Invalid(_("Working times of a day must follow one another."), code="invalid_hours")
    return tuple(found)


def format_day(day: Day) -> str:
    """As `parse_day` reads it."""
    return ", ".join(f"{_clock(start)}–{_clock(end, is_end=True)}" for start, end in day)


def _clock(minutes: int, *, is_end: bool = False) -> str:
    if minutes > MIDNIGHT or (minutes == MIDNIGHT and not is_end):
        minutes -= MIDNIGHT
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int, language: str) -> Mapping[date, str]:
    """Days off of a country in a year with their names, transferred ones too."""
    found = holidays.country_holidays(country, years=year, language={"ru": "ru", "en": "en_US"}[language])
    return MappingProxyType({day: name for day, name in found.items() if day.year == year})


@lru_cache(maxsize=256)
def worked_weekends(country: str, year: int) -> frozenset[date]:
    """Days at weekends that are worked, because their rest was transferred."""
    found = holidays.country_holidays(country, years=year)
    return frozenset(day for day in found.weekend_workdays if day.year == year)


def holiday_name(calendar: "WorkingCalendar", day: date) -> str:
    """What is celebrated on a day by a calendar, in the language of the reader."""
    if not calendar.country:
        return ""
    return public_holidays(calendar.country, day.year, get_language() or "ru").get(day, "")


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When there is work. Days are those of `zone`.

    `cycle` repeats: seven days from Monday, or a shift pattern whose first day is `starts_on`. What is nearer
    to the day wins: rest of a person, then an exception, then a holiday, then the cycle.
    """

    code: str
    name: str
    zone: ZoneInfo
    cycle: tuple[Day, ...]
    starts_on: date | None = None
    #: The country whose holidays are days off; "" for a calendar without.
    country: str = ""
    exceptions: Mapping[date, Day] = field(default_factory=lambda: MappingProxyType({}))
    #: First and last days on which a person does not work and nobody stands in.
    rests: tuple[tuple[date, date], ...] = ()

    def with_rests(self, rests: Sequence[tuple[date, date]]) -> "WorkingCalendar":
        """The calendar of somebody who is away on these days."""
        return replace(self, rests=tuple(rests)) if rests else self

    def hours(self, day: date) -> Day:
        """When there is work on a day, by the clock of the calendar."""
        if any(since <= day <= until for since, until in self.rests):
            return ()
        if day in self.exceptions:
            return self.exceptions[day]
        if self.country and day in public_holidays(self.country, day.year, "ru"):
            return ()
        if self.country and self.starts_on is None and day in worked_weekends(self.country, day.year):
            return self._usual_day()
        return self.usual_hours(day)

    def usual_hours(self, day: date) -> Day:
        """What the cycle says, holidays and exceptions apart."""
        first = self.starts_on or date(2024, 1, 1)
        return self.cycle[(day - first).days % len(self.cycle)]

    def _usual_day(self) -> Day:
        """The hours of a weekend that is worked: those of the last working day of the week."""
        return next((day for day in reversed(self.cycle[:5]) if day), ())

    def moment(self, day: date, minutes: int) -> datetime:
        """A time of the clock as a moment; a repeated hour is the first, a skipped one passes."""
        later, minute = divmod(minutes, MIDNIGHT)
        local = datetime.combine(day + timedelta(days=later), time(minute // 60, minute % 60), self.zone)
        return local.astimezone(UTC)

    def spans(self, day: date) -> list[Span]:
        """The work of a day as moments in order, without what the night shift before still holds."""
        before = day - ONE_DAY
        floor = max((self.moment(before, end) for _start, end in self.hours(before)), default=None)
        found: list[Span] = []
        for start, end in self.hours(day):
            since, until = self.moment(day, start), self.moment(day, end)
            since = max(since, floor) if floor else since
            if since < until:
                found.append((since, until))
                floor = until
        return found

    def day_of(self, moment: datetime) -> date:
        """The date of a moment in the calendar's zone."""
        return moment.astimezone(self.zone).date()


def add_duration(calendar: WorkingCalendar, start: datetime, duration: Duration) -> datetime:
    """The moment that lies `duration` after `start`, before it when negative; raises NoWorkingTime."""
    if duration.is_working:
        if duration.unit == "day":
            return add_working_days(calendar, start, duration.amount)
        return add_working(calendar, start, duration.clock)
    if duration.unit == "day":
        # Days keep the time of the clock whatever happens to the clocks between.
        local = start.astimezone(calendar.zone) + duration.clock
        return local.astimezone(UTC)
    return start.astimezone(UTC) + duration.clock


def add_working(calendar: WorkingCalendar, start: datetime, duration: timedelta) -> datetime:
    """The first moment by which `duration` of work has passed since `start`; raises NoWorkingTime.

    A negative duration gives the last moment from which that much work is left until `start`.
    """
    start, left = start.astimezone(UTC), abs(duration)
    if left == NOTHING:
        return start
    is_ahead = duration > NOTHING
    for since, until in _ahead(calendar, start) if is_ahead else _behind(calendar, start):
        length = until - since
        if left <= length:
            return since + left if is_ahead else until - left
        left -= length
    raise NoWorkingTime(calendar)


def working_between(calendar: WorkingCalendar, since: datetime, until: datetime) -> timedelta:
    """How much work lies between two moments; negative when the second is the earlier one."""
    # Python compares moments of one zone by their clocks, and clocks repeat an hour a year.
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if until < since:
        return -working_between(calendar, until, since)
    total, day, last = NOTHING, calendar.day_of(since) - ONE_DAY, calendar.day_of(until)
    while day <= last:
        for start, end in calendar.spans(day):
            total += max(NOTHING, min(end, until) - max(start, since))
        day += ONE_DAY
    return total


def is_working_at(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Whether there is work at a moment."""
    day = calendar.day_of(moment)
    return any(
        since <= moment < until for each in (day - ONE_DAY, day) for since, until in calendar.spans(each)
    )


def add_working_days(calendar: WorkingCalendar, start: datetime, count: int) -> datetime:
    """The same time of the clock `count` worked days later, within that day's hours; raises NoWorkingTime.

    From outside work, whole days count: on Saturday one working day ends with Monday's work.
    """
    start = start.astimezone(UTC)
    if count == 0:
        return start
    step = ONE_DAY if count > 0 else -ONE_DAY
    within = _day_around(calendar, start)
    if within is not None:
        day = _worked_day(calendar, within, step, abs(count), is_first=False)
        local = start.astimezone(calendar.zone) + (day - within)
        first, last = _ends(calendar, day)
        return min(max(local.astimezone(UTC), first), last)
    day = calendar.day_of(start)
    if count > 0 and any(until <= start for _since, until in calendar.spans(day)):
        day += ONE_DAY
    if count < 0 and any(since >= start for since, _until in calendar.spans(day)):
        day -= ONE_DAY
    first, last = _ends(calendar, _worked_day(calendar, day, step, abs(count), is_first=True))
    return last if count > 0 else first


def _day_around(calendar: WorkingCalendar, moment: datetime) -> date | None:
    """The day between whose first and last minute of work a moment lies."""
    day = calendar.day_of(moment)
    for each in (day - ONE_DAY, day):
        spans = calendar.spans(each)
        if spans and spans[0][0] < moment < spans[-1][1]:
            return each
    return None


def _worked_day(calendar: WorkingCalendar, day: date, step: timedelta, count: int, *, is_first: bool) -> date:
    """The `count`th day with work from `day` on, which itself counts when `is_first`."""
    if not is_first:
        day += step
    for _idle in range(HORIZON_DAYS + count * 7):
        count -= bool(calendar.spans(day))
        if count == 0:
            return day
        day += step
    raise NoWorkingTime(calendar)


def _ends(calendar: WorkingCalendar, day: date) -> Span:
    spans = calendar.spans(day)
    return spans[0][0], spans[-1][1]


def _ahead(calendar: WorkingCalendar, start: datetime) -> Iterator[Span]:
    """Work from a moment on, as far as there is any."""
    day, idle = calendar.day_of(start) - ONE_DAY, 0
    while idle <= HORIZON_DAYS:
        spans = [(max(since, start), until) for since, until in calendar.spans(day) if until > start]
        yield from spans
        idle = 0 if spans else idle + 1
        day += ONE_DAY


def _behind(calendar: WorkingCalendar, start: datetime) -> Iterator[Span]:
    """Work before a moment, the nearest first."""
    day, idle = calendar.day_of(start), 0
    while idle <= HORIZON_DAYS:
        spans = [(since, min(until, start)) for since, until in calendar.spans(day) if since < start]
        yield from reversed(spans)
        idle = 0 if spans else idle + 1
        day -= ONE_DAY


class NoWorkingTime(Invalid):
    """A calendar has no work for years on."""

    code = "no_working_time"

    def __init__(self, calendar: WorkingCalendar) -> None:
        super().__init__(_("In calendar “%s” there is no working time for years on.") % calendar.name)


_OFFICE: Day = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))


def built_in_calendar() -> WorkingCalendar:
    """What counts for a company that has set up no calendar: five days of eight hours, Russian holidays."""
    name = str(_("Five days a week, 9:00–18:00"))
    return WorkingCalendar("", name, company_zone(), (*[_OFFICE] * 5, (), ()), country="RU")
