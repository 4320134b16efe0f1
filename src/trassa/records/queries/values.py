"""Values that expressions need of records: their own from memory, linked ones read for all records at once.

A path costs one query a link, however many records there are. Nobody's rights narrow what is read: conditions
and defaults belong to the system. Linked records in the bin are not there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from trassa.expressions import MAX_ITEMS, Kind, Node, Path, Values, item_paths_of, paths_of
from trassa.kernel import today
from trassa.records.queries.links import linked_on
from trassa.schema.queries import find_source, is_of_field
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, LinkPeriod, TypeSpec


@dataclass(frozen=True, slots=True)
class State:
    """One state of a record, stored or to be; `id` is None for a record that is not there yet.

    `row` maps physical columns to values, `links` ids of many-relations to the records they name, those with
    periods to their periods.
    """

    id: int | None
    row: Mapping[str, Any]
    links: Mapping[int, Sequence[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Wanted:
    """What is needed of records of one type: their own columns, and what lies behind their links."""

    columns: set[str] = field(default_factory=set)
    #: Key of a link to one record → what is needed of that record.
    through: dict[str, "Wanted"] = field(default_factory=lambda: defaultdict(Wanted))
    #: Key of a list of linked records → what is needed of each.
    each: dict[str, "Wanted"] = field(default_factory=lambda: defaultdict(Wanted))

    def add(self, path: Path) -> None:
        place = self.behind(path[:-1])
        place.columns.add(path[-1])

    def behind(self, path: Path) -> "Wanted":
        place = self
        for key in path:
            place = place.through[key]
        return place

    def stored(self, spec: TypeSpec) -> list[str]:
        """Columns to read: values, and the ids of links to follow."""
        keys = {*self.columns, *self.through}
        return sorted(key for key in keys if (field := field_of(spec, key)) is None or field.has_column)


@dataclass(frozen=True, slots=True)
class _Source:
    """A record whose values go into `values`, behind the path on which it was reached."""

    state: State
    values: dict[Path, Any]
    path: Path = ()


def load_values(
    generation: Generation, spec: TypeSpec, nodes: Iterable[Node], states: Sequence[State]
) -> list[Values]:
    """What computing these expressions needs of each state, in their order."""
    return load_wanted(generation, spec, wanted_by(nodes), states)


def load_wanted(
    generation: Generation,
    spec: TypeSpec,
    wanted: Wanted,
    states: Sequence[State],
    *,
    holding_on: bool = False,
) -> list[Values]:
    """What is wanted of each state, in their order.

    With `holding_on` records behind links do not change until the transaction ends: who is changing one at
    the moment is waited for. Those that lists lead to may.
    """
    sources = [_Source(state, {}) for state in states]
    _fill(generation, spec, wanted, sources, holding_on=holding_on)
    return [source.values for source in sources]


def wanted_by(nodes: Iterable[Node]) -> Wanted:
    """What these expressions need."""
    trees = list(nodes)
    wanted = Wanted()
    for path in paths_of(trees):
        wanted.add(path)
    for over, paths in item_paths_of(trees).items():
        items = wanted.behind(over[:-1]).each[over[-1]]
        for path in paths:
            items.add(path)
    return wanted


def own_columns(spec: TypeSpec, nodes: Iterable[Node]) -> list[str]:
    """Columns of the record itself that computing these expressions needs."""
    return wanted_by(nodes).stored(spec)


def _fill(
    generation: Generation,
    spec: TypeSpec,
    wanted: Wanted,
    sources: Sequence[_Source],
    *,
    holding_on: bool = False,
) -> None:
    """Put the wanted values of these records into their places."""
    held = {key: _held(spec, key, sources) for key in {*wanted.columns, *wanted.through}}
    for key in wanted.columns:
        is_number = holds_numbers(spec, key)
        for source in sources:
            value = held[key].get(_id_of(source))
            source.values[(*source.path, key)] = plain(value, is_number=is_number)
    for key, behind in wanted.through.items():
        field = field_of(spec, key)
        target = generation.types_by_id.get(field.target_type_id or 0) if field else None
        if target is not None:
            found = list(_follow(target, key, held[key], behind, sources, holding_on=holding_on))
            _fill(generation, target, behind, found, holding_on=holding_on)
    for key, behind in wanted.each.items():
        _gather(generation, spec, key, behind, sources, holding_on=holding_on)


def _held(spec: TypeSpec, key: str, sources: Sequence[_Source]) -> Mapping[int, Any]:
    """Record → what it holds under a key; of links with periods the one of today."""
    field = field_of(spec, key)
    if field is None or not field.has_periods:
        return {_id_of(source): source.state.row.get(key) for source in sources}
    day = today()
    found = {
        _id_of(source): id_on(links, day)
        for source in sources
        if (links := source.state.links.get(field.id)) is not None
    }
    unknown = {id for source in sources if (id := source.state.id) is not None and id not in found}
    return {**found, **linked_on(field, unknown, day)} if unknown else found


def _follow(
    target: TypeSpec,
    key: str,
    held: Mapping[int, Any],
    behind: Wanted,
    sources: Sequence[_Source],
    *,
    holding_on: bool,
) -> Iterable[_Source]:
    """The records that a link leads to, read once however many records share them."""
    ids = {id for id in held.values() if id is not None}
    known = _read_states(target, behind, "id", ids, holding_on=holding_on)
    for source in sources:
        state = known.get(held.get(_id_of(source)))
        if state is not None:
            yield _Source(state[0], source.values, (*source.path, key))


def _gather(
    generation: Generation,
    spec: TypeSpec,
    key: str,
    behind: Wanted,
    sources: Sequence[_Source],
    *,
    holding_on: bool,
) -> None:
    """The records that a list of links or a link back leads to, each with values of its own."""
    source_type = spec if key.startswith("f_") else find_source(generation, spec, int(key[2:]))
    field = source_type.by_id.get(int(key[2:])) if source_type else None
    if field is None or source_type is None:
        return
    if key.startswith("f_"):
        target = generation.types_by_id.get(field.target_type_id or 0)
        lists = _ids_behind(field, sources)
    else:
        target, lists = source_type, None
    if target is None:
        return
    found = _read_lists(target, field, behind, sources, lists)
    items: list[_Source] = []
    for source in sources:
        made = [_Source(state, {}) for state in found.get(_id_of(source), ())]
        source.values[(*source.path, key)] = [each.values for each in made]
        items += made
    _fill(generation, target, behind, items, holding_on=holding_on)


def _id_of(source: _Source) -> int:
    """What a record is called among lists; new ones have none of their own."""
    return source.state.id or -id(source)


def _ids_behind(field: FieldSpec, sources: Sequence[_Source]) -> dict[int, Sequence[int]]:
    """Record → ids that its many-relation names: as it is to be where that is known, else as it is stored."""
    lists: dict[int, Sequence[int]] = {
        _id_of(source): ids_on(source.state.links[field.id], today())
        for source in sources
        if field.id in source.state.links
    }
    unknown = [id for source in sources if (id := source.state.id) is not None and id not in lists]
    if unknown:
        stored: dict[int, list[int]] = defaultdict(list)
        during, days = holding(field)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT from_id, to_id FROM {field.link_table}"
                f" WHERE from_id = ANY(%s){during} ORDER BY to_id",
                [unknown, *days],
            )
            for from_id, to_id in cursor.fetchall():
                stored[from_id].append(to_id)
        lists |= stored
    return lists


def _read_lists(
    target: TypeSpec,
    field: FieldSpec,
    behind: Wanted,
    sources: Sequence[_Source],
    lists: Mapping[int, Sequence[int]] | None,
) -> dict[int, list[State]]:
    """Record → the records of its list. `lists` are their ids; None where the others point here."""
    ids = {source.state.id for source in sources if source.state.id is not None}
    if lists is None and field.has_column:
        return _read_states(target, behind, field.column, ids)
    if lists is None:
        lists = _pointing_here(field, ids)
    known = _read_states(target, behind, "id", {id for each in lists.values() for id in each})
    return {id: [known[each][0] for each in named if each in known] for id, named in lists.items()}


def _pointing_here(field: FieldSpec, ids: set[int]) -> dict[int, list[int]]:
    """Record → ids of the records whose many-relation names it."""
    found: dict[int, list[int]] = defaultdict(list)
    during, days = holding(field)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_id, from_id FROM {field.link_table} WHERE to_id = ANY(%s){during} ORDER BY from_id",
            [list(ids), *days],
        )
        for to_id, from_id in cursor.fetchall():
            found[to_id].append(from_id)
    return found


def _read_states(
    spec: TypeSpec, wanted: Wanted, by: str, ids: set[int], *, holding_on: bool = False
) -> dict[Any, list[State]]:
    """Records by their `by` column, with the wanted columns; those in the bin are left out.

    One more than an aggregate reads tells it that there are too many.
    """
    found: dict[Any, list[State]] = defaultdict(list)
    if not ids:
        return found
    columns = wanted.stored(spec)
    read, most = ", ".join(["id", *columns]), MAX_ITEMS + 1
    held = " FOR KEY SHARE" if holding_on else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT k.key, r.* FROM unnest(%s::bigint[]) AS k(key) CROSS JOIN LATERAL (SELECT {read}"
            f" FROM {spec.table} WHERE {by} = k.key AND deleted_at IS NULL ORDER BY id LIMIT {most}{held}) r",
            [sorted(ids)],
        )
        for key, id, *values in cursor.fetchall():
            found[key].append(State(id, dict(zip(columns, values, strict=True))))
    return found


def holding(field: FieldSpec) -> tuple[str, list[date]]:
    """Which rows of a link table count, with parameters: of links with periods those of today."""
    return (" AND period @> %s::date", [today()]) if field.has_periods else ("", [])


def id_on(links: Iterable[LinkPeriod], day: date) -> int | None:
    """The one record that is linked on a day; of several the one that was linked last."""
    held = [link for link in links if link.holds_on(day)]
    return max(held, key=lambda link: (link.since or date.min, -link.id)).id if held else None


def ids_on(links: Iterable[int | LinkPeriod], day: date) -> list[int]:
    """The records that are linked on a day, by id."""
    plain = (link for link in links if not isinstance(link, LinkPeriod) or link.holds_on(day))
    return sorted(link.id if isinstance(link, LinkPeriod) else link for link in plain)


def field_of(spec: TypeSpec, key: str) -> FieldSpec | None:
    """The type's own field behind a key."""
    return spec.by_id.get(int(key[2:])) if is_of_field(key) else None


def holds_numbers(spec: TypeSpec, key: str) -> bool:
    """Whether a column holds numbers of expressions, and not ids."""
    field = field_of(spec, key)
    return key == "number" if field is None else field_kinds.get(field.kind).expression is Kind.NUMBER


def plain(value: Any, *, is_number: bool) -> Any:
    """A stored value as expressions know it."""
    if is_number and isinstance(value, int):
        return Decimal(value)
    return tuple(value) if isinstance(value, list) else value
