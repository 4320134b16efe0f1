"""Sixth phase: set-based statements that put the batch into the tables."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from trassa.records.actions.attachments import store_files
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.actions.statements import Statements
from trassa.records.types import Change
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, LinkPeriod, TypeSpec

#: SQL types of the base columns that a write may change, for typed VALUES lists.
_BASE_TYPES = {
    "title": "text",
    "pipeline_id": "bigint",
    "stage_id": "bigint",
    "stage_entered_at": "timestamptz",
    "stage_due_at": "timestamptz",
    "stage_warn_at": "timestamptz",
    "reason_id": "bigint",
    "owner_id": "bigint",
    "department_id": "bigint",
    "version": "integer",
    "updated_at": "timestamptz",
    "updated_by_id": "bigint",
    "deleted_at": "timestamptz",
    "deleted_batch": "bigint",
}

#: What history tells even when no value changed.
_ALWAYS = frozenset((Change.MERGE, Change.UNMERGE))


def give_numbers(batch: Batch) -> None:
    """Take ids, record numbers and auto-numbers for new records, one statement a type."""
    for spec, items in by_type(item for item in batch.live if item.is_new):
        automatic = [field for field in spec.fields if field.kind == "auto_number"]
        sequences = ["records_id_seq", spec.number_sequence, *(f"fs_{field.id}" for field in automatic)]
        calls = ", ".join(f"nextval('{sequence}')" for sequence in sequences)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {calls} FROM generate_series(1, %s)", [len(items)])
            rows = cursor.fetchall()
        for item, (id, number, *counts) in zip(items, rows, strict=True):
            item.after |= {"id": id, "number": number, "version": 1}
            item.after |= {field.column: count for field, count in zip(automatic, counts, strict=True)}


def stamp_items(batch: Batch) -> None:
    """Find out which items have something to store, and raise their versions."""
    for item in batch.live:
        item.touched = item.is_new or bool(item.changed_columns()) or item.links_changed
        item.touched = item.touched or item.files_changed or item.write.change in _ALWAYS
        if not item.touched:
            continue
        item.after |= {"updated_at": batch.moment, "updated_by_id": batch.actor.id}
        if item.is_new:
            item.after |= {"created_at": batch.moment, "created_by_id": batch.actor.id}
        else:
            item.after["version"] = item.after["version"] + 1


def store_rows(batch: Batch) -> None:
    """Insert and update anchors, type rows, links and participants."""
    fresh = [item for item in batch.stored if item.is_new]
    anchors = [(item.id, item.spec.id, item.after["title"]) for item in fresh]
    batch.statements.insert("records_record", ("id", "type_id", "title"), anchors)
    for spec, items in by_type(fresh):
        insert_rows(batch.statements, spec, items)
    kept = [item for item in batch.stored if not item.is_new]
    for spec, items in by_type(kept):
        update_rows(batch.statements, spec, items)
    update_anchors(batch.statements, kept)
    store_links(batch)
    store_files(batch)
    store_participants(batch)


def insert_rows(statements: Statements, spec: TypeSpec, items: Sequence[Item]) -> None:
    """One INSERT of the columns that any of the items fills; the rest keep NULL."""
    columns = list(dict.fromkeys(column for item in items for column in filled_columns(item)))
    statements.insert(spec.table, columns, [[item.after.get(column) for column in columns] for item in items])


def filled_columns(item: Item) -> list[str]:
    return [column for column, value in item.after.items() if value is not None]


def update_rows(statements: Statements, spec: TypeSpec, items: Sequence[Item]) -> None:
    """One UPDATE for each set of columns that change together."""
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for item in items:
        groups[tuple(sorted(item.changed_columns()))].append(item)
    for columns, group in groups.items():
        types = [column_type(spec, column) for column in columns]
        statements.update(spec.table, columns, types, [(item.id, item.after) for item in group])


def column_type(spec: TypeSpec, column: str) -> str:
    """The SQL type of a physical column."""
    if column in _BASE_TYPES:
        return _BASE_TYPES[column]
    field = spec.by_id[int(column.removeprefix("f_"))]
    return field_kinds.get(field.kind).sql_type(field)


def update_anchors(statements: Statements, items: Sequence[Item]) -> None:
    """Follow changed titles and the bin."""
    changed = [item for item in items if {"title", "deleted_at"} & set(item.changed_columns())]
    columns = ("title", "deleted_at")
    types = [_BASE_TYPES[column] for column in columns]
    statements.update("records_record", columns, types, [(item.id, item.after) for item in changed])


def store_links(batch: Batch) -> None:
    """Replace the changed many-relations, one DELETE and one INSERT a field."""
    changes: dict[int, list[tuple[Item, FieldSpec]]] = defaultdict(list)
    for item in batch.stored:
        for field_id, targets in item.links.items():
            if targets != item.links_before.get(field_id, ()):
                changes[field_id].append((item, item.spec.by_id[field_id]))
    for _id, pairs in sorted(changes.items()):
        field = pairs[0][1]
        rows = [(item.id, *link_values(target)) for item, _field in pairs for target in item.links[field.id]]
        columns = ("from_id", "to_id", "period") if field.has_periods else ("from_id", "to_id")
        batch.statements.delete(
            field.link_table, "from_id", [item.id for item, _field in pairs if not item.is_new]
        )
        batch.statements.insert(field.link_table, columns, rows)


def link_values(target: int | LinkPeriod) -> tuple[Any, ...]:
    """One link as a table keeps it; a period as PostgreSQL writes one with both days included."""
    if not isinstance(target, LinkPeriod):
        return (target,)
    since, until = (day.isoformat() if day else "" for day in (target.since, target.until))
    return target.id, f"[{since},{until}]"


def store_participants(batch: Batch) -> None:
    """Keep the derived table of participants in step with the fields that name them."""
    changed = [item for item in batch.stored if item.participants_after != item.participants_before]
    rows = [(person, item.spec.id, item.id) for item in changed for person in item.participants_after]
    left = [item.id for item in changed if item.participants_before]
    batch.statements.delete("records_participant", "record_id", left)
    batch.statements.insert("records_participant", ("person_id", "type_id", "record_id"), rows)
