"""From rows of a type's table to records, with masked fields left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trassa.access.queries import Actor
from trassa.records.queries.attachments import files_of_fields
from trassa.records.queries.frozen import frozen_of, frozen_reads
from trassa.records.queries.links import linked_ids
from trassa.records.queries.lookups import look_up
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
    "stage_due_at",
    "stage_warn_at",
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
    own = [field.column for field in fields if field.has_column or field.is_live]
    followed = [field.through.column for field in fields if field.through and field.through.has_column]
    return list(dict.fromkeys([*RECORD_COLUMNS, *own, *followed]))


def make_records(
    actor: Actor,
    spec: TypeSpec,
    rows: Sequence[Mapping[str, Any]],
    fields: Sequence[FieldSpec],
    links: Mapping[str, Mapping[int, list[Any]]] | None = None,
) -> list[Record]:
    """Records of rows that hold `columns_of(fields)`.

    Many-relations are read, one query a field, and files, one query for all of them, unless `links` has
    both by field code and record id. What is shown through links is read as well, one query a link.
    """
    many: Mapping[str, Mapping[int, list[Any]]] | None = links
    if many is None:
        many = {field.code: linked_ids(field, rows) for field in fields if field.has_links}
        many |= files_of_fields(fields, [row["id"] for row in rows])
    single = [(field.code, field.column) for field in fields if field.has_column or field.is_live]
    shown, since = look_up(actor, fields, rows, frozen_reads(fields, [row["id"] for row in rows]))
    frozen = frozen_of(fields, since)
    records = []
    for row in rows:
        values = {code: row[column] for code, column in single}
        for code, found in shown.items():
            values[code] = found.get(row["id"])
        for code, targets in many.items():
            values[code] = targets.get(row["id"], [])
        base = {column: row[column] for column in RECORD_COLUMNS}
        base["number"] = spec.format_number(row["number"])
        records.append(Record(type_id=spec.id, values=values, frozen=frozen.get(row["id"], {}), **base))
    return records
