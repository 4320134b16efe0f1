"""Values that are worked out: defaults of new records and formulas, each behind those that it looks at.

A formula is counted in the write that changes what it looks at, before conditions judge the record. Only what
it follows from decides its value, whoever writes. A value that cannot be computed or does not fit is empty.
See docs/decisions/0036-formulas.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from django.db.models import Model

from trassa.expressions import Field, Node, Value, Values, paths_in
from trassa.records.actions import freezing
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.actions.conditions import changing, raw_value, state_of
from trassa.records.actions.preparing import is_empty, parse_value
from trassa.records.queries.values import Wanted, load_wanted, wanted_by
from trassa.records.rules import computed
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Worked:
    """A field whose value is worked out, by its formula or as the default of a new record."""

    field: FieldSpec
    node: Node
    #: Keys of the record itself where the paths of its value begin, and those with its condition for staying.
    inputs: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Working:
    """All that is worked out of records of a type: level by level, none looking at others of its own."""

    levels: tuple[tuple[Worked, ...], ...]
    #: What fields worked out together need, by their ids.
    wanted: dict[tuple[int, ...], Wanted] = field(default_factory=dict)

    def wanted_by(self, chosen: Sequence[Worked]) -> Wanted:
        ids = tuple(each.field.id for each in chosen)
        if ids not in self.wanted:
            self.wanted[ids] = wanted_by(each.node for each in chosen)
        return self.wanted[ids]


#: Worked out once a type; its model stands for its state in one generation and goes with it.
_known: WeakKeyDictionary[type[Model], Working] = WeakKeyDictionary()


def working_of(spec: TypeSpec) -> Working:
    """What is worked out of records of this type, in order."""
    if spec.model not in _known:
        _known[spec.model] = Working(tuple(in_levels(worked_fields(spec))))
    return _known[spec.model]


def worked_fields(spec: TypeSpec) -> Iterable[Worked]:
    for each in spec.fields:
        node = each.formula if each.formula is not None else each.default_formula
        if node is not None and not each.is_live:
            inputs = frozenset(path[0] for path in paths_in(node))
            staying = paths_in(each.frozen_when) if each.frozen_when is not None else ()
            yield Worked(each, node, inputs, inputs.union(path[0] for path in staying))


def in_levels(fields: Iterable[Worked]) -> Iterable[tuple[Worked, ...]]:
    """The fields in the order in which they can be worked out."""
    left = {each.field.column: each for each in fields}
    while left:
        ready = [each for each in left.values() if not each.keys & left.keys()]
        # Circles are refused when they are saved; should there be one, its fields come together.
        level = tuple(ready or left.values())
        yield level
        for each in level:
            del left[each.field.column]


def work_out_values(batch: Batch) -> None:
    """Give new records the defaults that are formulas, and every record what follows from its new values."""
    for spec, items in by_type(changing(batch)):
        work_out(batch, spec, items)


def work_out(
    batch: Batch,
    spec: TypeSpec,
    items: Sequence[Item],
    *,
    anew: Collection[int] = (),
    first: Collection[int] = (),
) -> None:
    """Work out what these records of one type need.

    `anew` are ids of fields that are counted whatever has changed; those counted for the `first` time are
    counted of records, too, where they are to stay as they are and nobody has filled them in before.
    """
    working = working_of(spec)
    changed = {id(item): changed_keys(item) for item in items} if working.levels else {}
    for level in working.levels:
        due = [
            (each, chosen)
            for each in level
            if (chosen := [item for item in items if is_due(each, item, changed[id(item)], anew)])
        ]
        moving = [
            (each, [*empty, *without_still(batch, each, filled, changed, anew)])
            for each, chosen in due
            for empty, filled in [parted(each, chosen, first)]
        ]
        for each, item, values in load_due(batch, spec, working, moving):
            if put_value(batch, each, item, values):
                changed[id(item)].add(each.field.column)


def changed_keys(item: Item) -> set[str]:
    """Keys of the record's own columns and many-relations that differ from before."""
    links = {f"f_{id}" for id, links in item.links.items() if links != item.links_before.get(id, ())}
    return links.union(item.changed_columns())


def is_due(each: Worked, item: Item, changed: Collection[str], anew: Collection[int]) -> bool:
    """Whether a value has to be worked out: a default where none is given, a formula whose inputs changed."""
    if each.field.formula is None:
        return item.is_new and each.field.code not in item.write.fields
    return item.is_new or each.field.id in anew or not each.keys.isdisjoint(changed)


def parted(
    each: Worked, items: Sequence[Item], first: Collection[int]
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Records whose value moves in any case: counted first and filled in by nobody; and the others."""
    if each.field.id not in first:
        return (), items
    empty = [item for item in items if item.value_before(each.field) is None]
    return empty, [item for item in items if item.value_before(each.field) is not None]


def without_still(
    batch: Batch,
    each: Worked,
    items: Sequence[Item],
    changed: Mapping[int, set[str]],
    anew: Collection[int],
) -> Sequence[Item]:
    """Those whose value may move.

    It stays while its condition for staying holds before and after the write; and where the condition did not
    hold before, the value has followed its inputs until now and moves only with them. What had stayed and
    stays again is put back.
    """
    if each.field.frozen_when is None or not items:
        return items
    moving: list[Item] = []
    for item, (stayed, stays) in zip(items, freezing.turn(batch, each.field, items), strict=True):
        if stays and not stayed and freezing.bring_back(item, each.field):
            changed[id(item)].add(each.field.column)
        elif not stays if stayed else may_move(each, item, changed[id(item)], anew):
            moving.append(item)
    return moving


def may_move(each: Worked, item: Item, changed: Collection[str], anew: Collection[int]) -> bool:
    """Whether a value that followed its inputs until now may become another one."""
    return item.is_new or each.field.id in anew or not each.inputs.isdisjoint(changed)


def load_due(
    batch: Batch, spec: TypeSpec, working: Working, due: Sequence[tuple[Worked, Sequence[Item]]]
) -> Iterable[tuple[Worked, Item, Values]]:
    """What is to be worked out of whom, with the values for it, read for all together."""
    pairs = [(each, items) for each, items in due if items]
    items = list({id(item): item for _each, chosen in pairs for item in chosen}.values())
    if not items:
        return
    wanted = working.wanted_by([each for each, _items in pairs])
    states = [state_of(batch, item) for item in items]
    loaded = load_wanted(batch.generation, spec, wanted, states, holding_on=True)
    values = {id(item): each for item, each in zip(items, loaded, strict=True)}
    for each, chosen in pairs:
        for item in chosen:
            yield each, item, values[id(item)]


def put_value(batch: Batch, each: Worked, item: Item, values: Values) -> bool:
    """Put one value into the record to be; gives whether it is another one."""
    spec = each.field
    before = item.value(spec)
    if spec.formula is not None:
        item.after[spec.column] = formula_value(spec, values)
    elif not is_empty(raw := raw_value(computed(each.node, batch.actor.id)(values), spec)):
        parse_value(item, spec, raw)
    return bool(item.value(spec) != before)


def formula_value(spec: FieldSpec, values: Values) -> Any:
    """What a formula gives, as its field keeps it; one that only names a field copies it, empty ones too."""
    node = spec.formula
    if node is None or (isinstance(node, Field) and values.get(node.path) is None):
        return None
    return kept_value(computed(node, None)(values), spec)


def kept_value(value: Value, spec: FieldSpec) -> Any:
    """A computed value as its field keeps it; None for an error and for what does not fit."""
    raw = raw_value(value, spec)
    try:
        return None if is_empty(raw) else field_kinds.get(spec.kind).parse(raw, spec)
    except ValueRefused:
        return None


def formulas_of(spec: TypeSpec) -> Mapping[int, FieldSpec]:
    """The fields of a type that are worked out by a formula and kept, by id."""
    return {each.id: each for each in spec.fields if each.formula is not None and not each.is_live}
