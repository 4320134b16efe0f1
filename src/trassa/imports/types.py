"""What an import is made of: where its table lies, what its columns fill, what happens to duplicates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from trassa.imports.sheets import Heading
from trassa.kernel import FieldError


class Duplicates(StrEnum):
    """What becomes of a row that means a record which is there already."""

    SKIP = "skip"
    #: Fill those fields of the record that are empty.
    FILL = "fill"
    OVERWRITE = "overwrite"
    #: Decide row by row, after the import.
    ASK = "ask"


class Robots(StrEnum):
    """Which robots take part."""

    NONE = "none"
    #: Those that act in the transaction of the write.
    IMMEDIATE = "immediate"
    ALL = "all"


class How(StrEnum):
    """What a person decides about a line whose record is there already."""

    SKIP = "skip"
    FILL = "fill"
    OVERWRITE = "overwrite"
    #: It is another one: make a record of its own.
    CREATE = "create"


class State(StrEnum):
    """Where a run stands."""

    #: Columns and options are being chosen.
    NEW = "new"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    #: Duplicates that were asked about are being written as decided.
    DECIDING = "deciding"
    DONE = "done"
    #: Stopped by a person; what has been imported stays.
    CANCELLED = "cancelled"
    #: Stopped by a fault; `error` says which.
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


#: States in which a job is at work.
WORKING = (State.CHECKING, State.IMPORTING, State.DECIDING, State.UNDOING)
#: States in which columns and options may be changed.
OPEN = (State.NEW, State.CHECKED)
#: States from which an import can be started, or go on where it stopped.
STARTABLE = (State.NEW, State.CHECKED, State.CANCELLED, State.FAILED)
#: States of runs that have stopped after writing something.
STOPPED = (State.DONE, State.CANCELLED, State.FAILED)


class Fate(StrEnum):
    """What became of one row."""

    CREATED = "created"
    UPDATED = "updated"
    #: A record that is there already; nothing was written.
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


class Return(StrEnum):
    """What undoing did with the record of a row."""

    NONE = ""
    BINNED = "binned"
    #: Former values are back.
    REVERTED = "reverted"
    #: Some were changed since, and stay.
    PARTLY = "partly"
    #: Somebody changed the record since, or it is not there, or rights do not suffice.
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its heading and what it fills.

    `target` is the code of a field, or "owner", "pipeline" or "stage"; "" leaves the column out. For links
    `key` says what identifies the linked record: a field of its type, "number" or "title"; "" tries all.
    """

    heading: str
    target: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in a file the table lies. Encoding and delimiter are those of a text file."""

    sheet: str = ""
    #: The first line of the headings; 0 has them looked for.
    line: int = 1
    lines: int = 1
    encoding: str = ""
    delimiter: str = ""
    #: Lines that are hidden in the file are imported too.
    hidden: bool = True

    @property
    def heading(self) -> Heading:
        return Heading(self.line, self.lines)


@dataclass(frozen=True, slots=True)
class Options:
    """How rows are imported."""

    duplicates: Duplicates = Duplicates.SKIP
    #: Codes of fields whose equal values mean a duplicate.
    keys: tuple[str, ...] = ()
    robots: Robots = Robots.NONE
    #: What to fill where a row says nothing: target → text as people write it.
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """How an undecided line is to be written, and which record it means; None is the likeliest."""

    how: How
    record_id: int | None = None

    @property
    def strategy(self) -> Duplicates:
        return Duplicates.SKIP if self.how is How.CREATE else Duplicates(self.how.value)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was rejected: the code of a field ("" for the whole row), a stable code, words."""

    field: str
    code: str
    message: str

    @classmethod
    def of(cls, error: FieldError) -> Self:
        return cls(error.field, error.code, str(error.message))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows met which fate."""

    created: int = 0
    updated: int = 0
    duplicates: int = 0
    rejected: int = 0
    undecided: int = 0

    @property
    def total(self) -> int:
        return self.created + self.updated + self.duplicates + self.rejected + self.undecided


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One of the first lines of a sheet, as it is shown while columns are chosen."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One import of one file, as its owner sees it."""

    id: int
    type_id: int
    person_id: int | None
    language: str
    file_id: int | None
    file_name: str
    #: Media type, found out from the content.
    file_type: str
    #: Bytes.
    file_size: int
    sheets: Sequence[str]
    source: Source
    sample: Sequence[SampleRow]
    columns: Sequence[Column]
    options: Options
    state: State
    #: The last line that has been dealt with.
    cursor: int
    #: Which share of the file has been read, from 0 to 1.
    share: float
    counts: Counts
    #: Records that undoing took back, and those that it left.
    returned: int
    kept: int
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    #: When the rows of a run were dropped: from then on it cannot be undone.
    forgotten_at: datetime | None

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def is_checked(self) -> bool:
        return self.state in (State.CHECKED, State.CHECKING)

    @property
    def is_undoable(self) -> bool:
        """Whether there is anything to take back."""
        written = self.counts.created + self.counts.updated
        return self.state in STOPPED and written > 0 and self.forgotten_at is None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one line."""

    line: int
    fate: Fate
    record_id: int | None = None
    #: The record's version after this row was written.
    version: int | None = None
    reasons: Sequence[Reason] = ()
    #: The cells of the line, kept where nothing was written.
    cells: Sequence[str] = ()
    #: Records that the row may mean.
    candidates: Sequence[int] = ()
    returned: Return = Return.NONE
    #: Why undoing left the record.
    kept_because: str = ""


def as_json(value: Any) -> dict[str, Any]:
    """A dataclass of this module as JSON."""
    return asdict(value)


def source_of(data: Mapping[str, Any]) -> Source:
    return Source(**{each.name: data[each.name] for each in fields(Source) if each.name in data})


def columns_of(data: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(each["heading"], each["target"], each["key"]) for each in data)


def options_of(data: Mapping[str, Any]) -> Options:
    return Options(
        duplicates=Duplicates(data.get("duplicates", Duplicates.SKIP)),
        keys=tuple(data.get("keys", ())),
        robots=Robots(data.get("robots", Robots.NONE)),
        constants=dict(data.get("constants", {})),
    )
