"""Reads of calendars and absences: who works by which calendar, who is away, who stands in.

Names and days of absences are for everybody; the screens keep their kind and note from colleagues.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound, today
from trassa.people.calendars import WorkingCalendar, built_in_calendar, parse_day
from trassa.people.models import Absence, Calendar, CalendarException, Department, Person
from trassa.people.queries.persons import rights_revision

#: Whether the first is an administrator, or the head of the second's department or of one above it.
_MANAGES = """
    WITH RECURSIVE above(id, parent_id, head_id) AS (
      SELECT d.id, d.parent_id, d.head_id FROM people_department d
      JOIN people_person p ON p.department_id = d.id WHERE p.id = %(person)s
      UNION
      SELECT d.id, d.parent_id, d.head_id FROM people_department d JOIN above ON d.id = above.parent_id
    )
    SELECT EXISTS (SELECT FROM people_person WHERE id = %(actor)s AND is_active AND is_administrator)
        OR (%(actor)s <> %(person)s AND EXISTS (SELECT FROM above WHERE head_id = %(actor)s))
"""


def list_calendars() -> list[Calendar]:
    """All calendars in use, the company's first, then by name."""
    return list(Calendar.objects.filter(retired_at=None).order_by("-is_company", "name", "id"))


def list_retired_calendars() -> list[Calendar]:
    """Calendars that were taken out of use, by code."""
    return list(Calendar.objects.exclude(retired_at=None).order_by("code"))


def find_calendar(code: str) -> Calendar | None:
    """The calendar with this code that is not retired."""
    return Calendar.objects.filter(code=code, retired_at=None).first()


def get_calendar(code: str) -> Calendar:
    """The calendar with this code, retired ones too; raises NotFound."""
    row = Calendar.objects.filter(code=code).first()
    if row is None:
        raise NotFound(_("There is no such calendar."))
    return row


def exceptions_of(calendar: Calendar) -> list[CalendarException]:
    """The days of a calendar that are unlike the others, in order."""
    return list(calendar.exceptions.order_by("day"))


def count_users(calendar_code: str) -> int:
    """How many active people and departments in use have this calendar of their own."""
    people = Person.objects.filter(calendar__code=calendar_code, is_active=True).count()
    departments = Department.objects.filter(calendar__code=calendar_code, retired_at=None).count()
    return people + departments


def as_working(row: Calendar, exceptions: Sequence[CalendarException]) -> WorkingCalendar:
    """A calendar to compute with."""
    return WorkingCalendar(
        code=row.code,
        name=row.name,
        zone=ZoneInfo(row.zone),
        cycle=tuple(parse_day(hours) for hours in row.cycle),
        starts_on=row.starts_on,
        country=row.country,
        exceptions=MappingProxyType({each.day: parse_day(each.hours) for each in exceptions}),
    )


@dataclass(slots=True)
class CalendarBook:
    """By which calendar people work; read once, then asked for many. Threads share it."""

    calendars: Mapping[int, WorkingCalendar]
    company: WorkingCalendar
    #: Department → its parent, and its own calendar.
    departments: Mapping[int, tuple[int | None, int | None]]
    #: Person → their department, and their own calendar.
    people: Mapping[int, tuple[int | None, int | None]]
    rests: Mapping[int, Sequence[tuple[date, date]]]
    _known: dict[tuple[int | None, int | None], WorkingCalendar] = field(default_factory=dict)

    def of(self, person_id: int | None, department_id: int | None = None) -> WorkingCalendar:
        """The person's own calendar, that of the nearest department, or the company's, less their rest.

        `department_id` counts for what belongs to nobody.
        """
        key = (person_id, department_id)
        if key not in self._known:
            self._known[key] = self._find(person_id, department_id)
        return self._known[key]

    def _find(self, person_id: int | None, department_id: int | None) -> WorkingCalendar:
        department, own = self.people.get(person_id or 0, (department_id, None))
        while own is None and department is not None:
            department, own = self.departments.get(department, (None, None))
        calendar = self.calendars.get(own or 0, self.company)
        return calendar.with_rests(self.rests.get(person_id or 0, ()))


#: The rights revision under which this process read its book, and the book.
_books: dict[int, CalendarBook] = {}


def open_calendars(revision: int | None = None) -> CalendarBook:
    """By which calendar everybody works: the book is kept until the rights revision moves on.

    Costs nothing when the caller knows the revision, as every request does; else one query.
    """
    revision = rights_revision() if revision is None else revision
    book = _books.get(revision)
    if book is None:
        book = read_calendars()
        _books.clear()
        _books[revision] = book
    return book


def forget_calendars() -> None:
    """Drop the book of this process; for tests that write rows past the actions."""
    _books.clear()


def read_calendars() -> CalendarBook:
    """The book as it stands; five queries."""
    rows = {row.id: row for row in Calendar.objects.filter(retired_at=None)}
    exceptions: dict[int, list[CalendarException]] = {id: [] for id in rows}
    for each in CalendarException.objects.filter(calendar__in=rows):
        exceptions[each.calendar_id].append(each)
    calendars = {id: as_working(row, exceptions[id]) for id, row in rows.items()}
    departments = Department.objects.values_list("id", "parent_id", "calendar_id")
    people = Person.objects.values_list("id", "department_id", "calendar_id")
    rests: dict[int, list[tuple[date, date]]] = {}
    for away in Absence.objects.filter(substitute=None).order_by("since"):
        rests.setdefault(away.person_id, []).append((away.since, away.until))
    return CalendarBook(
        calendars=calendars,
        company=next((calendars[id] for id, row in rows.items() if row.is_company), None)
        or built_in_calendar(),
        departments={id: (parent, own) for id, parent, own in departments},
        people={id: (department, own) for id, department, own in people},
        rests=rests,
    )


def company_calendar() -> WorkingCalendar:
    """The calendar of everybody who has no nearer one."""
    return open_calendars().company


def calendar_of(person_id: int) -> WorkingCalendar:
    """By which calendar a person works."""
    return open_calendars().of(person_id)


def manages(actor_id: int, person_id: int) -> bool:
    """Whether somebody may enter absences of another: an administrator, or a head above that person."""
    with connection.cursor() as cursor:
        cursor.execute(_MANAGES, {"actor": actor_id, "person": person_id})
        return bool(cursor.fetchone()[0])


def head_of(person_id: int | None) -> int | None:
    """The nearest head above a person who is not the person and works here; None when there is none."""
    return None if person_id is None else heads_of([person_id]).get(person_id)


def heads_of(person_ids: Iterable[int]) -> dict[int, int]:
    """Person → the nearest head above them who is somebody else and works here; two queries."""
    people = dict(Person.objects.filter(id__in=set(person_ids)).values_list("id", "department_id"))
    if not people:
        return {}
    departments = {row.id: row for row in Department.objects.filter(retired_at=None).select_related("head")}
    found = {}
    for id, department in people.items():
        at: int | None = department
        while at is not None and at in departments:
            head = departments[at].head
            if head is not None and head.is_active and head.id != id:
                found[id] = head.id
                break
            at = departments[at].parent_id
    return found


def get_absence(id: int) -> Absence:
    """The absence with this id; raises NotFound."""
    row = Absence.objects.filter(id=id).select_related("person").first()
    if row is None:
        raise NotFound(_("There is no such absence."))
    return row


def list_absences(
    *, since: date, until: date, person_ids: Iterable[int] | None = None, limit: int | None = None
) -> list[Absence]:
    """Absences of active people that touch these days, by their beginning; one query."""
    found = Absence.objects.filter(since__lte=until, until__gte=since, person__is_active=True)
    if person_ids is not None:
        found = found.filter(person_id__in=list(person_ids))
    return list(found.select_related("person", "substitute").order_by("since", "person__name", "id")[:limit])


def substitutes_of(person_ids: Iterable[int], day: date | None = None) -> dict[int, int | None]:
    """Who works for whom on a day (today): a person's id → the id of who stands in, along chains of absences.

    Who is not away is not here; None means that nobody stands in. Who is dismissed stands in for nobody.
    """
    on = day or today()
    away = dict(
        Absence.objects.filter(since__lte=on, until__gte=on).values_list("person_id", "substitute_id")
    )
    active = set(Person.objects.filter(id__in=away.values(), is_active=True).values_list("id", flat=True))
    found: dict[int, int | None] = {}
    for person_id in set(person_ids) & away.keys():
        seen: set[int] = {person_id}
        stands_in = away[person_id]
        while stands_in in away and stands_in not in seen:
            seen.add(stands_in)
            stands_in = away[stands_in]
        found[person_id] = stands_in if stands_in in active and stands_in not in seen else None
    return found


def team_of(person_id: int) -> list[Person]:
    """Who is shown in the overview of absences: everybody active, the person's own department first."""
    own = Person.objects.filter(id=person_id).values_list("department_id", flat=True).first()

    def order(person: Person) -> tuple[bool, str]:
        return own is None or person.department_id != own, str(person.department or "")

    people = Person.objects.filter(is_active=True).select_related("department").order_by("name", "id")
    return sorted(people, key=order)


def find_subordinates(person_id: int) -> set[int]:
    """Active people whose absences this person may enter, themselves left out; administrators: everybody."""
    if Person.objects.filter(id=person_id, is_active=True, is_administrator=True).exists():
        return set(Person.objects.filter(is_active=True).exclude(id=person_id).values_list("id", flat=True))
    parents = dict(Department.objects.values_list("id", "parent_id"))
    headed = set(Department.objects.filter(head_id=person_id).values_list("id", flat=True))
    below = {id for id in parents if _lies_below(id, headed, parents)}
    return set(
        Person.objects.filter(Q(department_id__in=below), is_active=True)
        .exclude(id=person_id)
        .values_list("id", flat=True)
    )


def _lies_below(id: int | None, tops: set[int], parents: Mapping[int, int | None]) -> bool:
    while id is not None and id not in tops:
        id = parents.get(id)
    return id is not None
