"""What the pages of calendars and absences show: years of days, months of people, forms."""

from calendar import Calendar as Grid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from trassa.kernel import company_zone, today
from trassa.people.calendars import WorkingCalendar, format_day, holiday_name
from trassa.people.models import Absence, Calendar, CalendarException, Person
from trassa.people.types import CalendarDraft, DayHours
from trassa.ui import date_and_weekday

_MONDAY_FIRST = Grid(firstweekday=0)
#: How a day off is written among the days of a shift pattern.
_OFF = "—"
_OFF_SIGNS = frozenset({"", "-", "–", "—"})


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a year: `kind` is work, off, holiday, changed or away; `title` tells all of it."""

    day: date
    kind: str
    title: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A month as weeks of seven cells from Monday; None outside of it."""

    label: str
    weeks: Sequence[Sequence[DayCell | None]]
    working_days: int
    hours: str


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of a calendar."""

    year: int
    months: Sequence[MonthGrid]
    weekdays: Sequence[str]
    working_days: int
    hours: str


def year_view(
    calendar: WorkingCalendar,
    year: int,
    *,
    notes: Mapping[date, str] | None = None,
    absences: Sequence[Absence] = (),
) -> YearView:
    """A year of a calendar with holidays, exceptions (`notes` says why) and somebody's absences."""
    months = [_month(calendar, year, month, notes or {}, absences) for month in range(1, 13)]
    minutes = sum(_minutes(calendar, day) for day in _days_of(year))
    worked = sum(month.working_days for month in months)
    weekdays = [str(WEEKDAYS_ABBR[number]) for number in range(7)]
    return YearView(year, months, weekdays, worked, _hours(minutes))


def _month(
    calendar: WorkingCalendar, year: int, month: int, notes: Mapping[date, str], absences: Sequence[Absence]
) -> MonthGrid:
    weeks = [
        [_cell(calendar, day, notes, absences) if day.month == month else None for day in week]
        for week in _MONDAY_FIRST.monthdatescalendar(year, month)
    ]
    days = [cell.day for week in weeks for cell in week if cell is not None]
    minutes = [_minutes(calendar, day) for day in days]
    return MonthGrid(str(MONTHS[month]), weeks, sum(1 for each in minutes if each), _hours(sum(minutes)))


def _cell(
    calendar: WorkingCalendar, day: date, notes: Mapping[date, str], absences: Sequence[Absence]
) -> DayCell:
    hours = format_day(calendar.hours(day)) or _("day off")
    away = next((each for each in absences if each.since <= day <= each.until), None)
    holiday = holiday_name(calendar, day)
    kind = "work" if calendar.hours(day) else "off"
    if away is not None:
        kind = "away"
    elif day in calendar.exceptions:
        kind = "changed"
    elif holiday:
        kind = "holiday"
    parts = [date_and_weekday(day), hours]
    parts += [holiday, notes.get(day, ""), str(away.get_kind_display()) if away else ""]
    return DayCell(day, kind, " · ".join(part for part in parts if part), day == today())


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _minutes(calendar: WorkingCalendar, day: date) -> int:
    return sum(end - start for start, end in calendar.hours(day))


def _hours(minutes: int) -> str:
    """Hours with at most one decimal."""
    return f"{minutes / 60:.1f}".removesuffix(".0").replace(".", ",")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a month in a row: someone is away (`label`, `title`) or not."""

    days: int
    absence_id: int | None = None
    label: str = ""
    title: str = ""
    #: Who looks may change it.
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class TeamRow:
    person: Person
    stretches: Sequence[Stretch]
    #: Who looks may enter absences of this person.
    is_open: bool


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """A month of people: who is away when."""

    label: str
    #: Number of the day, its weekday, whether the company rests, whether it is today.
    days: Sequence[tuple[int, str, bool, bool]]
    rows: Sequence[TeamRow]
    before: str
    after: str


def team_month(
    first: date,
    people: Sequence[Person],
    absences: Sequence[Absence],
    company: WorkingCalendar,
    *,
    mine: set[int],
) -> TeamMonth:
    """The month that begins on `first`; kinds and notes only of those in `mine`."""
    following = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=number) for number in range((following - first).days)]
    by_person: dict[int, list[Absence]] = {}
    for each in absences:
        by_person.setdefault(each.person_id, []).append(each)
    rows = [
        TeamRow(each, _stretches(days, by_person.get(each.id, ()), each.id in mine), each.id in mine)
        for each in people
    ]
    heads = [(d.day, str(WEEKDAYS_ABBR[d.weekday()]), not company.hours(d), d == today()) for d in days]
    label = f"{MONTHS[first.month]} {first.year}"
    before = (first - timedelta(days=1)).replace(day=1)
    return TeamMonth(label, heads, rows, f"{before:%Y-%m}", f"{following:%Y-%m}")


def _stretches(days: Sequence[date], absences: Sequence[Absence], is_open: bool) -> list[Stretch]:
    found: list[Stretch] = []
    free = days[0]
    for each in absences:
        since, until = max(each.since, days[0]), min(each.until, days[-1])
        if since > free:
            found.append(Stretch((since - free).days))
        label = str(each.get_kind_display()) if is_open else _("away")
        found.append(Stretch((until - since).days + 1, each.id, label, absence_title(each, is_open), is_open))
        free = until + timedelta(days=1)
    if free <= days[-1]:
        found.append(Stretch((days[-1] - free).days + 1))
    return found


def absence_title(absence: Absence, is_open: bool) -> str:
    """Days, who stands in, and what only some may read."""
    parts = [f"{absence.since:%d.%m.%Y} – {absence.until:%d.%m.%Y}"]
    if absence.substitute is not None:
        parts.append(_("stands in: %(name)s") % {"name": absence.substitute.name})
    if is_open:
        parts.append(absence.note)
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """Texts as they stand in the form, with what is wrong by the name of the field."""

    code: str = ""
    name: str = ""
    zone: str = ""
    #: "week" or "shifts".
    kind: str = "week"
    week: Sequence[str] = ("09:00–18:00",) * 5 + ("", "")
    shifts: str = "08:00–20:00\n08:00–20:00\n—\n—"
    starts_on: str = ""
    has_holidays: bool = True
    is_company: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def new(cls) -> "CalendarForm":
        """A calendar to be, in the company's zone."""
        return cls(zone=str(company_zone()), starts_on=today().isoformat())

    @classmethod
    def of(cls, row: Calendar) -> "CalendarForm":
        """What a calendar is."""
        is_week = row.starts_on is None
        form = cls.new()
        return cls(
            code=row.code,
            name=row.name,
            zone=row.zone,
            kind="week" if is_week else "shifts",
            week=row.cycle if is_week else form.week,
            shifts=form.shifts if is_week else "\n".join(hours or _OFF for hours in row.cycle),
            starts_on=row.starts_on.isoformat() if row.starts_on else form.starts_on,
            has_holidays=bool(row.country),
            is_company=row.is_company,
        )

    @classmethod
    def read(cls, sent: QueryDict) -> "CalendarForm":
        """What was sent."""
        return cls(
            code=sent.get("code", "").strip(),
            name=sent.get("name", ""),
            zone=sent.get("zone", "").strip(),
            kind="shifts" if sent.get("kind") == "shifts" else "week",
            week=[sent.get(f"day{number}", "") for number in range(1, 8)],
            shifts=sent.get("shifts", ""),
            starts_on=sent.get("starts_on", ""),
            has_holidays="has_holidays" in sent,
            is_company="is_company" in sent,
        )

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """Name of each weekday and its hours."""
        return [(str(WEEKDAYS_ABBR[number]), hours) for number, hours in enumerate(self.week)]

    def draft(self, exceptions: Sequence[CalendarException] = ()) -> CalendarDraft:
        """As the actions take it; exceptions stay."""
        lines = [line.strip() for line in self.shifts.strip().splitlines()]
        shifts = tuple("" if line in _OFF_SIGNS else line for line in lines)
        return CalendarDraft(
            name=self.name,
            zone=self.zone,
            cycle=tuple(self.week) if self.kind == "week" else shifts,
            starts_on=None if self.kind == "week" else (read_day(self.starts_on) or today()),
            country="RU" if self.has_holidays else "",
            is_company=self.is_company,
            exceptions={each.day: DayHours(each.hours, each.note) for each in exceptions},
        )


def read_day(text: str) -> date | None:
    """A date as browsers send it; None when it is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def calendar_words(calendar: WorkingCalendar) -> str:
    """A calendar in one line: “Mon–Fri 09:00–18:00” or “shifts: 2 days of 4”."""
    worked = sum(1 for day in calendar.cycle if day)
    if calendar.starts_on is not None:
        return _("%(worked)s working days of %(all)s") % {"worked": worked, "all": len(calendar.cycle)}
    groups: list[list[Any]] = []
    for number, day in enumerate(calendar.cycle):
        if groups and groups[-1][2] == day:
            groups[-1][1] = number
        else:
            groups.append([number, number, day])
    parts = [f"{_weekdays(first, last)} {format_day(day)}" for first, last, day in groups if day]
    return "; ".join(parts)


def _weekdays(first: int, last: int) -> str:
    names = [str(WEEKDAYS_ABBR[number]) for number in (first, last)]
    return names[0] if first == last else "–".join(names)
