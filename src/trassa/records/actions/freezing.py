"""Values that stay as they were: since when, what history tells of it, and what stays again after an undo.

Whether a value stays is said by the condition of its field; a row tells since when. History keeps the value
under `k_<id of the field>`, from the write with which it begins to stay and with which it no longer does, so
that taking such a write back brings the value back and not the one of today. See
docs/decisions/0036-formulas.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from trassa.expressions import Node
from trassa.journal import Json
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.conditions import state_before, state_of
from trassa.records.queries.frozen import kept_key, read_frozen
from trassa.records.queries.values import State, load_wanted, wanted_by
from trassa.records.rules import holding
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, TypeSpec


def freezing_fields(spec: TypeSpec) -> list[FieldSpec]:
    """The fields of a type whose values may stay."""
    return [field for field in spec.fields if field.frozen_when is not None]


def held(generation: Generation, spec: TypeSpec, node: Node, states: Sequence[State]) -> list[bool]:
    """Whether a condition for staying holds, for each state."""
    holds = holding(node, None)
    return [holds(values) for values in load_wanted(generation, spec, wanted_by([node]), states)]


def turn(batch: Batch, field: FieldSpec, items: Sequence[Item]) -> list[tuple[bool, bool]]:
    """For each record whether the value stayed before and whether it stays now; notes where that changes."""
    node, spec = field.frozen_when, items[0].spec
    assert node is not None
    old = [(item, state) for item in items if (state := state_before(item)) is not None]
    before = held(batch.generation, spec, node, [state for _item, state in old])
    stayed = {id(item) for (item, _state), holds in zip(old, before, strict=True) if holds}
    after = held(batch.generation, spec, node, [state_of(batch, item) for item in items])
    turns = [(id(item) in stayed, stays) for item, stays in zip(items, after, strict=True)]
    for item, (was, stays) in zip(items, turns, strict=True):
        if was is not stays:
            item.turned[field.id] = stays
    return turns


# What had stayed and stays again


def kept_in(changes: Mapping[str, tuple[Json, Json]], spec: TypeSpec) -> dict[int, Json]:
    """What no longer stayed after a change that history tells, by the id of the field."""
    pairs = {field.id: changes.get(kept_key(field), (None, None)) for field in freezing_fields(spec)}
    return {id: before for id, (before, after) in pairs.items() if before is not None and after is None}


def kept_by(generation: Generation, item: Item) -> dict[int, Json]:
    """What stays of a stored record, by the id of the field, for another record to take over."""
    state, spec = state_before(item), item.spec
    fields = freezing_fields(spec) if state is not None else []
    staying = [
        field
        for field in fields
        if state is not None
        and field.frozen_when is not None
        and held(generation, spec, field.frozen_when, [state])[0]
    ]
    since = read_frozen(staying, [item.id]).get(item.id, {})
    return {field.id: told(field, item.value_before(field), since.get(field.code)) for field in staying}


def bring_back(item: Item, field: FieldSpec) -> bool:
    """Let the value stay that had stayed before, when this write knows one; gives whether it does."""
    kept = item.kept.get(field.id, item.write.kept.get(field.id))
    if not isinstance(kept, Mapping):
        return False
    try:
        item.after[field.column] = field_kinds.get(field.kind).parse(kept["value"], field)
    except ValueRefused:
        return False
    return True


def since_of(batch: Batch, item: Item, field: FieldSpec) -> datetime | None:
    """Since when a value stays that begins to stay with this write."""
    kept = item.kept.get(field.id, item.write.kept.get(field.id))
    if not isinstance(kept, Mapping):
        return batch.moment
    return datetime.fromisoformat(str(kept["since"])) if kept["since"] else None


# Storing


def store_turns(batch: Batch) -> None:
    """Follow the conditions that came to hold or no longer do, and note what history tells of it."""
    turned = [item for item in batch.stored if item.turned]
    if not turned:
        return
    ending = [item for item in turned if not all(item.turned.values())]
    fields = {field.id: field for item in turned for field in freezing_fields(item.spec)}
    since = read_frozen(list(fields.values()), [item.id for item in ending])
    begun: list[tuple[int, int, datetime | None]] = []
    for item in turned:
        for field_id, stays in item.turned.items():
            field, key = fields[field_id], kept_key(fields[field_id])
            if stays:
                begun.append((item.id, field_id, since_of(batch, item, field)))
                item.turns[key] = (None, told(field, item.value(field), begun[-1][2]))
            else:
                moment = since.get(item.id, {}).get(field.code)
                item.turns[key] = (told(field, item.value_before(field), moment), None)
                forget(batch, field_id, [item.id])
    remember(batch, begun)


def told(field: FieldSpec, value: Any, since: datetime | None) -> Json:
    """A value that stays as history keeps it."""
    plain = None if value is None else field_kinds.get(field.kind).to_json(value, field)
    return {"value": plain, "since": since.isoformat() if since else None}


def remember(batch: Batch, begun: Sequence[tuple[int, int, datetime | None]]) -> None:
    """These values stay: records, fields, and since when."""
    if begun:
        records, fields, moments = zip(*begun, strict=True)
        batch.statements.add(
            "INSERT INTO records_frozen (record_id, field_id, since)"
            " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[])"
            " ON CONFLICT (record_id, field_id) DO UPDATE SET since = EXCLUDED.since",
            [list(records), list(fields), list(moments)],
        )


def forget(batch: Batch, field_id: int, ids: Collection[int]) -> None:
    """These values no longer stay."""
    if ids:
        text = "DELETE FROM records_frozen WHERE field_id = %s AND record_id = ANY(%s)"
        batch.statements.add(text, [field_id, list(ids)])


def settle(batch: Batch, fields: Iterable[FieldSpec]) -> None:
    """Bring what is known of stored records in line with conditions that have changed; history is silent."""
    for field in fields if batch.items else ():
        stays = [False] * len(batch.items)
        if field.frozen_when is not None:
            states = [state_of(batch, item) for item in batch.items]
            stays = held(batch.generation, batch.items[0].spec, field.frozen_when, states)
        staying = [item.id for item, holds in zip(batch.items, stays, strict=True) if holds]
        known = set(staying)
        forget(batch, field.id, [item.id for item in batch.items if item.id not in known])
        if staying:
            batch.statements.add(
                "INSERT INTO records_frozen (record_id, field_id) SELECT unnest(%s::bigint[]), %s"
                " ON CONFLICT DO NOTHING",
                [staying, field.id],
            )
    batch.statements.run()
