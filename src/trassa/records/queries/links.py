"""Reads many-relations by the record that has them: ids, or ids with their periods."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from trassa.records.queries.together import Read, read_together
from trassa.schema.types import FieldSpec, LinkPeriod

#: Both days of a period belong to it; PostgreSQL gives the day behind the last one.
PERIOD = "lower(period), upper(period) - 1"


def linked_ids(field: FieldSpec, rows: Sequence[Mapping[str, Any]]) -> dict[int, list[Any]]:
    """What a many-relation leads to, by record id; see `read_links`."""
    return read_links(field, [row["id"] for row in rows])


def read_links(field: FieldSpec, ids: Iterable[int]) -> dict[int, list[Any]]:
    """Ids on the far end, or `LinkPeriod` where links have periods, in order, by record id."""
    [rows] = read_together([links_read(field, ids)])
    return links_by_record(field, rows)


def links_read(field: FieldSpec, ids: Iterable[int]) -> Read:
    """The statement of `read_links`, to be sent together with others."""
    columns = f"to_id, {PERIOD}" if field.has_periods else "to_id"
    order = "lower(period) NULLS FIRST, to_id" if field.has_periods else "to_id"
    text = f"SELECT from_id, {columns} FROM {field.link_table} WHERE from_id = ANY(%s) ORDER BY {order}"
    return text, [list(ids)]


def links_by_record(field: FieldSpec, rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    """What `read_links` makes of its rows."""
    links: dict[int, list[Any]] = {}
    for from_id, *link in rows:
        links.setdefault(from_id, []).append(LinkPeriod(*link) if field.has_periods else link[0])
    return links


def linked_on(field: FieldSpec, ids: Iterable[int], day: date) -> dict[int, int]:
    """The one record linked on a day, by record id; of several the one that was linked last."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (from_id) from_id, to_id FROM {field.link_table}"
            " WHERE from_id = ANY(%s) AND period @> %s::date"
            " ORDER BY from_id, lower(period) DESC NULLS LAST, to_id",
            [list(ids), day],
        )
        return dict(cursor.fetchall())


def read_periods_back(field: FieldSpec, id: int, from_ids: Iterable[int]) -> dict[int, list[LinkPeriod]]:
    """Periods in which records were linked to `id`, by record, the latest first; with those records' ids."""
    found: dict[int, list[LinkPeriod]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT from_id, {PERIOD} FROM {field.link_table} WHERE to_id = %s AND from_id = ANY(%s)"
            " ORDER BY lower(period) DESC NULLS LAST",
            [id, list(from_ids)],
        )
        for from_id, since, until in cursor.fetchall():
            found.setdefault(from_id, []).append(LinkPeriod(from_id, since, until))
    return found
