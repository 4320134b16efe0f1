"""Brings tables in line with the metadata inside the transaction of a schema change.

Only what is instant happens here: new tables and columns always, indexes where the table is small. The
rest is left to the durable jobs of `schema.jobs`.
"""

import re
from collections.abc import Iterable

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation, UniqueViolation

from trassa.kernel import FieldError, Invalid
from trassa.schema.actions.locks import execute, lock_tables, with_retries
from trassa.schema.metadata import Metadata
from trassa.schema.models import Field
from trassa.schema.tables.actual import actual_tables
from trassa.schema.tables.desired import desired_tables, table_names
from trassa.schema.tables.differences import TableChanges, compare, instant_statements, slow_statements

#: Indexes on tables with at most so many rows are built at once; it takes milliseconds.
SMALL_TABLE_ROWS = 1_000
#: Stands for the type itself where ids of fields are expected.
WHOLE_TYPE = 0
_OF_FIELD = re.compile(r"[fl]_(\d+)_")


def build_tables(type_ids: Iterable[int], metadata: Metadata) -> dict[int, set[int]]:
    """Make the tables of these types what the metadata says, as far as that is instant.

    Gives what is left for jobs: ids of types with the ids of the fields that wait for it, WHOLE_TYPE among
    them when it is an index of the whole type.
    """
    desired = desired_tables(metadata)
    owners = {name: id for id in sorted(type_ids) for name in table_names(id, metadata) if name in desired}
    actual = actual_tables(owners)
    changes = [compare(desired[name], actual.get(name)) for name in owners]
    changes = [change for change in changes if change.anything]
    at_once = [change for change in changes if change.is_new or is_small(change.table.name)]
    left: dict[int, set[int]] = {}
    for change in changes:
        if change not in at_once and needs_job(change):
            left.setdefault(owners[change.table.name], set()).update(waiting_fields(change))
    statements = instant_statements(changes) + [
        line for change in at_once for line in slow_statements(change)
    ]
    run_statements(statements, existing=[change.table.name for change in changes if not change.is_new])
    return left


def needs_job(change: TableChanges) -> bool:
    return change.slow or bool(change.surplus_indexes or change.invalid_indexes)


def waiting_fields(change: TableChanges) -> set[int]:
    """Ids of the fields whose indexes or constraints are still to be built."""
    names = [index.name for index in change.indexes] + [key.name for key in change.foreign_keys]
    return {field_of(name) for name in [*names, *change.unvalidated, *change.surplus_indexes]}


def field_of(name: str) -> int:
    """The id of the field that an index or constraint belongs to, or WHOLE_TYPE."""
    match = _OF_FIELD.match(name)
    return int(match[1]) if match else WHOLE_TYPE


def is_small(table: str) -> bool:
    """Whether the table has few rows; counts no further than that."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) t", [SMALL_TABLE_ROWS + 1])
        return bool(cursor.fetchone()[0] <= SMALL_TABLE_ROWS)


def run_statements(statements: list[str], *, existing: list[str]) -> None:
    """Run DDL as one unit under short lock timeouts; `existing` are the tables that it alters."""
    if not statements:
        return

    def attempt() -> None:
        lock_tables(existing)
        for statement in statements:
            execute(statement)

    # Checks that wait for the commit would keep their tables from being altered.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        with_retries(attempt)
    except IntegrityError as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise overlaps_refused(error.__cause__.diag.table_name or "") from error
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise duplicates_refused(error.__cause__.diag.constraint_name or "") from error


def duplicates_refused(index: str) -> Invalid:
    """Why a field cannot become unique; the field is found by the name of its index."""
    field = Field.objects.filter(id=field_of(index)).first()
    message = describe_duplicates(f"r_{field.type_id}", f"f_{field.id}") if field else _("Values repeat.")
    code = field.code if field else ""
    return Invalid(message, code="duplicates", errors=[FieldError(code, "duplicates", message)])


def overlaps_refused(table: str) -> Invalid:
    """Why a field cannot become exclusive; the field is found by the name of its table."""
    field = Field.objects.filter(id=field_of(f"{table}_")).first()
    message = _("In some records periods of this field overlap. Correct them first, then make it exclusive.")
    code = field.code if field else ""
    return Invalid(message, code="overlap", errors=[FieldError(code, "overlap", message)])


def describe_duplicates(table: str, column: str) -> str:
    """How many values stand in several records, with examples, so that somebody can make them different."""
    repeated = (
        f"FROM {table} WHERE deleted_at IS NULL AND {column} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text, count(*) OVER () {repeated} ORDER BY 1 LIMIT 3")
        rows = cursor.fetchall()
    return _("%(count)s values stand in several records, for example %(examples)s. Make them different.") % {
        "count": rows[0][1] if rows else 0,
        "examples": ", ".join(value for value, _count in rows),
    }
