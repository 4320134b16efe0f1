"""Records that point at a record: the newest of every linking field, all in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from trassa.access.queries import Actor, reach_sql
from trassa.access.types import Verb
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class LinkingField:
    """A field of a type, both seen by the person, that names records of the type one looks at."""

    spec: TypeSpec
    field: FieldSpec

    def amount(self, actor: Actor) -> FieldSpec | None:
        """The field that is added up on boards of the linking type, unless the person does not see it."""
        field = self.spec.by_code.get(self.spec.layouts.board_sum)
        return field if field is not None and field.has_column and actor.sees_field(field) else None


@dataclass(frozen=True, slots=True)
class LinkingRecord:
    """What is said of a record that points here."""

    id: int
    number: str
    title: str
    stage_id: int | None
    amount: Decimal | None


def linking_fields(actor: Actor, spec: TypeSpec) -> list[LinkingField]:
    """Fields of all types that point at this type and that the person sees."""
    return [
        LinkingField(other, field)
        for other in current_generation()
        if not actor.reach(Verb.SEE, other).nothing
        for field in actor.visible_fields(other)
        if field.target_type_id == spec.id
    ]


def read_backlinks(
    actor: Actor, fields: Sequence[LinkingField], id: int, *, limit: int
) -> list[list[LinkingRecord]]:
    """For each linking field the newest `limit` records that name record `id` in it, newest first."""
    parts = [_newest(actor, place, each, id, limit) for place, each in enumerate(fields)]
    found: dict[int, list[LinkingRecord]] = defaultdict(list)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(sql for sql, _p in parts), [p for _sql, ps in parts for p in ps]
            )
            for place, record_id, number, title, stage_id, amount in cursor.fetchall():
                written = fields[place].spec.format_number(number)
                found[place].append(LinkingRecord(record_id, written, title, stage_id, amount))
    return [sorted(found[place], key=lambda each: -each.id) for place in range(len(fields))]


def count_backlinks(actor: Actor, fields: Sequence[LinkingField], id: int) -> list[int]:
    """For each linking field how many records that the person sees name record `id` in it; one statement."""
    parts = [_pointing(actor, each, id) for each in fields]
    if not parts:
        return []
    selects = [f"SELECT {place}, count(*) {source}" for place, (source, _p) in enumerate(parts)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), [p for _source, ps in parts for p in ps])
        counts = dict(cursor.fetchall())
    return [counts[place] for place in range(len(fields))]


def _pointing(actor: Actor, linking: LinkingField, id: int) -> tuple[str, list[Any]]:
    """FROM and WHERE of the records that name `id` in one field, with their parameters."""
    spec, field = linking.spec, linking.field
    table = spec.table
    within, parameters = reach_sql(actor.reach(Verb.SEE, spec), spec.model)
    named = f"{table}.{field.column} = %s"
    if not field.has_column:
        named = f"{table}.id = ANY (ARRAY(SELECT from_id FROM {field.link_table} WHERE to_id = %s))"
    return f"FROM {table} WHERE deleted_at IS NULL AND {named} AND {within}", [id, *parameters]


def _newest(actor: Actor, place: int, linking: LinkingField, id: int, limit: int) -> tuple[str, list[Any]]:
    """The part of the statement for one linking field, with its parameters."""
    amount = linking.amount(actor)
    source, parameters = _pointing(actor, linking, id)
    sql = (
        f"(SELECT {place}, id, number, title, stage_id, {amount.column if amount else 'NULL'}::numeric"
        f" {source} ORDER BY id DESC LIMIT {limit})"
    )
    return sql, parameters
