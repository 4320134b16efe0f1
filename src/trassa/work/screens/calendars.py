"""The calendar: which days and whose, as an address says it, and the frame around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.kernel import company_zone, today
from trassa.people.queries import department_names, department_tree, names_of, team_of
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec
from trassa.ui import address_of, date_and_weekday, read_id, read_ids
from trassa.work.queries.calendars import working_here
from trassa.work.queries.resources import types_taken

MODES: Mapping[str, object] = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "team": gettext_lazy("Team"),
    "resource": gettext_lazy("Resources"),
}
#: Years outside are typing errors.
FIRST_YEAR, LAST_YEAR = 1970, 2200
#: Most rows of a team.
MOST_ROWS = 60
#: Most people whose days are laid over one another.
MOST_PEOPLE = 10
EVERYBODY = 0
WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    mode: str
    day: date
    #: Whose days; without anybody the reader's own.
    people: Sequence[int] = ()
    #: Whose team, with all departments below: None for the reader's own, EVERYBODY for all.
    department: int | None = None
    #: Code of the type whose records are the rows.
    type: str = ""

    @classmethod
    def of(cls, values: QueryDict) -> "Asked":
        """What makes no sense is left out."""
        mode = values.get("mode", "")
        return cls(
            mode=mode if mode in MODES else "week",
            day=read_day(values.get("day", "")) or today(),
            people=tuple(read_ids(values.get("who", "").split(","))[:MOST_PEOPLE]),
            department=read_id(values.get("department", "")),
            type=values.get("type", ""),
        )

    def url(self, name: str = "work:calendar") -> str:
        """The address of this."""
        given = {
            "mode": self.mode,
            "day": self.day.isoformat(),
            "who": ",".join(str(id) for id in self.people) if self.mode in ("day", "week", "month") else "",
            "department": "" if self.department is None or self.mode != "team" else str(self.department),
            "type": self.type if self.mode == "resource" else "",
        }
        return f"{address_of(name)}?{urlencode({key: value for key, value in given.items() if value})}"

    @property
    def days(self) -> list[date]:
        """The days that are shown: one, a week from Monday on, or the whole weeks of a month."""
        if self.mode == "week":
            first, count = self.day - timedelta(days=self.day.weekday()), 7
        elif self.mode == "month":
            begin = self.day.replace(day=1)
            first = begin - timedelta(days=begin.weekday())
            last = (begin + timedelta(days=31)).replace(day=1) - ONE_DAY
            count = ((last - first).days // 7 + 1) * 7
        else:
            first, count = self.day, 1
        return [first + timedelta(days=number) for number in range(count)]

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The shown days as moments."""
        days = self.days
        return midnight(days[0]), midnight(days[-1] + ONE_DAY)

    def moved(self, by: int) -> "Asked":
        """The span before (-1) or after (1); in another week its first day, in this one today."""
        if self.mode == "month":
            begin = self.day.replace(day=1)
            return replace(self, day=(begin + timedelta(days=31 if by > 0 else -1)).replace(day=1))
        if self.mode == "week":
            days = replace(self, day=self.day + by * WEEK).days
            return replace(self, day=today() if today() in days else days[0])
        return replace(self, day=self.day + by * ONE_DAY)

    @property
    def title(self) -> str:
        """ "Ноябрь 2026", "23.11–29.11.2026", "27 ноября 2026, пятница"."""
        if self.mode == "month":
            return f"{str(MONTHS[self.day.month]).capitalize()} {self.day.year}"
        if self.mode == "week":
            days = self.days
            return f"{days[0]:%d.%m}–{days[-1]:%d.%m.%Y}"
        return date_and_weekday(self.day)


def read_day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def midnight(day: date) -> datetime:
    """When a day begins in the company's zone."""
    return datetime.combine(day, time(), company_zone()).astimezone(UTC)


def local(moment: datetime) -> str:
    """A moment by the clock of the company, as the calendar in the browser takes it."""
    return moment.astimezone(company_zone()).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True, slots=True)
class CalendarFrame:
    """Everything around the days."""

    asked: Asked
    title: str
    #: Words, address, whether it is this one.
    modes: Sequence[Mapping[str, object]]
    #: Departments or types to choose from, in the same way.
    choices: Sequence[tuple[str, str, bool]]
    chosen: str
    #: Whose days are shown, "" for one's own.
    whose: str
    own_url: str
    entries_url: str
    earlier_url: str
    today_url: str
    later_url: str
    #: How far the company's clock is ahead: "+03:00".
    offset: str


def frame_of(actor: Actor, asked: Asked) -> CalendarFrame:
    """The frame of what is asked for."""
    choices = choices_of(actor, asked)
    names = names_of(asked.people) if asked.people and list(asked.people) != [actor.id] else {}
    return CalendarFrame(
        asked=asked,
        title=asked.title,
        modes=[
            {"label": label, "url": replace(asked, mode=code).url(), "active": code == asked.mode}
            for code, label in MODES.items()
        ],
        choices=choices,
        chosen=next((label for label, _url, is_chosen in choices if is_chosen), ""),
        whose=", ".join(sorted(names.values())) if asked.mode in ("day", "week", "month") else "",
        own_url=replace(asked, people=()).url(),
        entries_url=asked.url("work:calendar_entries"),
        earlier_url=asked.moved(-1).url(),
        today_url=replace(asked, day=today()).url(),
        later_url=asked.moved(1).url(),
        offset=offset_of(asked.day),
    )


def offset_of(day: date) -> str:
    """How far the company's clock is ahead on a day."""
    text = datetime.combine(day, time(12), company_zone()).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def choices_of(actor: Actor, asked: Asked) -> list[tuple[str, str, bool]]:
    """Departments of a team, or types of records: words, address, whether it is this one."""
    if asked.mode == "team":
        names = department_names(with_people(actor))
        sorted_names = sorted(names.items(), key=lambda each: each[1])
        return [
            (name, replace(asked, department=id).url(), id == asked.department)
            for id, name in [(EVERYBODY, _("Everybody")), *sorted_names]
        ]
    if asked.mode == "resource":
        return [
            (str(spec.label), replace(asked, type=spec.code).url(), spec.code == asked.type)
            for spec in types_of(actor)
        ]
    return []


def with_people(actor: Actor) -> set[int]:
    """Departments in which, or below which, somebody works."""
    staffed = {person.department_id for person in team_of(actor.id or 0)}
    return {id for id, below in department_tree().items() if below & staffed}


def people_of_team(actor: Actor, department: int | None) -> list[tuple[int, str]]:
    """Id and name of who works in a department and below it, by name; everybody for EVERYBODY."""
    within = department_tree().get(department, frozenset()) if department else None
    people = [each for each in team_of(actor.id or 0) if within is None or each.department_id in within]
    return sorted(((each.id, each.name) for each in people), key=lambda each: (each[1].lower(), each[0]))


def types_of(actor: Actor) -> list[TypeSpec]:
    """Types of records that somebody sees something of."""
    return [spec for spec in current_generation() if not actor.reach(Verb.SEE, spec).nothing]


def whose(actor: Actor, asked: Asked) -> list[int]:
    """Whose days are shown: the reader's own where nobody is named."""
    return list(asked.people) or ([actor.id] if actor.id is not None else [])


def settled(actor: Actor, asked: Asked) -> Asked:
    """What is asked for, with the usual choice where there is none, and without who does not work here."""
    if asked.mode == "team":
        own = actor.department_id or EVERYBODY
        return replace(asked, department=own) if asked.department is None else asked
    if asked.mode == "resource":
        specs, taken = types_of(actor), types_taken()
        # Cars come before deals, which only take them.
        codes = [spec.code for spec in sorted(specs, key=lambda spec: spec.id not in taken)]
        return asked if asked.type in codes else replace(asked, type=codes[0] if codes else "")
    if asked.people:
        return replace(asked, people=tuple(working_here(asked.people)))
    return asked
