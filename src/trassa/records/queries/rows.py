"""From rows of a type's table to records, with masked fields left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.records.queries.attachments import files_of_fields
from trassa.records.types import Record
from trassa.schema.types import FieldSpec, TypeSpec

#: Base columns that every record carries.
RECORD_COLUMNS = (
    "id",
    "number",
    "title",
    "version",
    "pipeline_id",
    "stage_id",
    "stage_entered_at",
    "reason_id",
    "owner_id",
    "department_id",
    "created_at",
    "updated_at",
    "deleted_at",
)


def shown_fields(actor: Actor, spec: TypeSpec, codes: Iterable[str] | None) -> list[FieldSpec]:
    """Fields that the person sees; only those of `codes` when given."""
    visible = actor.visible_fields(spec)
    if codes is None:
        return list(visible)
    wanted = set(codes)
    return [field for field in visible if field.code in wanted]


def columns_of(fields: Iterable[FieldSpec]) -> list[str]:
    """The columns to read for records with these fields."""
    return [*RECORD_COLUMNS, *(field.column for field in fields if field.has_column)]


def make_records(
    spec: TypeSpec,
    rows: Sequence[Mapping[str, Any]],
    fields: Sequence[FieldSpec],
    links: Mapping[str, Mapping[int, list[Any]]] | None = None,
) -> list[Record]:
    """Records of rows that hold `columns_of(fields)`.

    Many-relations are read, one query a field, and files, one query for all of them, unless `links` has
    both by field code and record id.
    """
    many: Mapping[str, Mapping[int, list[Any]]] | None = links
    if many is None:
        many = {field.code: linked_ids(field, rows) for field in fields if field.has_links}
        many |= files_of_fields(fields, [row["id"] for row in rows])
    single = [(field.code, field.column) for field in fields if field.has_column]
    records = []
    for row in rows:
        values = {code: row[column] for code, column in single}
        for code, targets in many.items():
            values[code] = targets.get(row["id"], [])
        base = {column: row[column] for column in RECORD_COLUMNS}
        base["number"] = spec.format_number(row["number"])
        records.append(Record(type_id=spec.id, values=values, **base))
    return records


def linked_ids(field: FieldSpec, rows: Sequence[Mapping[str, Any]]) -> dict[int, list[int]]:
    """Ids on the far end of a many-relation, by record id."""
    links: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT from_id, to_id FROM {field.link_table} WHERE from_id = ANY(%s) ORDER BY to_id",
            [[row["id"] for row in rows]],
        )
        for from_id, to_id in cursor.fetchall():
            links.setdefault(from_id, []).append(to_id)
    return links
