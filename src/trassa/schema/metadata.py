"""Reads everything that administrators set up, in one statement and thus from one snapshot.

The number and the rows belong together: a generation is never compiled from halves of two.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import connection

Row: TypeAlias = Mapping[str, Any]

#: Tables of the snapshot with the order of their rows.
TABLES = {
    "types": ("schema_recordtype", "position, id"),
    "fields": ("schema_field", "position, id"),
    "options": ("schema_option", "position, id"),
    "pipelines": ("schema_pipeline", "position, id"),
    "stages": ("schema_stage", "position, id"),
    "items": ("schema_stageitem", "position, id"),
    "requirements": ("schema_stagerequirement", "id"),
    "conditions": ("schema_stagecondition", "position, id"),
    "transitions": ("schema_stagetransition", "id"),
    "reasons": ("schema_reason", "position, id"),
    "layouts": ("schema_layout", "id"),
}
NUMBER = "coalesce((SELECT number FROM schema_schemastate WHERE id = 1), 0)"


@dataclass(frozen=True)
class Metadata:
    """The rows of all schema tables as dictionaries of their columns, and the number they belong to."""

    number: int
    types: list[Row]
    fields: list[Row]
    options: list[Row]
    pipelines: list[Row]
    stages: list[Row]
    items: list[Row]
    requirements: list[Row]
    conditions: list[Row]
    transitions: list[Row]
    reasons: list[Row]
    layouts: list[Row]


def load_metadata() -> Metadata:
    """Everything there is, retired things included; one SQL statement."""
    parts = [
        f"'{key}', (SELECT coalesce(json_agg(t ORDER BY {order}), '[]') FROM {table} t)"
        for key, (table, order) in TABLES.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NUMBER}, json_build_object({', '.join(parts)})::text")
        number, rows = cursor.fetchone()
    return Metadata(number=number, **json.loads(rows))


def read_number() -> int:
    """The current generation's number; one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NUMBER}")
        return int(cursor.fetchone()[0])


def existing_field_ids(ids: Iterable[int]) -> set[int]:
    """Those of these fields that have not been destroyed; retired ones are still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM schema_field WHERE id = ANY(%s)", [list(ids)])
        return {id for (id,) in cursor.fetchall()}
