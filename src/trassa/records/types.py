"""What goes into the write path and what comes out of it and of the queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from trassa.kernel import TrassaError


class Change(StrEnum):
    """The verb of a write; also the kind of its history entry."""

    CREATE = "created"
    EDIT = "changed"
    MOVE = "moved"
    BIN = "binned"
    RESTORE = "restored"


@dataclass(frozen=True, slots=True)
class Write:
    """One record's part of a batch, addressed by codes, with raw values as JSON has them.

    `fields` maps field codes to raw values (strings, numbers, ids, lists of ids, option codes).
    `owner` and `pipeline`/`stage` are None when untouched. `version` None skips the version check
    (imports and robots); people and the API always give it for EDIT. `at` None means now.
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


@dataclass(slots=True)
class Outcome:
    """What became of one Write: the record's id and version, or the error that stopped it."""

    id: int | None = None
    version: int | None = None
    error: TrassaError | None = None


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
    reason_id: int | None
    owner_id: int | None
    department_id: int | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    values: Mapping[str, Any]
