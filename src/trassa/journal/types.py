"""The shapes of history: streams, new and stored entries, and the JSON they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

#: A JSON value. Decimals travel as strings, dates and moments in ISO 8601.
Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

#: Key → value before and value after; None stands for "there was nothing".
Changes: TypeAlias = "Mapping[str, tuple[Json, Json]]"


@dataclass(frozen=True, slots=True, order=True)
class Stream:
    """The history of one thing: the kind of thing ("record", "person", "type") and its id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One line of history to be written; `at` None means now (demo history injects a moment)."""

    stream: Stream
    kind: str
    changes: Changes
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history as stored. Values of the keys in `erased` are gone for good."""

    stream: Stream
    seq: int
    at: datetime
    kind: str
    actor_id: int | None
    cause: Mapping[str, Json]
    changes: Changes
    erased: tuple[str, ...] = ()
