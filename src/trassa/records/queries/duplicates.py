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
from trassa.records.queries.lists import live_rows
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: Duplicates that are named for one record.
MAX_DUPLICATES = 5
#: Records with one and the same key that are looked at.
MAX_SHARING = 100


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that may be the same, and the codes of the given fields whose keys it has."""

    id: int
    type_id: int
    title: str
    number: str
    fields: tuple[str, ...]


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
    ids of records that are no news, such as the row's own. Two queries, however many rows. Of a key that
    very many records have, such as the phone of an exchange, only the MAX_SHARING oldest are looked at.
    """
    wanted: dict[str, list[tuple[int, FieldSpec]]] = defaultdict(list)
    fields = key_fields(actor, spec)
    for index, row in enumerate(rows):
        for field in fields:
            value = row.get(field.code)
            if value not in (None, ""):
                for key in field_kinds.get(field.kind).keys(value, field):
                    wanted[key].append((index, field))
    found: list[dict[int, set[str]]] = [defaultdict(set) for _row in rows]
    for record_id, field_id, key in matching_keys(spec, fields, wanted, exclude):
        for index, field in wanted[key]:
            if spec.by_id[field_id].kind == field.kind:
                found[index][record_id].add(field.code)
    names = visible_records(actor, spec, {id for each in found for id in each})
    return [described(spec, each, names) for each in found]


def matching_keys(
    spec: TypeSpec, fields: Sequence[FieldSpec], keys: Collection[str], exclude: Collection[int]
) -> list[tuple[int, int, str]]:
    """(record, field, key) of stored keys of these fields that equal one of `keys`."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, field_id, wanted.value FROM unnest(%s::text[]) AS wanted (value)"
            " CROSS JOIN LATERAL (SELECT record_id, field_id FROM records_key"
            " WHERE type_id = %s AND value = wanted.value AND field_id = ANY(%s) AND record_id <> ALL(%s)"
            f" ORDER BY record_id LIMIT {MAX_SHARING}) AS stored",
            [list(keys), spec.id, [field.id for field in fields], list(exclude)],
        )
        return list(cursor.fetchall())


def visible_records(actor: Actor, spec: TypeSpec, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and number of those records that the person sees."""
    if not ids:
        return {}
    rows = restrict(live_rows(spec).filter(pk__in=list(ids)), actor.reach(Verb.SEE, spec))
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
