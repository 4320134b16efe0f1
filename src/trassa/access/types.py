"""What rights look like once compiled for one person: an Actor, and the Reach of a verb."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Verb(StrEnum):
    SEE = "see"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    MOVE = "move"
    EXPORT = "export"


class Scope(StrEnum):
    OWN = "own"
    DEPARTMENT = "department"
    BRANCH = "branch"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a grant reaches rows: every condition that is set must hold.

    `owner_id` stands for scope *own*: that person owns the row or takes part in it.
    """

    owner_id: int | None = None
    department_ids: tuple[int, ...] | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None

    @property
    def everything(self) -> bool:
        return self == Way()


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows of one type that a person reaches with one verb: the union of its ways.

    Works on any table with the columns owner_id, department_id, pipeline_id, stage_id and id.

    With `pipeline_id` it speaks of that pipeline's rows only: the ways no longer repeat the pipeline,
    because who asks for a board reads its stages anyway.
    """

    type_id: int
    ways: tuple[Way, ...]
    pipeline_id: int | None = None

    @property
    def nothing(self) -> bool:
        return not self.ways

    @property
    def everything(self) -> bool:
        return any(way.everything for way in self.ways)


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """What one grant permits, without the role it belongs to. None stands for «every».

    A grant on a field opens a restricted field; its scope is always *all*.
    """

    verb: Verb
    scope: Scope = Scope.ALL
    type_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    field_id: int | None = None

    @property
    def sort_key(self) -> tuple[int, int, int, int, str, str]:
        """Orders grants by place, then by verb and scope; «every» comes first."""
        place = (self.type_id or 0, self.pipeline_id or 0, self.stage_id or 0, self.field_id or 0)
        return (*place, self.verb, self.scope)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody may or may not do something, in sentences for people."""

    allowed: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What rights need to know of one record."""

    type_id: int
    owner_id: int | None = None
    department_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    participant_ids: frozenset[int] = frozenset()


class ActingPerson(Protocol):
    """What rights need to know of a row of `people.Person`."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def department_id(self) -> int | None: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_administrator(self) -> bool: ...
    @property
    def rights_revision(self) -> int | None: ...
