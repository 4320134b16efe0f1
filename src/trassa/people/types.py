"""Shapes that this room hands out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from trassa.journal import Json
from trassa.people.calendars import (
    NoWorkingTime,
    WorkingCalendar,
    add_duration,
    add_working,
    add_working_days,
    format_day,
    holiday_name,
    is_working_at,
    parse_day,
    working_between,
)
from trassa.people.durations import Duration
from trassa.people.shares import share_out

if TYPE_CHECKING:
    from trassa.people.models import Calendar, Department, Person

__all__ = [
    "NO_CAUSE",
    "SCOPES",
    "AbsenceDraft",
    "CalendarDraft",
    "Cause",
    "DayHours",
    "DepartmentChanges",
    "Duration",
    "MenuGroup",
    "NoWorkingTime",
    "OpenSession",
    "PersonChanges",
    "PlaceSpec",
    "Profile",
    "Scope",
    "TokenBearer",
    "WorkingCalendar",
    "add_duration",
    "add_working",
    "add_working_days",
    "format_day",
    "holiday_name",
    "is_working_at",
    "parse_day",
    "share_out",
    "working_between",
]

Scope: TypeAlias = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "write", "admin")

#: Why a write happened, as history keeps it: {"pack": "auto"}, {"via": "command"}, …
Cause: TypeAlias = Mapping[str, Json]
NO_CAUSE: Cause = MappingProxyType({})


class PersonChanges(TypedDict, total=False):
    """What `change_person` may change; absent keys stay as they are."""

    login: str
    name: str
    email: str
    phone: str
    department: "Department | None"
    language: str
    theme: str
    is_administrator: bool
    calendar: "Calendar | None"


class DepartmentChanges(TypedDict, total=False):
    """What `change_department` may change; absent keys stay as they are."""

    name: str
    parent: "Department | None"
    head: "Person | None"
    calendar: "Calendar | None"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as colleagues see it; `person.department` is loaded."""

    person: "Person"
    role_codes: list[str]


@dataclass(frozen=True, slots=True)
class TokenBearer:
    """Who stands behind an API token. `person.rights_revision` is set."""

    person: "Person"
    token_id: int
    scopes: frozenset[str]
    last_used_at: datetime | None

    @property
    def revision(self) -> int:
        return self.person.rights_revision or 0


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in; `at` and the rest are unknown for sessions of long ago."""

    key: str
    at: datetime | None
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries of a menu, by their keys, under a heading; `label` is the heading by language."""

    code: str
    label: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceSpec:
    """Where people with a role begin, and their menu; the meaning is that of `people.models.Place`."""

    start: str = ""
    menu: tuple[MenuGroup, ...] = ()
    hidden: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    position: int = 0
    home: tuple[str, ...] = ()

    @property
    def arranges(self) -> bool:
        """Whether it says anything about the menu."""
        return bool(self.menu or self.hidden)


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours of one day, as `parse_day` reads them, and why they are unlike the others."""

    hours: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """Everything that a calendar is to be, except its code."""

    name: str
    zone: str
    #: Hours for each day of the cycle; of a week from Monday.
    cycle: tuple[str, ...]
    starts_on: date | None = None
    country: str = ""
    is_company: bool = False
    exceptions: Mapping[date, DayHours] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AbsenceDraft:
    """Everything that an absence is to be; both days are away."""

    since: date
    until: date
    kind: str = "vacation"
    substitute_id: int | None = None
    note: str = ""
