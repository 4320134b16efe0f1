"""Shapes of tables, made from metadata or read from PostgreSQL's catalogue, comparable either way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The one predicate of partial indexes: records that are not in the bin.
LIVE = "(deleted_at IS NULL)"
#: Checked at the end of each statement; a writer may defer them to its commit.
DEFERRABLE = "DEFERRABLE INITIALLY IMMEDIATE"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `default` as PostgreSQL prints it, "" for none."""

    name: str
    sql_type: str
    not_null: bool = False
    default: str = ""

    @property
    def definition(self) -> str:
        default = f" DEFAULT {self.default}" if self.default else ""
        return f"{self.name} {self.sql_type}{default}{' NOT NULL' if self.not_null else ''}"


@dataclass(frozen=True, slots=True)
class Index:
    """One index. Columns are names, with " DESC" behind where the order is descending."""

    name: str
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    unique: bool = False
    live_only: bool = False
    method: str = "btree"

    def statement(self, table: str, *, concurrently: bool) -> str:
        """The statement that builds it."""
        unique = "UNIQUE " if self.unique else ""
        how = "CONCURRENTLY " if concurrently else ""
        include = f" INCLUDE ({', '.join(self.include)})" if self.include else ""
        where = f" WHERE {LIVE}" if self.live_only else ""
        return (
            f"CREATE {unique}INDEX {how}{self.name} ON {table} USING {self.method} "
            f"({', '.join(self.columns)}){include}{where}"
        )


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """One foreign key; `cascade` deletes rows together with their target."""

    name: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...] = ("id",)
    cascade: bool = False

    @property
    def reference(self) -> str:
        cascade = " ON DELETE CASCADE" if self.cascade else ""
        return f"REFERENCES {self.target} ({', '.join(self.target_columns)}){cascade} {DEFERRABLE}"

    @property
    def constraint(self) -> str:
        return f"CONSTRAINT {self.name} FOREIGN KEY ({', '.join(self.columns)}) {self.reference}"


@dataclass(frozen=True)
class Table:
    """One table of a type or of a many-relation."""

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]
    indexes: Mapping[str, Index]
    foreign_keys: Mapping[str, ForeignKey]
    #: Names of check constraints with their conditions.
    checks: Mapping[str, str] = field(default_factory=dict)
    #: Names of exclusion constraints with what they exclude.
    exclusions: Mapping[str, str] = field(default_factory=dict)
    #: Sequences by the column that counts with them.
    sequences: Mapping[str, str] = field(default_factory=dict)
    #: Storage parameters, given when the table is made.
    storage: str = ""
    #: Columns of fields being destroyed, and of lookups: they may be there or not.
    unused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ActualTable:
    """What the catalogue says of a table that exists."""

    name: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]
    #: Valid indexes, without the primary key's.
    indexes: Mapping[str, Index]
    #: Names of indexes that an interrupted build left behind.
    invalid_indexes: frozenset[str]
    foreign_keys: Mapping[str, ForeignKey]
    unvalidated: frozenset[str]
    checks: frozenset[str]
    exclusions: frozenset[str]
    sequences: frozenset[str]
