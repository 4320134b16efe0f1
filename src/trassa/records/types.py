"""What goes into the write path and what comes out of it and of the queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal

from trassa.expressions import Node
from trassa.kernel import TrassaError


class Change(StrEnum):
    """The verb of a write; also the kind of its history entry."""

    CREATE = "created"
    EDIT = "changed"
    MOVE = "moved"
    BIN = "binned"
    RESTORE = "restored"
    #: A record takes another one in, and gives it back.
    MERGE = "merged"
    UNMERGE = "unmerged"
    #: A record becomes part of another one, and is its own again.
    JOIN = "joined"
    PART = "parted"


#: Changes that take a record out of sight, and those that bring it back; its values do not matter then.
GOING: Final = frozenset((Change.BIN, Change.JOIN))
COMING: Final = frozenset((Change.RESTORE, Change.PART))


#: The kind of a history entry, and of what hooks hear, when formulas were counted because of something else.
RENEWED: Final = "renewed"

#: The kind of an attached file stays as it is.
KEEP: Final = 0


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as the value of a field, and what a write says about it.

    In a write an empty name and the kind KEEP leave both as they are; size and type are then unknown.
    """

    id: int
    name: str = ""
    #: Id of the field's option that says what kind of document it is; None without one.
    kind: int | None = KEEP
    #: Bytes.
    size: int = 0
    #: Media type, found out from the content.
    type: str = ""
    #: State of its small pictures: "none", "due", "made" or "failed".
    preview: str = field(default="none", compare=False)
    #: Browsers may show the content themselves.
    shown: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A change of the files of one place: which to attach or rename, which to take away by their ids.

    Others stay, so that two people who add files at the same time lose none. Where a field takes one file, an
    attached one takes the place of the present one.
    """

    attach: Sequence[Attached] = ()
    detach: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """One record's part of a batch, addressed by codes, with raw values as JSON has them.

    `fields` maps field codes to raw values (strings, numbers, ids, lists of ids, option codes).
    `owner` and `pipeline`/`stage` are None when untouched. `version` None skips the version check
    (imports and robots); people and the API always give it for EDIT. With `merge` a stale version is
    accepted as long as the fields of this write were not changed meanwhile.
    """

    change: Change
    type: str
    id: int | None = None
    version: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    pipeline: str | None = None
    stage: str | None = None
    reason: str | None = None
    owner: int | None = None
    merge: bool = False
    #: Changes of files by the code of their field, "" for those beside the fields. The whole value of a field
    #: of files may also stand in `fields`.
    files: Mapping[str, FileChange] = field(default_factory=dict)
    #: Values of formulas that had stayed, by the id of their field, as history tells them: they stay again
    #: where their conditions come to hold with this write.
    kept: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to become of many records of a type: EDIT, MOVE, BIN or RESTORE, with raw values as in Write.

    The fields of a move are what its stage asks for: they fill what is empty and leave what is there.
    """

    change: Change
    fields: Mapping[str, Any] = field(default_factory=dict)
    pipeline: str | None = None
    stage: str | None = None
    reason: str | None = None
    owner: int | None = None


@dataclass(slots=True)
class Outcome:
    """What became of one Write: the record's id and version, or the error that stopped it."""

    id: int | None = None
    version: int | None = None
    error: TrassaError | None = None
    #: The stored row by physical columns and its many-relations by field id, for answers without another
    #: read; None when hooks took part and may have changed more. See `queries.get_written_record`.
    row: Mapping[str, Any] | None = None
    links: Mapping[int, Sequence[int]] = field(default_factory=dict)
    files: Mapping[int, Sequence[Attached]] = field(default_factory=dict)
    participant_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a person may see it: masked fields are absent from `values`.

    `values` maps field codes to Python values: Decimal, date, aware datetime, bool, option id,
    person id, record id, list of ids. `titles` (on the page or query result) resolve ids to names.
    """

    id: int
    type_id: int
    number: str
    title: str
    version: int
    pipeline_id: int | None
    stage_id: int | None
    stage_entered_at: datetime | None
    stage_due_at: datetime | None
    stage_warn_at: datetime | None
    reason_id: int | None
    owner_id: int | None
    department_id: int | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    values: Mapping[str, Any]
    #: Codes of formulas whose values stay as they were, with the moment since when; None when nobody knows.
    frozen: Mapping[str, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a list: field code (or a base column such as `owner`), operation, raw value."""

    field: str
    operation: str = "eq"
    value: Any = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which records, in which order, which page.

    `order` is a field code or base column, "-" in front for descending; `after` is the key of the
    last record of the page before: its sort value and id. `text` are words as for search.
    """

    filters: Sequence[Filter] = ()
    text: str = ""
    order: str = "-id"
    limit: int = 80
    after: tuple[Any, int] | None = None
    #: A condition in the language of expressions, over and above the filters.
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list or a board is limited to and sorted by, in codes, with values as addresses carry them."""

    filters: Sequence[Filter] = ()
    text: str = ""
    order: str = ""
    #: A condition in the language of expressions.
    where: Node | None = None


#: How records are looked at.
Look = Literal["list", "compact", "board", "calendar"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: the code of a field or a base column; pixels, 0 where the browser may choose."""

    code: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the records of a list are laid out, in codes."""

    look: Look = "list"
    #: Empty: the columns of the type.
    columns: Sequence[Column] = ()
    #: What rows are grouped by, "" for nothing.
    group: str = ""
    #: The date on which a calendar shows a record.
    day: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved view as one person can use it today."""

    id: int
    name: str
    type_id: int
    #: The pipeline that it is limited to; None for a whole type.
    pipeline_id: int | None
    owner_id: int
    narrowing: Narrowing
    arrangement: Arrangement
    #: Roles whose holders see it.
    role_ids: frozenset[int] = frozenset()
    #: Names of fields that were retired since: what the view says about them is left out. An expression that
    #: has lost a field stands here as a whole; a list that is limited by it shows nothing and says why.
    missing: Sequence[str] = ()
    #: Whether it also speaks of what this person may not see; that is left out.
    is_partial: bool = False
    #: Opens for this person at its place, by their own choice.
    is_own_default: bool = False
    #: Roles for whose holders it opens at its place.
    default_role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records; `next` is the `after` of the following page, None on the last one."""

    items: Sequence[Record]
    next: tuple[Any, int] | None


@dataclass(frozen=True, slots=True)
class StageSum:
    """Count and sum of one stage's records; `total` is None without a visible sum field."""

    count: int
    total: Decimal | None
    #: How many of them are overdue.
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of search."""

    id: int
    type_id: int
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its content: an upload, or attached to a record (`field_id` None: beside the fields)."""

    id: int
    name: str
    #: SHA-256 of the content in hexadecimal.
    hash: str
    #: Bytes.
    size: int
    #: Media type, found out from the content.
    type: str
    uploaded_by_id: int | None
    uploaded_at: datetime
    #: When an unattached upload goes; None once it is attached.
    expires_at: datetime | None = None
    record_id: int | None = None
    field_id: int | None = None
    #: The comment that carries it; None for files of fields and beside them.
    comment_id: int | None = None
    #: What holds it that is no record, and its id.
    holder: str = ""
    holder_id: int | None = None
    #: Option of the field: what kind of document it is.
    kind_id: int | None = None
    #: Pixels of a picture that browsers may show themselves.
    width: int | None = None
    height: int | None = None
    #: State of the small pictures: "none", "due", "made" or "failed".
    preview: str = "none"
    thumbnail_hash: str | None = None
    large_hash: str | None = None
    removed_at: datetime | None = None
