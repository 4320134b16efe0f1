"""A change of the schema as a rehearsal: pages can be drawn as they will be, and nothing stays of it.

The change writes its metadata inside a transaction that is taken back. Tables stay as they are: temporary
copies of some records, with the columns that the change adds, stand in front of them (PostgreSQL looks for a
table among temporary ones first). No lock is taken that readers or writers of records wait for.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from trassa.schema.actions.changes import SchemaChange, take_number
from trassa.schema.actions.expressions import check_expressions
from trassa.schema.actions.locks import execute
from trassa.schema.compiler import compile_generation
from trassa.schema.generations import current_generation, pin_draft, unpin_generation
from trassa.schema.metadata import Metadata, load_metadata
from trassa.schema.tables.actual import actual_tables
from trassa.schema.tables.desired import desired_tables, table_names
from trassa.schema.tables.shapes import Table
from trassa.schema.types import Generation, TypeSpec

#: Records of each type that a rehearsal has at hand: the newest ones, and the one that was asked for.
SAMPLE = 200
#: Stands for a record of a type that has none yet; no record has this id.
EXAMPLE_ID = 2**53 - 1


@contextmanager
def rehearsing_schema(
    prepare: Callable[[SchemaChange], None], types: Iterable[str], *, record_id: int | None = None
) -> Iterator[Generation]:
    """Inside the block the schema is what `prepare` makes of it, for reading only.

    `types` are the codes of types whose values `prepare` may rewrite with `rewrite_sample`. Of every type
    that changes there are SAMPLE records and `record_id`; one without records has an example. Raises what
    the change raises.
    """
    with transaction.atomic():
        try:
            with unpin_generation():
                known = current_generation().types
                samples = {known[code].table for code in types if code in known}
                for table in samples:
                    _copy(table, record_id)
                change = SchemaChange(take_number())
                prepare(change)
                # A number of its own: nobody who remembers something by number may take it for a real one.
                metadata = replace(load_metadata(), number=change.number)
                check_expressions(metadata)
                samples |= _complete_tables(change.touched, metadata, samples, record_id)
            generation = compile_generation(metadata)
            for spec in generation:
                if spec.table in samples:
                    _add_example(spec)
            with pin_draft(generation):
                yield generation
        finally:
            transaction.set_rollback(True)


def rewrite_sample(type_code: str, code: str, texts: Iterable[tuple[int, str | None]]) -> None:
    """Put other values into the copies of records, inside a rehearsal."""
    spec = current_generation().types[type_code]
    for id, text in texts:
        execute(f"UPDATE pg_temp.{spec.table} SET {spec.by_code[code].column} = %s WHERE id = %s", text, id)


def _copy(table: str, record_id: int | None) -> None:
    newest = f"SELECT id FROM {table} WHERE deleted_at IS NULL ORDER BY id DESC LIMIT {SAMPLE}"
    sample = f"SELECT * FROM {table} WHERE id = %s OR id IN ({newest})"
    execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {sample}", record_id or 0)


def _complete_tables(
    type_ids: Iterable[int], metadata: Metadata, samples: set[str], record_id: int | None
) -> set[str]:
    """Samples of touched types, and temporary tables and columns for what is not there; gives all names."""
    desired = desired_tables(metadata)
    names = {name for id in type_ids for name in table_names(id, metadata) if name in desired}
    actual = actual_tables(names)
    # Links that exist are read where they are.
    names -= {name for name in actual if name.startswith("l_")}
    for name in sorted(names - samples):
        if name in actual:
            _copy(name, record_id)
        else:
            execute(f"CREATE TEMP TABLE {name} ({', '.join(_columns(desired[name]))}) ON COMMIT DROP")
    for name in names.intersection(actual):
        for column in _columns(desired[name], but=actual[name].columns):
            execute(f"ALTER TABLE pg_temp.{name} ADD COLUMN {column}")
    return names


def _columns(table: Table, *, but: Container[str] = ()) -> list[str]:
    """Columns as statements write them, without defaults: nothing is written here."""
    return [f"{each.name} {each.sql_type}" for each in table.columns.values() if each.name not in but]


def _add_example(spec: TypeSpec) -> None:
    """One empty record, in the first stage, for a type that has none."""
    stage = next((stage for pipeline in spec.pipelines for stage in pipeline.stages), None)
    execute(
        f"INSERT INTO {spec.table} (id, number, title, version, pipeline_id, stage_id, stage_entered_at,"
        " created_at, updated_at) SELECT %s, 1, %s, 1, %s, %s, now(), now(), now()"
        f" WHERE NOT EXISTS (SELECT FROM {spec.table})",
        EXAMPLE_ID,
        str(spec.label),
        stage.pipeline_id if stage else None,
        stage.id if stage else None,
    )
