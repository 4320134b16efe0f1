"""The form of a person: what was typed, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from trassa.people.models import Calendar, Department, Person, Role
from trassa.people.queries import list_calendars, list_departments, list_roles
from trassa.people.types import PersonChanges


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Texts as they stand in the form, with what is wrong by the name of the field."""

    login: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    department: str = ""
    language: str = "ru"
    is_administrator: bool = False
    calendar: str = ""
    roles: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person, role_codes: Sequence[str]) -> "PersonForm":
        """What is known of somebody."""
        return cls(
            login=person.login,
            name=person.name,
            email=person.email,
            phone=person.phone,
            department=str(person.department_id or ""),
            language=person.language,
            is_administrator=person.is_administrator,
            calendar=str(person.calendar_id or ""),
            roles=role_codes,
        )

    @classmethod
    def read(cls, sent: QueryDict) -> "PersonForm":
        """What was sent."""
        return cls(
            login=sent.get("login", ""),
            name=sent.get("name", ""),
            email=sent.get("email", ""),
            phone=sent.get("phone", ""),
            department=sent.get("department", ""),
            language=sent.get("language", "ru"),
            is_administrator="is_administrator" in sent,
            calendar=sent.get("calendar", ""),
            roles=sent.getlist("roles"),
        )

    @property
    def changes(self) -> PersonChanges:
        """As the actions take it; a department that is not there counts as none."""
        return {
            "login": self.login,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "department": self._find_department(),
            "language": self.language,
            "is_administrator": self.is_administrator,
            "calendar": find_chosen_calendar(self.calendar),
        }

    @property
    def chosen_roles(self) -> list[Role]:
        return [role for role in list_roles() if role.code in self.roles]

    def _find_department(self) -> Department | None:
        return next((each for each in list_departments() if str(each.id) == self.department), None)


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in the tree: how deep it lies, and how many active people belong to it itself."""

    department: Department
    depth: int
    people: int = 0

    @property
    def indented(self) -> str:
        """Its name in a list of choices."""
        return "\u2003" * self.depth + self.department.name


def list_branches(counts: Mapping[int, int] | None = None) -> list[Branch]:
    """Departments in use as a tree: each is followed by those below it, by name."""
    rows = list_departments()
    known = {row.id for row in rows}
    below: dict[int | None, list[Department]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[Branch] = []

    def add(parent_id: int | None, depth: int) -> None:
        for row in below.get(parent_id, ()):
            found.append(Branch(row, depth, (counts or {}).get(row.id, 0)))
            add(row.id, depth + 1)

    add(None, 0)
    return found


def calendar_choices() -> list[tuple[str, str]]:
    """Calendars as choices of a list."""
    return [(str(row.id), row.name) for row in list_calendars()]


def find_chosen_calendar(text: str) -> Calendar | None:
    """The calendar that was chosen; one that is not there counts as none."""
    return next((row for row in list_calendars() if str(row.id) == text), None)


def department_choices() -> list[tuple[str, str]]:
    """The tree as choices of a list."""
    return [(str(branch.department.id), branch.indented) for branch in list_branches()]
