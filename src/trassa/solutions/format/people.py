"""Calendars, departments, and the people of the demo company."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from trassa.solutions.format.values import Code, Day, Entry, Hours, Text


class ExceptionEntry(Entry):
    """A day of a calendar that is unlike the others; without hours it is a day off."""

    day: Day
    hours: Hours = ""
    note: str = ""


class CalendarEntry(Entry):
    """`calendars/<code>.yaml`: when there is work.

    `cycle` has the hours of each day, "09:00–13:00, 14:00–18:00" or "" for a day off: of a week from Monday,
    or of a shift pattern whose first day is `starts`.
    """

    code: Code
    name: Text
    #: A name of the IANA database: Europe/Moscow.
    zone: Text
    cycle: Annotated[tuple[Hours, ...], Field(min_length=1, max_length=100)]
    starts: Day | None = None
    #: Whose holidays are days off.
    country: Literal["RU", ""] = ""
    #: For everybody who has no nearer calendar.
    company: bool = False
    exceptions: tuple[ExceptionEntry, ...] = ()


class DepartmentEntry(Entry):
    """One line of `departments.yaml`. A parent stands before its children."""

    code: Code
    name: Text
    parent: Code | None = None
    calendar: Code | None = None


class AbsenceEntry(Entry):
    """When a person of the demo is away, in days from the day on which it is loaded."""

    since: int
    until: int
    kind: Literal["vacation", "sick", "trip", "other"] = "vacation"
    substitute: str | None = None


class PersonEntry(Entry):
    """One person of `people.yaml`. A person of a required pack needs login and more roles only."""

    login: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,48}$")]
    name: str = ""
    email: str = ""
    phone: str = ""
    department: Code | None = None
    roles: tuple[Code, ...] = ()
    administrator: bool = False
    #: The department that this person heads.
    heads: Code | None = None
    absences: tuple[AbsenceEntry, ...] = ()


class PeopleEntry(Entry):
    """`people.yaml` in `demo`: the people of the demo company and the one password they share."""

    password: Text | None = None
    people: tuple[PersonEntry, ...] = ()
