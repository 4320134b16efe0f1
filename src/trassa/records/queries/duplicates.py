"""Records that may mean the same car, person or company: equal keys of VIN, phone, INN, plate, e-mail, name.

A masked field gives no hint, and a record out of reach is not named: to the person it is not there.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.records.models import SearchKey
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: Duplicates that are named for one record.
MAX_DUPLICATES = 5
#: Groups of suspects on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that may be the same, and the codes of the given fields whose keys it has."""

    id: int
    type_id: int
    title: str
    number: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Records that share a key of one field; `words` is the value as people read it."""

    key: str
    field: FieldSpec
    records: Sequence[Duplicate]


def key_fields(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """Visible fields by which duplicates are found; numbers that the database gives are never equal."""
    return [
        field
        for field in actor.visible_fields(spec)
        if field_kinds.get(field.kind).has_keys(field) and not field_kinds.get(field.kind).automatic
    ]


def find_duplicates(
    actor: Actor, spec: TypeSpec, rows: Sequence[Mapping[str, Any]], *, exclude: Collection[int] = ()
) -> list[list[Duplicate]]:
    """For each row, which maps field codes to parsed values: the records that share a key with it.

    Those that share most come first, older ones before newer ones, at most MAX_DUPLICATES. `exclude` are
    ids of records that are no news, such as the row's own. Two queries, however many rows.
    """
    wanted: dict[str, list[tuple[int, FieldSpec]]] = defaultdict(list)
    for index, row in enumerate(rows):
        for field in key_fields(actor, spec):
            value = row.get(field.code)
            if value not in (None, ""):
                for key in field_kinds.get(field.kind).keys(value, field):
                    wanted[key].append((index, field))
    found: list[dict[int, set[str]]] = [defaultdict(set) for _row in rows]
    for record_id, field_id, key in matching_keys(actor, spec, wanted, exclude):
        other = spec.by_id.get(field_id)
        for index, field in wanted[key]:
            if other is not None and other.kind == field.kind:
                found[index][record_id].add(field.code)
    names = visible_records(actor, spec, {id for each in found for id in each})
    return [described(spec, each, names) for each in found]


def matching_keys(
    actor: Actor, spec: TypeSpec, keys: Collection[str], exclude: Collection[int]
) -> list[tuple[int, int, str]]:
    """(record, field, key) of stored keys of this type that equal one of these."""
    if not keys:
        return []
    rows = SearchKey.objects.filter(value__in=list(keys), type_id=spec.id)
    rows = rows.filter(field_id__in=[field.id for field in key_fields(actor, spec)])
    return list(rows.exclude(record_id__in=list(exclude)).values_list("record_id", "field_id", "value"))


def visible_records(actor: Actor, spec: TypeSpec, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and number of those records that the person sees."""
    if not ids:
        return {}
    rows = spec.model._default_manager.filter(pk__in=list(ids), deleted_at__isnull=True)
    rows = restrict(rows, actor.reach(Verb.SEE, spec))
    return {
        id: (title, spec.format_number(number))
        for id, title, number in rows.values_list("id", "title", "number")
    }


def described(
    spec: TypeSpec, found: Mapping[int, set[str]], names: Mapping[int, tuple[str, str]]
) -> list[Duplicate]:
    ordered = sorted((id for id in found if id in names), key=lambda id: (-len(found[id]), id))
    return [
        Duplicate(id, spec.id, *names[id], fields=tuple(sorted(found[id]))) for id in ordered[:MAX_DUPLICATES]
    ]


def list_suspects(
    actor: Actor, spec: TypeSpec, *, after: str = "", limit: int = PAGE
) -> tuple[list[Suspects], str]:
    """Groups of records with equal keys, in the order of keys behind `after`, and the last key looked at.

    A page reads keys in index order until it has enough groups; groups in which the person sees fewer than
    two records are passed over. The second value is "" when there is nothing further.
    """
    fields = {field.id: field for field in key_fields(actor, spec)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value, min(field_id), array_agg(DISTINCT record_id) FROM records_key"
            " WHERE type_id = %s AND value > %s AND field_id = ANY(%s)"
            " GROUP BY value HAVING count(DISTINCT record_id) > 1 ORDER BY value LIMIT %s",
            [spec.id, after, list(fields), limit + 1],
        )
        rows = cursor.fetchall()
    page = rows[:limit]
    names = visible_records(actor, spec, {id for _key, _field, ids in page for id in ids})
    groups = []
    for key, field_id, ids in page:
        seen = [id for id in sorted(ids) if id in names]
        if len(seen) > 1:
            code = fields[field_id].code
            records = [Duplicate(id, spec.id, *names[id], fields=(code,)) for id in seen]
            groups.append(Suspects(key, fields[field_id], records))
    return groups, page[-1][0] if len(rows) > limit else ""
