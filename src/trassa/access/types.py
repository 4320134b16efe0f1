"""What rights look like once compiled for one person: an Actor, and the Reach of a verb."""

from dataclasses import dataclass
from enum import StrEnum



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
    """

    type_id: int
    ways: tuple[Way, ...]

    @property
    def nothing(self) -> bool:
        return not self.ways

    @property
    def everything(self) -> bool:
        return any(way.everything for way in self.ways)


@dataclass(frozen=True, slots=True)
class Row:
    """What rights need to know of one record."""

    type_id: int
    owner_id: int | None = None
    department_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    participant_ids: frozenset[int] = frozenset()
