"""What an expression may name. The room knows no schema: whoever has names offers them as a `Scope`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from trassa.expressions.kinds import Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    id: int
    code: str
    #: What people call it, in all languages.
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """How SQL gets from a record to those that a member leads to.

    `near` is a column of the record, `far` one of the target's table. Through a link table, `table` has a
    column `near` with this record's id and a column `far` with the other's.
    """

    near: str
    far: str
    table: str = ""
    #: Column of the link table with the days on which a link holds; those of today count. "" for all days.
    period: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that can be named in a type: a field, a base column or a link back."""

    key: str
    #: The stable English name.
    code: str
    #: Russian and English label.
    names: tuple[str, str]
    kind: Kind
    unit: str = ""
    options: tuple[Option, ...] = ()
    #: The type that RECORD and RECORDS lead to.
    target: int | None = None
    #: SQL column of the type's table; "" where the value lies elsewhere.
    column: str = ""
    #: How to get to RECORDS, and to a RECORD without a column.
    join: Join | None = None
    #: The keys that the name stands for, where it is short for a path.
    path: tuple[str, ...] = ()


class Scope(Protocol):
    """The names that one reader may use, and the tables behind them."""

    def members(self, type_id: int) -> Sequence[Member]:
        """What can be named in a type; what is masked for the reader is not there."""

    def table(self, type_id: int) -> str:
        """The table of a type."""

    def reach(self, type_id: int, alias: str) -> tuple[str, Sequence[Any]]:
        """SQL condition, with parameters, on rows of a type under `alias`: those that a path may enter."""

    @property
    def reader_id(self) -> int | None:
        """Who asks: the value of ME()."""
