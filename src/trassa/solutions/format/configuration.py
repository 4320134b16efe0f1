"""All that a pack configures or that is installed, and what a pack takes out of use."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from trassa.solutions.format.people import CalendarEntry, DepartmentEntry
from trassa.solutions.format.pipelines import PipelineEntry
from trassa.solutions.format.roles import RoleEntry
from trassa.solutions.format.rules import RuleEntry
from trassa.solutions.format.tasks import TaskEntry
from trassa.solutions.format.types import TypeEntry
from trassa.solutions.format.values import Code, Entry, Words


class PackEntry(Entry):
    """`pack.yaml`: who this is and which packs must be installed first."""

    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    label: Words
    description: Words | None = None
    requires: tuple[Code, ...] = ()


class RetiredEntry(Entry):
    """One line of `retired.yaml`: something that the pack takes out of use. Its data stay.

    Says one of: a type, its field, an option of that field, a pipeline, its stage, one of its reasons, a
    role, a department, a calendar, a template of tasks, a rule. `successor` is the code of what takes its
    place, for people.
    """

    type: Code | None = None
    field: Code | None = None
    option: Code | None = None
    pipeline: Code | None = None
    stage: Code | None = None
    reason: Code | None = None
    role: Code | None = None
    department: Code | None = None
    calendar: Code | None = None
    task: Code | None = None
    rule: Code | None = None
    successor: Code | None = None

    @model_validator(mode="after")
    def require_one_thing(self) -> "RetiredEntry":
        if self.named not in RETIRABLE:
            raise PydanticCustomError("one_thing", "name one thing")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """What kind of thing the entry speaks of, from the outside in: ("type", "field")."""
        return tuple(name for name in RETIRABLE_NAMES if getattr(self, name) is not None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes on the way to the thing: ("car", "price")."""
        return tuple(getattr(self, name) for name in self.named)

    @property
    def section(self) -> str:
        """The section of the configuration that the thing lies in."""
        return f"{self.named[0]}s"


RETIRABLE_NAMES = (
    "type",
    "field",
    "option",
    "pipeline",
    "stage",
    "reason",
    "role",
    "department",
    "calendar",
    "task",
    "rule",
)
RETIRABLE = {
    ("type",),
    ("type", "field"),
    ("type", "field", "option"),
    ("pipeline",),
    ("pipeline", "stage"),
    ("pipeline", "reason"),
    ("role",),
    ("department",),
    ("calendar",),
    ("task",),
    ("rule",),
}


Thing = CalendarEntry | DepartmentEntry | TypeEntry | PipelineEntry | RoleEntry | TaskEntry | RuleEntry


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that packs set up, and how files and plans speak of it."""

    #: What one of them is called: in tombstones, plans and as a kind of file.
    noun: str
    entry: type[Thing]
    #: All of them stand in one file; otherwise each has its own in a folder named after the section.
    in_one_file: bool = False

    def place(self, section: str) -> str:
        """Where it stands in a pack."""
        return f"{section}.yaml" if self.in_one_file else f"{section}/<code>.yaml"


#: Every kind of thing by the attribute of `Configuration`, in the order in which they depend on each other.
SECTIONS: Mapping[str, Section] = {
    "calendars": Section("calendar", CalendarEntry),
    "departments": Section("department", DepartmentEntry, in_one_file=True),
    "types": Section("type", TypeEntry),
    "pipelines": Section("pipeline", PipelineEntry),
    "roles": Section("role", RoleEntry),
    "tasks": Section("task", TaskEntry),
    "rules": Section("rule", RuleEntry),
}


class Configuration(Entry):
    """Everything a pack configures, or everything that is installed, in a fixed order."""

    calendars: tuple[CalendarEntry, ...] = ()
    departments: tuple[DepartmentEntry, ...] = ()
    types: tuple[TypeEntry, ...] = ()
    pipelines: tuple[PipelineEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    tasks: tuple[TaskEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    #: What the pack takes out of use; empty for what is installed.
    retired: tuple[RetiredEntry, ...] = ()

    @classmethod
    def of(cls, things: Mapping[str, Iterable[Thing]], **more: Any) -> "Configuration":
        """The configuration of these things, by section."""
        found: dict[str, Any] = {section: tuple(each) for section, each in things.items()}
        return cls(**found, **more)

    def things(self, section: str) -> tuple[Any, ...]:
        """The things of one section."""
        found: tuple[Any, ...] = getattr(self, section)
        return found

    def part(self, codes: Mapping[str, Container[str]]) -> "Configuration":
        """Those things whose codes are named, by section."""
        named = {name: codes.get(name, ()) for name in SECTIONS}
        return self.of(
            {name: [each for each in self.things(name) if each.code in named[name]] for name in SECTIONS}
        )

    def joined(self, other: "Configuration") -> "Configuration":
        """This and other things behind it."""
        both = {name: (*self.things(name), *other.things(name)) for name in SECTIONS}
        return self.of(both, retired=self.retired)

    def codes(self) -> dict[str, set[str]]:
        """The codes of all things, by section."""
        return {name: {each.code for each in self.things(name)} for name in SECTIONS}

    def replaced(self, before: "Configuration", after: "Configuration") -> "Configuration":
        """What comes out when things of `before` become those of `after`; the rest stays, in its order."""
        return self.of(
            {name: _swapped(self.things(name), before.things(name), after.things(name)) for name in SECTIONS}
        )

    def find(self, tombstone: RetiredEntry) -> Entry | None:
        """The thing that a tombstone speaks of; None when it is not there."""
        found: Entry | None = None
        things: Sequence[Any] = self.things(tombstone.section)
        for name, code in zip(tombstone.named, tombstone.codes, strict=True):
            things = things if found is None else getattr(found, f"{name}s")
            found = next((each for each in things if each.code == code), None)
            if found is None:
                return None
        return found


def _swapped(mine: Iterable[Thing], old: Iterable[Thing], new: Iterable[Thing]) -> list[Thing]:
    """Things in their order, with the new state of those that have one and without those that left."""
    coming = {each.code: each for each in new}
    leaving = {each.code for each in old}
    left = []
    for each in mine:
        if each.code in coming:
            left.append(coming.pop(each.code))
        elif each.code not in leaving:
            left.append(each)
    return [*left, *coming.values()]
