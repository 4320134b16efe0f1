"""What separates the tables as they are from what they should be, in words and in statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trassa.schema.tables.shapes import ActualTable, ForeignKey, Index, Table


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing in which database and metadata disagree, for `doctor`."""

    table: str
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.table}: {self.name}: {self.what}"


@dataclass
class TableChanges:
    """What one table lacks and what it has too much of."""

    table: Table
    is_new: bool = False
    columns: list[str] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    unvalidated: list[str] = field(default_factory=list)
    #: Indexes that nobody needs any more, and remains of interrupted builds.
    surplus_indexes: list[str] = field(default_factory=list)
    invalid_indexes: list[str] = field(default_factory=list)
    #: Exclusion constraints to drop and to add. PostgreSQL cannot add one while others write.
    surplus_exclusions: list[str] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)

    @property
    def slow(self) -> bool:
        """Whether something must be built that takes long on a large table."""
        return bool(self.indexes or self.foreign_keys or self.unvalidated)

    @property
    def anything(self) -> bool:
        instant = self.is_new or self.columns or self.exclusions or self.surplus_exclusions
        return self.slow or bool(instant or self.surplus_indexes or self.invalid_indexes)


def compare(table: Table, actual: ActualTable | None) -> TableChanges:
    """What to add to and to drop from a table. Columns are never dropped here."""
    if actual is None:
        return TableChanges(
            table, is_new=True, columns=field_columns(table), indexes=list(table.indexes.values())
        )
    columns = [name for name in table.columns if name not in actual.columns]
    keys = [key for key in table.foreign_keys.values() if key.name not in actual.foreign_keys]
    return TableChanges(
        table,
        columns=columns,
        indexes=[index for index in table.indexes.values() if actual.indexes.get(index.name) != index],
        foreign_keys=[key for key in keys if not set(key.columns) & set(columns)],
        unvalidated=sorted(actual.unvalidated & table.foreign_keys.keys()),
        surplus_indexes=[
            name
            for name, index in actual.indexes.items()
            if table.indexes.get(name) != index and not set(index.columns) & table.unused
        ],
        invalid_indexes=sorted(actual.invalid_indexes),
        surplus_exclusions=sorted(actual.exclusions - table.exclusions.keys()),
        exclusions=sorted(table.exclusions.keys() - actual.exclusions),
    )


def field_columns(table: Table) -> list[str]:
    """Columns of fields; a new table is made with the base columns first."""
    return [name for name in table.columns if name.startswith("f_")]


def instant_statements(changes: Iterable[TableChanges]) -> list[str]:
    """Statements that take no time on a large table: tables, columns, sequences; types before links."""
    changes = list(changes)
    made = [statement for change in changes if change.is_new for statement in create_table(change.table)]
    added = [statement for change in changes for statement in add_columns(change)]
    links = [change for change in changes if change.is_new and change.table.name.startswith("l_")]
    added += [statement for change in changes for statement in change_exclusions(change)]
    return made + added + [statement for change in links for statement in add_all_keys(change.table)]


def create_table(table: Table) -> list[str]:
    """The table with its base columns; keys to other types' tables come later."""
    base = [column for name, column in table.columns.items() if not name.startswith("f_")]
    lines = [column.definition for column in base]
    lines.append(f"CONSTRAINT {table.name}_pkey PRIMARY KEY ({', '.join(table.primary_key)})")
    lines += [f"CONSTRAINT {name} CHECK ({condition})" for name, condition in table.checks.items()]
    lines += [f"CONSTRAINT {name} {excluded}" for name, excluded in table.exclusions.items()]
    if not table.name.startswith("l_"):
        names = {column.name for column in base}
        lines += [key.constraint for key in table.foreign_keys.values() if set(key.columns) <= names]
    storage = f" WITH ({table.storage})" if table.storage else ""
    counters = {column: name for column, name in table.sequences.items() if not column.startswith("f_")}
    return [
        *(f"CREATE SEQUENCE {name} AS bigint" for name in counters.values()),
        f"CREATE TABLE {table.name} ({', '.join(lines)}){storage}",
        *(f"ALTER SEQUENCE {name} OWNED BY {table.name}.{column}" for column, name in counters.items()),
    ]


def add_columns(change: TableChanges) -> list[str]:
    """New columns are empty, so their foreign keys hold at once; defaults apply from now on."""
    table = change.table
    if not change.columns:
        return []
    keys: Mapping[str, ForeignKey] = {
        key.columns[0]: key for key in table.foreign_keys.values() if len(key.columns) == 1
    }
    parts = []
    for name in change.columns:
        key = keys.get(name)
        reference = f" CONSTRAINT {key.name} {key.reference}" if key else ""
        parts.append(f"ADD COLUMN {name} {table.columns[name].sql_type}{reference}")
    statements = [f"ALTER TABLE {table.name} {', '.join(parts)}"]
    for name in change.columns:
        if name in table.sequences:
            statements += [
                f"CREATE SEQUENCE {table.sequences[name]} AS bigint OWNED BY {table.name}.{name}",
                f"ALTER TABLE {table.name} ALTER COLUMN {name} SET DEFAULT {table.columns[name].default}",
            ]
    return statements


def change_exclusions(change: TableChanges) -> list[str]:
    """Drops and adds exclusion constraints. Adding one reads the whole table, which is one of links only."""
    table = change.table
    dropped = [f"DROP CONSTRAINT {name}" for name in change.surplus_exclusions]
    added = [f"ADD CONSTRAINT {name} {table.exclusions[name]}" for name in change.exclusions]
    return [f"ALTER TABLE {table.name} {', '.join([*dropped, *added])}"] if dropped or added else []


def add_all_keys(table: Table) -> list[str]:
    return [f"ALTER TABLE {table.name} ADD {key.constraint}" for key in table.foreign_keys.values()]


def slow_statements(change: TableChanges) -> list[str]:
    """What waits for no large table here: the caller knows that the table is small or new."""
    table = change.table.name
    return [
        *(f"DROP INDEX IF EXISTS {name}" for name in [*change.invalid_indexes, *change.surplus_indexes]),
        *(index.statement(table, concurrently=False) for index in change.indexes),
        *(f"ALTER TABLE {table} ADD {key.constraint}" for key in change.foreign_keys),
        *(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}" for name in change.unvalidated),
    ]


def describe(table: Table, actual: ActualTable | None) -> list[Discrepancy]:
    """Everything in which a table disagrees with the metadata, for people."""
    if actual is None:
        return [Discrepancy(table.name, table.name, "the table is missing")]
    changes = compare(table, actual)
    found = [(name, "the column is missing") for name in changes.columns]
    found += [(index.name, "the index is missing or different") for index in changes.indexes]
    found += [(key.name, "the foreign key is missing") for key in changes.foreign_keys]
    found += [(name, "the foreign key is not validated") for name in changes.unvalidated]
    found += [(name, "nobody needs this index") for name in changes.surplus_indexes]
    found += [(name, "the index is invalid") for name in changes.invalid_indexes]
    found += [(name, "the exclusion is missing") for name in changes.exclusions]
    found += [(name, "nobody needs this exclusion") for name in changes.surplus_exclusions]
    for name, column in table.columns.items():
        if name in actual.columns and actual.columns[name] != column:
            found.append((name, f"is {actual.columns[name].definition}, should be {column.definition}"))
    for name, key in table.foreign_keys.items():
        if name in actual.foreign_keys and actual.foreign_keys[name] != key:
            found.append((name, "the foreign key is different"))
    extra = actual.columns.keys() - table.columns.keys() - table.unused
    found += [(name, "nobody knows this column") for name in sorted(extra)]
    found += [(name, "the check is missing") for name in table.checks if name not in actual.checks]
    missing = set(table.sequences.values()) - actual.sequences
    found += [(name, "the sequence is missing") for name in sorted(missing)]
    if actual.primary_key != table.primary_key:
        found.append((f"{table.name}_pkey", "the primary key is different"))
    return [Discrepancy(table.name, name, what) for name, what in found]
