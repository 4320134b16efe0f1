"""Links of other records that are turned from one record to another, and back.

What a merge changes in records that only mention its two follows no rights and no rules of theirs: otherwise
somebody who merges clients would leave deals behind that they may not change. It is stored through the write
path all the same, with history, search documents, hooks and events.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.journal import Json
from trassa.kernel import now
from trassa.records.actions import preparing
from trassa.records.actions.announcing import to_json
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.formulas import work_out_values
from trassa.records.actions.write import MAX_BATCH, Hooks, store_batch
from trassa.records.queries.names import id_of
from trassa.records.types import Change, Write
from trassa.schema.queries import pin_for_write
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, LinkPeriod, TypeSpec

#: One turned link: record, field, value before and value after, as history has them.
Turned = list[Json]


def pointing_fields(generation: Generation, target: TypeSpec) -> list[tuple[TypeSpec, FieldSpec]]:
    """Every field with a link of its own to records of a type."""
    return [
        (spec, field)
        for spec in generation
        for field in spec.fields
        if field.target_type_id == target.id and (field.has_column or field.has_links)
    ]


def pointing_ids(spec: TypeSpec, field: FieldSpec, id: int) -> list[int]:
    """Ids of the records that name `id` in a field, those in the bin too."""
    sql = f"SELECT id FROM {spec.table} WHERE {field.column} = %s"
    if field.has_links:
        sql = f"SELECT DISTINCT from_id FROM {field.link_table} WHERE to_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [id])
        return [each for (each,) in cursor.fetchall()]


def turn_links(
    target: TypeSpec, source: int, survivor: int, *, actor: Actor, cause: Mapping[str, Any], hooks: Hooks
) -> list[Turned]:
    """Make all links to `source` lead to `survivor`; the two themselves are left alone."""
    fields = pointing_fields(pin_for_write(), target)
    ids: dict[int, set[int]] = defaultdict(set)
    for spec, field in fields:
        ids[spec.id].update(set(pointing_ids(spec, field, source)) - {source, survivor})
    specs = {spec.id: spec for spec, _field in fields}
    turned: list[Turned] = []

    def turn(item: Item) -> None:
        for spec, field in fields:
            if spec.id != item.spec.id:
                continue
            before = item.value(field)
            after = turned_value(field, before, source, survivor)
            if after != before:
                set_value(item, field, after)
                turned.append([item.id, field.id, to_json(before, field), to_json(after, field)])

    for type_id, group in sorted(ids.items()):
        change_records(specs[type_id], sorted(group), turn, actor=actor, cause=cause, hooks=hooks)
    return turned


def turn_back(
    turned: Sequence[Turned],
    source: int,
    survivor: int,
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    hooks: Hooks,
) -> list[tuple[TypeSpec, FieldSpec, int]]:
    """Make links lead to `source` again; gives those that were changed since and stay as they are."""
    generation = pin_for_write()
    owners = {field.id: spec for spec in generation for field in spec.fields}
    by_record: dict[int, list[Turned]] = defaultdict(list)
    ids: dict[int, set[int]] = defaultdict(set)
    for each in turned:
        if (spec := owners.get(number(each[1]))) is not None:
            by_record[number(each[0])].append(each)
            ids[spec.id].add(number(each[0]))
    stayed: list[tuple[TypeSpec, FieldSpec, int]] = []

    def turn(item: Item) -> None:
        for _record, field_id, before, after in by_record[item.id]:
            field = item.spec.by_id[number(field_id)]
            present = item.value(field)
            if to_json(present, field) == after:
                set_value(item, field, field_kinds.get(field.kind).parse(before, field))
            elif field.has_links and survivor in map(id_of, present) and before is not None:
                set_value(item, field, part_value(field, present, before, source, survivor))
            else:
                stayed.append((item.spec, field, item.id))

    for type_id, group in sorted(ids.items()):
        spec = generation.types_by_id[type_id]
        change_records(spec, sorted(group), turn, actor=actor, cause=cause, hooks=hooks)
    return stayed


def change_records(
    spec: TypeSpec,
    ids: Sequence[int],
    change: Callable[[Item], None],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    hooks: Hooks,
) -> None:
    """Lock these records, change each, and store them, a batch at a time."""
    for start in range(0, len(ids), MAX_BATCH):
        batch = Batch(pin_for_write(), actor, cause, now(), items=[])
        writes = [Write(Change.EDIT, spec.code, id=id) for id in ids[start : start + MAX_BATCH]]
        preparing.resolve_items(batch, writes)
        preparing.load_rows(batch)
        for item in batch.live:
            change(item)
        work_out_values(batch)
        store_batch(batch, hooks)


def set_value(item: Item, field: FieldSpec, value: Any) -> None:
    """Put a parsed value into the record to be."""
    if field.has_links:
        item.links[field.id] = tuple(value or ())
    else:
        item.after[field.column] = value


def turned_value(field: FieldSpec, value: Any, source: int, survivor: int) -> Any:
    """A value whose links to `source` lead to `survivor`."""
    if field.has_links:
        return joined_links(with_id(link, survivor) if id_of(link) == source else link for link in value)
    return survivor if value == source else value


def with_id(link: Any, id: int) -> Any:
    """The same link to another record."""
    return replace(link, id=id) if isinstance(link, LinkPeriod) else id


def joined_links(links: Iterable[Any]) -> tuple[Any, ...]:
    """Links without repetitions, in order; periods of one record that overlap become one period."""
    kept: list[Any] = []
    for link in sorted(links, key=lambda link: link.sort_key if isinstance(link, LinkPeriod) else (link,)):
        if not isinstance(link, LinkPeriod):
            if link not in kept:
                kept.append(link)
            continue
        place = next((at for at, other in enumerate(kept) if is_same_time(link, other)), None)
        if place is None:
            kept.append(link)
        else:
            kept[place] = united(kept[place], link)
    return tuple(kept)


def is_same_time(link: LinkPeriod, other: LinkPeriod) -> bool:
    return link.id == other.id and link.overlaps(other)


def united(first: LinkPeriod, second: LinkPeriod) -> LinkPeriod:
    """One period over two of one record, of which the first begins first."""
    ends = (first.until, second.until)
    until = None if None in ends else max(end for end in ends if end is not None)
    return replace(first, until=until)


def part_value(field: FieldSpec, present: Any, before: Json, source: int, survivor: int) -> tuple[Any, ...]:
    """A many-relation that was changed since: what came from `source` goes back, everything else stays."""
    parsed = field_kinds.get(field.kind).parse(before, field) or ()
    old = [link for link in parsed if id_of(link) == source]
    own = {link for link in parsed if id_of(link) == survivor}
    ours = {with_id(link, survivor) for link in old} - own
    return joined_links([link for link in present if link not in ours] + old)


def without(value: Iterable[Any], ids: Collection[int]) -> tuple[Any, ...]:
    """Links that lead to none of these records."""
    return tuple(link for link in value if id_of(link) not in ids)


def number(value: Json) -> int:
    """An id out of stored JSON."""
    assert isinstance(value, int)
    return value
