"""How upper rooms take part in a write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trassa.access.queries import Actor
from trassa.kernel import Registry
from trassa.schema.types import TypeSpec
from trassa.ui import NavItem


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """One stored record of a batch: its type and its row before (None when new) and after."""

    spec: TypeSpec
    id: int
    change: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    #: Keys of many-relations that name other records than before.
    changed_links: frozenset[str] = frozenset()


def always(written: Sequence[WrittenRecord]) -> bool:
    """For hooks that take part in every write."""
    return True


@dataclass(frozen=True, slots=True)
class WriteHook:
    """Called inside the transaction after a batch is stored, with all its records at once.

    A hook may write (through `write_records`) and may refuse by raising a TrassaError. It never
    waits for the network; what can wait belongs after the commit, behind the outbox. `immediate`
    hooks run unless the writer chose "none"; others only when it chose "all". A hook that a batch does not
    concern is left out, at no cost.
    """

    handle: Callable[[Sequence[WrittenRecord], Actor, Mapping[str, Any]], None]
    immediate: bool = True
    concerns: Callable[[Sequence[WrittenRecord]], bool] = always


write_hooks: Registry[WriteHook] = Registry(
    "write hooks", description="Take part in every write, inside its transaction, batch-shaped."
)

#: A statement with its parameters.
Statement = tuple[str, Sequence[Any]]
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class WriteFollower:
    """Keeps rows of an upper room in line with records, whatever the writer chose about robots.

    `follow` gives the statements that do it; they are sent with those of the batch, so it costs no round trip
    of its own. It is told the rows that `read` found: a statement about the records that a batch changes,
    asked together with them; new records have none.
    """

    follow: Callable[[Sequence[WrittenRecord], Rows], Iterable[Statement]]
    read: Callable[[Sequence[int]], Statement] | None = None


write_followers: Registry[WriteFollower] = Registry(
    "write followers",
    description="Keep rows of upper rooms in line with records, in the round trips of the batch.",
)


@dataclass(frozen=True, slots=True)
class RecordReference:
    """Rows of one kind that name records and go with them when two are merged, inside the transaction.

    `move(source, target)` turns all rows of a record to another one and gives their ids; `move_back(ids,
    target, source)` turns those of these rows that still name `target` to `source`; `count(id)` says how many
    there are.
    """

    move: Callable[[int, int], Sequence[int]]
    move_back: Callable[[Sequence[int], int, int], None]
    count: Callable[[int], int]


record_references: Registry[RecordReference] = Registry(
    "records.record_references", description="Rows that follow a record when it is merged into another one."
)


@dataclass(frozen=True, slots=True)
class FileHolder:
    """Rows of an upper room that hold files: whether somebody sees one of them, and which still exist."""

    sees: Callable[[Actor, int], bool]
    existing: Callable[[Iterable[int]], set[int]]


file_holders: Registry[FileHolder] = Registry(
    "records.file_holders", description="What holds files that is no record, by the code that files carry."
)

#: What can be done beside the list of a type; None where this person cannot.
ListTool = Callable[[Actor, TypeSpec], NavItem | None]

list_tools: Registry[ListTool] = Registry(
    "records.list_tools", description="Buttons beside the list of a type, in order of registration."
)

#: A part of a card that another room draws, by name and address; None where there is nothing.
CardPart = Callable[[Actor, TypeSpec, int], NavItem | None]

card_sections: Registry[CardPart] = Registry(
    "records.card_sections",
    description="Parts of a card that other rooms draw, each fetched from its address with the card.",
)

#: What can be done with one record, in the menu of its card; None where this person cannot.
CardTool = Callable[[Actor, TypeSpec, int], NavItem | None]

card_tools: Registry[CardTool] = Registry(
    "records.card_tools", description="Items in the menu of a card, in order of registration."
)

#: Topics of the event stream that somebody may hear.
Topics = Callable[[Actor], Iterable[str]]

own_topics: Registry[Topics] = Registry(
    "records.own_topics",
    description="Topics of the event stream that somebody may hear beside those of records.",
)
