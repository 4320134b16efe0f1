"""Reads many-relations: the ids on the far end, by record."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from trassa.schema.types import FieldSpec


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
