"""All records of a type that may mean the same, in groups that share a key, page by page.

Pages walk over the records that the person sees, newest first, and look at a bounded number of them. A
place between pages is therefore the id of a record in sight, never a key: the key of a record out of
sight would give its phone away.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.records.queries.duplicates import Duplicate, key_fields, visible_records
from trassa.records.queries.lists import live_rows
from trassa.records.queries.top import Order, top_rows
from trassa.schema.types import FieldSpec, TypeSpec

#: Groups on one page.
PAGE = 50
#: Records of one group that are named, the newest.
MAX_IN_GROUP = 50
#: Records that are looked through at once, and how many times for one page.
WINDOW, WINDOWS = 2000, 10

_NEWEST_FIRST = Order("id", descending=True, nullable=False)
_SHARED = f"""
WITH own AS (
    SELECT value, min(field_id) AS field_id, array_agg(DISTINCT record_id) AS records
    FROM records_key WHERE record_id = ANY(%s) AND field_id = ANY(%s) GROUP BY value
)
SELECT own.value, own.field_id, own.records || others.records
FROM own CROSS JOIN LATERAL (
    SELECT array_agg(record_id) AS records FROM (
        SELECT record_id FROM records_key
        WHERE type_id = %s AND value = own.value AND field_id = ANY(%s)
        ORDER BY record_id DESC LIMIT {MAX_IN_GROUP + 1}
    ) AS newest
) AS others
WHERE cardinality(own.records) > 1 OR own.records <> others.records
"""


@dataclass(frozen=True, slots=True)
class Suspects:
    """Records that share a key of one field, newest first; `more` when not all of them are named."""

    key: str
    field: FieldSpec
    records: Sequence[Duplicate]
    more: bool = False


def list_suspects(
    actor: Actor, spec: TypeSpec, *, before: int | None = None, limit: int = PAGE
) -> tuple[list[Suspects], int | None]:
    """Groups by their newest record, of those older than `before`; and where the next page begins.

    A page is full with `limit` groups (and what shares its last record), or when WINDOW × WINDOWS records
    have been looked through; it may be empty and yet have a next one. None ends the pages. A group that
    reaches over a page stands where its newest record is.
    """
    fields = key_fields(actor, spec)
    groups: list[Suspects] = []
    for _window in range(WINDOWS if fields else 0):
        ids = newest_ids(actor, spec, before)
        if ids:
            groups += sharing(actor, spec, fields, ids)
        if len(groups) >= limit:
            last = groups[limit - 1].records[0].id
            kept = [group for group in groups if group.records[0].id >= last]
            exhausted = len(kept) == len(groups) and len(ids) < WINDOW
            return kept, None if exhausted else last
        if len(ids) < WINDOW:
            return groups, None
        before = ids[-1]
    return groups, before if fields else None


def key_values(actor: Actor, spec: TypeSpec, ids: Collection[int]) -> dict[int, list[tuple[FieldSpec, Any]]]:
    """What these records, which the person sees, have in their key fields, by id: to tell them apart."""
    fields = [field for field in key_fields(actor, spec) if field.has_column]
    rows = live_rows(spec).filter(pk__in=list(ids)).values_list("id", *(field.column for field in fields))
    return {
        id: [(field, value) for field, value in zip(fields, values, strict=True) if value not in (None, "")]
        for id, *values in rows
    }


def newest_ids(actor: Actor, spec: TypeSpec, before: int | None) -> list[int]:
    """The next records that the person sees, newest first."""
    after = None if before is None else (None, before)
    reach = actor.reach(Verb.SEE, spec)
    found = top_rows(live_rows(spec), reach, _NEWEST_FIRST, ["id"], limit=WINDOW, after=after)
    return [row["id"] for row in found]


def sharing(actor: Actor, spec: TypeSpec, fields: Sequence[FieldSpec], ids: Sequence[int]) -> list[Suspects]:
    """Groups whose newest record in sight is one of `ids`, which are in descending order."""
    allowed = [field.id for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [list(ids), allowed, spec.id, allowed])
        rows = cursor.fetchall()
    names = visible_records(actor, spec, {id for _key, _field, members in rows for id in members})
    groups = []
    for key, field_id, members in rows:
        seen = sorted({id for id in members if id in names}, reverse=True)
        if len(seen) < 2 or seen[0] > ids[0]:
            continue
        field = spec.by_id[field_id]
        records = [Duplicate(id, spec.id, *names[id], fields=(field.code,)) for id in seen[:MAX_IN_GROUP]]
        groups.append(Suspects(key, field, records, more=len(seen) > MAX_IN_GROUP))
    return sorted(groups, key=lambda group: (-group.records[0].id, group.key))
