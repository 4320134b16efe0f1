"""Which records hold formulas that look at the records of a batch, over links in either direction.

What looks where is worked out once a generation, so that a write which no formula looks at costs one look-up.
See docs/decisions/0036-formulas.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from django.apps.registry import Apps

from trassa.expressions import Path, paths_in
from trassa.records.actions.batch import Item, by_type
from trassa.records.actions.formulas import changed_keys, formulas_of
from trassa.records.queries.names import id_of
from trassa.records.queries.together import Read, read_together
from trassa.schema.queries import find_source, is_of_field
from trassa.schema.types import FieldSpec, Generation, TypeSpec

#: More dependants than this are counted by a job.
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Watch:
    """The formulas of one type that look at records of another over one way of links."""

    #: Keys of the links from a record with formulas to the records that they look at, and the types along it.
    way: Path
    types: tuple[TypeSpec, ...]
    #: Ids of the formulas' fields; and those that look at one key of the records at the end.
    field_ids: set[int] = field(default_factory=set)
    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def spec(self) -> TypeSpec:
        """The type of the formulas."""
        return self.types[0]

    @property
    def arrival(self) -> FieldSpec | None:
        """The field of the records at the end that points at those before; None where those point here."""
        key = self.way[-1]
        return self.types[-1].by_id.get(int(key[2:])) if key.startswith("b_") else None

    def touched(self, item: Item) -> set[int]:
        """Ids of the formulas to which the write of one record matters."""
        was = item.before is not None and item.before["deleted_at"] is None
        stays = item.after.get("deleted_at") is None
        arrival = self.arrival
        if was is not stays:
            return self.field_ids if arrival is not None or not item.is_new else set()
        if not was:
            return set()
        changed = changed_keys(item)
        if arrival is not None and arrival.column in changed:
            return self.field_ids
        return {id for key in changed for id in self.by_key.get(key, ())}


@dataclass(frozen=True, slots=True)
class Dependants:
    """Records of one type whose formulas of these ids have to be counted: by id, or how to find the many."""

    spec: TypeSpec
    field_ids: frozenset[int]
    ids: frozenset[int] = frozenset()
    too_many: Read | None = None


#: A watch, the ids of its formulas to which some writes matter, and those from which its way leads back.
Near: TypeAlias = tuple[Watch, frozenset[int], frozenset[int]]

_watches: WeakKeyDictionary[Apps, Mapping[int, Sequence[Watch]]] = WeakKeyDictionary()


def watches_of(generation: Generation) -> Mapping[int, Sequence[Watch]]:
    """Type → the formulas of any type that look at its records through links."""
    if generation.apps not in _watches:
        _watches[generation.apps] = find_watches(generation)
    return _watches[generation.apps]


def find_watches(generation: Generation) -> Mapping[int, Sequence[Watch]]:
    """Follow every path of every formula, type by type."""
    known: dict[tuple[int, Path], Watch] = {}
    for spec in generation:
        for each in formulas_of(spec).values():
            for path in paths_in(each.formula) if each.formula is not None else ():
                for way, types in ways_of(generation, spec, path):
                    watch = known.setdefault((spec.id, way), Watch(way, types))
                    watch.field_ids.add(each.id)
                    if len(way) < len(path):
                        watch.by_key[path[len(way)]].add(each.id)
    found: dict[int, list[Watch]] = defaultdict(list)
    for watch in known.values():
        found[watch.types[-1].id].append(watch)
    return found


def ways_of(
    generation: Generation, spec: TypeSpec, path: Path
) -> Iterator[tuple[Path, tuple[TypeSpec, ...]]]:
    """The beginnings of a path that lead to other records, each with the types along it."""
    types: tuple[TypeSpec, ...] = (spec,)
    for place, key in enumerate(path, start=1):
        target = target_of(generation, types[-1], key)
        if target is None:
            return
        types = (*types, target)
        yield path[:place], types


def target_of(generation: Generation, spec: TypeSpec, key: str) -> TypeSpec | None:
    """The type that a key leads to; None when it is no link."""
    if not is_of_field(key):
        return None
    if key.startswith("b_"):
        return find_source(generation, spec, int(key[2:]))
    link = spec.by_id.get(int(key[2:]))
    return generation.types_by_id.get(link.target_type_id or 0) if link else None


def find_near(generation: Generation, items: Sequence[Item]) -> list[Near]:
    """The watches to which the writes of these matter; nothing is read."""
    watches = watches_of(generation)
    return [
        each
        for spec, group in by_type(items)
        for watch in watches.get(spec.id, ())
        if (each := nearest(watch, group))
    ]


def find_dependants(generation: Generation, near: Sequence[Near]) -> list[Dependants]:
    """The records whose formulas look at what changed, types ascending; at most one round trip."""
    reads = [read_back(watch, ids) for watch, _fields, ids in near]
    asked = [read for read in reads if read is not None]
    answers = iter(read_together([limited(read) for read in asked]))
    fields: dict[int, set[int]] = defaultdict(set)
    found: dict[int, set[int]] = defaultdict(set)
    many: list[Dependants] = []
    for (watch, field_ids, ids), read in zip(near, reads, strict=True):
        known = ids if read is None else {id for (id,) in next(answers)}
        if read is not None and len(known) > MOST_AT_ONCE:
            many.append(Dependants(watch.spec, field_ids, too_many=read))
        elif known:
            fields[watch.spec.id] |= field_ids
            found[watch.spec.id] |= known
    types = generation.types_by_id
    few = [Dependants(types[id], frozenset(fields[id]), frozenset(found[id])) for id in sorted(found)]
    return [*few, *many]


def nearest(watch: Watch, items: Sequence[Item]) -> Near | None:
    """A watch to which these writes matter, with its formulas and the ids from which its way leads back.

    Those are the records themselves where others point at them, else those that they point or pointed at.
    """
    fields: set[int] = set()
    ids: set[int] = set()
    arrival = watch.arrival
    for item in items:
        touched = watch.touched(item)
        fields |= touched
        if touched and arrival is None:
            ids.add(item.id)
        elif touched and arrival is not None:
            ids |= {*targets(item.value_before(arrival)), *targets(item.value(arrival))}
    return (watch, frozenset(fields), frozenset(ids)) if ids else None


def targets(value: Any) -> Iterator[int]:
    """The ids that a link names, to one record or to many."""
    if isinstance(value, tuple | list):
        yield from map(id_of, value)
    elif value is not None:
        yield value


def read_back(watch: Watch, ids: frozenset[int]) -> Read | None:
    """The statement that goes back over the links from the nearest records; None when these are meant."""
    level = len(watch.way) - (watch.arrival is not None)
    if level == 0:
        return None
    text = "SELECT unnest(%s::bigint[])"
    for place in range(level, 0, -1):
        text = step_back(watch.way[place - 1], watch.types[place - 1], watch.types[place], text)
    return text, [sorted(ids)]


def step_back(key: str, near: TypeSpec, far: TypeSpec, ids: str) -> str:
    """SELECT of the ids of records of `near` whose key leads to any of these records of `far`."""
    if key.startswith("b_"):
        link = far.by_id[int(key[2:])]
        if link.has_links:
            return f"SELECT to_id FROM {link.link_table} WHERE from_id IN ({ids})"
        return f"SELECT {link.column} FROM {far.table} WHERE id IN ({ids}) AND {link.column} IS NOT NULL"
    link = near.by_id[int(key[2:])]
    if link.has_links:
        return f"SELECT from_id FROM {link.link_table} WHERE to_id IN ({ids})"
    return f"SELECT id FROM {near.table} WHERE {link.column} IN ({ids})"


def limited(read: Read) -> Read:
    """The first of these ids: enough to know whether there are too many."""
    text, parameters = read
    return f"SELECT DISTINCT found.id FROM ({text}) AS found(id) LIMIT {MOST_AT_ONCE + 1}", parameters
