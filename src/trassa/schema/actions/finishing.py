"""Builds what takes long on large tables, outside transactions, while people go on working.

A job compares the table with the metadata, so it can run twice, and continues where another one died. What
cannot be built, such as a unique index over duplicates, becomes the field's `problem`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from trassa.kernel import Unavailable
from trassa.schema.actions.changes import changing_schema
from trassa.schema.actions.locks import execute, with_retries
from trassa.schema.actions.tables import describe_duplicates, field_of
from trassa.schema.metadata import load_metadata
from trassa.schema.models import Field
from trassa.schema.tables.actual import actual_tables
from trassa.schema.tables.desired import desired_tables, table_names
from trassa.schema.tables.differences import TableChanges, compare

#: First key of the session locks that keep two jobs off one type.
_JOB_LOCK = 7110002


def finish_type(type_id: int) -> None:
    """Build the missing indexes and foreign keys of a type, then say so in a new generation.

    Raises Unavailable while another job works on the type; must not run inside a transaction.
    """
    with only_job_of(type_id):
        metadata = load_metadata()
        desired = desired_tables(metadata)
        names = [name for name in table_names(type_id, metadata) if name in desired]
        actual = actual_tables(names)
        problems: dict[int, str] = {}
        for name in names:
            problems |= build(compare(desired[name], actual.get(name)))
        report(type_id, problems)


def build(change: TableChanges) -> dict[int, str]:
    """Build what one table lacks; gives the problems by the ids of their fields."""
    table, problems = change.table.name, {}
    rebuilt = {index.name for index in change.indexes}
    for name in [*change.invalid_indexes, *(name for name in change.surplus_indexes if name in rebuilt)]:
        execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    for key in change.foreign_keys:
        statement = f"ALTER TABLE {table} ADD {key.constraint} NOT VALID"
        add_constraint(statement)
    for name in [key.name for key in change.foreign_keys] + change.unvalidated:
        execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    for index in change.indexes:
        try:
            execute(index.statement(table, concurrently=True))
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}")
            problems[field_of(index.name)] = describe_duplicates(table, index.columns[0])
    for name in change.surplus_indexes:
        if name not in rebuilt:
            execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    return problems


def add_constraint(statement: str) -> None:
    """Add a constraint without checking the rows: short, but it needs the table for a moment."""
    with transaction.atomic():
        with_retries(lambda: execute(statement))


def report(type_id: int, problems: Mapping[int, str]) -> None:
    """Publish a generation in which the type's fields are finished or say what is wrong."""
    with changing_schema(actor_id=None, cause={"kind": "job", "task": "schema.finish_type"}) as change:
        for id, problem in problems.items():
            Field.objects.filter(id=id).update(problem=problem)
            change.note("field", id, "problem", {"problem": ("", problem)})
        change.touched.add(type_id)
        change.note("type", type_id, "finished", {})


@contextmanager
def only_job_of(type_id: int) -> Iterator[None]:
    """Hold the type for this job. Waiting would block the index build of the other, so it fails instead."""
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("indexes are built outside of transactions")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_JOB_LOCK, type_id])
        if not cursor.fetchone()[0]:
            raise Unavailable(_("Another job is finishing this type."), code="schema_busy")
    try:
        yield
    finally:
        execute("SELECT pg_advisory_unlock(%s, %s)", _JOB_LOCK, type_id)
