"""Meetings in the rows of what they take: the records that they are about, and what those occupy by links.

A link says so itself, by its setting `occupies`: a meeting about a deal takes its car. That a record is taken
is for whoever sees it; words only of meetings that are there for the reader.
See docs/decisions/0039-calendar.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from trassa.access.queries import Actor
from trassa.records.queries.names import read_anchors, visible_titles
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.work.calendar_types import MOST_ENTRIES, REACH, Entries
from trassa.work.queries.calendars import STANDING, Sight, entries_in, read_tasks_in

_MEETINGS = "t.type_id = %s AND t.kind = 'meeting' AND t.due_at >= %s AND t.due_at < %s"
_DIRECTLY = f"SELECT t.id AS task, t.record_id AS taken FROM work_task t WHERE {_MEETINGS}"
_THROUGH = f"""
    SELECT t.id, linked.{{column}} FROM work_task t JOIN {{table}} linked ON linked.id = t.record_id
    WHERE {_MEETINGS}
"""
_TAKING = "SELECT task, array_agg(taken) AS people FROM ({each}) AS each WHERE {which} GROUP BY task"


def list_meetings_of_type(
    actor: Actor, type_id: int, since: datetime, until: datetime
) -> tuple[Entries, Mapping[int, str]]:
    """The meetings that take records of a type which the reader sees, with the titles of these."""
    source, values = taking(actor, type_id, since, until, "taken IS NOT NULL")
    sight = Sight.of(actor)
    return placed(actor, type_id, sight, read_tasks_in(sight, source, values, STANDING, MOST_ENTRIES), since)


def list_meetings_about(actor: Actor, record_id: int, since: datetime, until: datetime) -> Entries:
    """The open meetings that take a record, or one that it occupies, as far as the reader sees these."""
    sight = Sight.of(actor)
    found = Entries(())
    for type_id, ids in records_taken(actor, record_id).items():
        source, values = taking(actor, type_id, since, until, "taken = ANY(%s)")
        rows = read_tasks_in(sight, source, [*values, sorted(ids)], STANDING[:1], MOST_ENTRIES)
        entries, _titles = placed(actor, type_id, sight, rows, since)
        found = Entries([*found.items, *entries.items], found.more or entries.more)
    return found


def occupying(spec: TypeSpec) -> list[FieldSpec]:
    """The links of a type whose records meetings about it take."""
    return [field for field in spec.linking_fields if field.settings.get("occupies")]


def types_taken() -> set[int]:
    """The types whose records meetings about others take."""
    return {field.target_type_id or 0 for spec in current_generation() for field in occupying(spec)}


def taking(actor: Actor, type_id: int, since: datetime, until: datetime, which: str) -> tuple[str, list[Any]]:
    """A source of meetings with the records of a type that they take; links that are masked tell nothing."""
    links = [
        (spec, field)
        for spec in current_generation()
        for field in occupying(spec)
        if field.target_type_id == type_id and actor.sees_field(field)
    ]
    parts = [_DIRECTLY, *(_THROUGH.format(column=field.column, table=spec.table) for spec, field in links)]
    period = [since - REACH, until]
    values = [each for id in (type_id, *(spec.id for spec, _field in links)) for each in (id, *period)]
    return _TAKING.format(each=" UNION ".join(parts), which=which), values


def placed(
    actor: Actor, type_id: int, sight: Sight, rows: Sequence[dict[str, Any]], since: datetime
) -> tuple[Entries, Mapping[int, str]]:
    """Meetings in the rows that the reader sees."""
    found = entries_in(sight, rows, since, MOST_ENTRIES)
    titles = visible_titles(actor, {type_id: {id for each in found.items for id in each.person_ids}})[type_id]
    entries = [
        replace(each, person_ids=(), record_ids=[id for id in each.person_ids if id in titles])
        for each in found.items
    ]
    return Entries([each for each in entries if each.record_ids], found.more), titles


def records_taken(actor: Actor, record_id: int) -> dict[int, set[int]]:
    """By type, what a meeting about a record takes: it and what it occupies."""
    found: dict[int, set[int]] = {}
    for type_id, id, _title in read_anchors({record_id}):
        found[type_id] = {id}
        spec = current_generation().types_by_id.get(type_id)
        fields = [each for each in occupying(spec) if actor.sees_field(each)] if spec else []
        for field, linked in linked_by(spec, fields, id) if spec and fields else ():
            found.setdefault(field.target_type_id or 0, set()).add(linked)
    return found


def linked_by(spec: TypeSpec, fields: Sequence[FieldSpec], id: int) -> Iterable[tuple[FieldSpec, int]]:
    """What these links of a record lead to."""
    columns = [field.column for field in fields]
    row = spec.model._default_manager.filter(pk=id).values_list(*columns).first() or ()
    return [(field, linked) for field, linked in zip(fields, row, strict=False) if linked is not None]
