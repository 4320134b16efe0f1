"""Which lines mean a record that is there already, or one that an earlier line of the file has made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.imports.rows import Draft
from trassa.records.queries import find_duplicates, key_fields
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: A kind (or a field) and a normalised value: two lines that share one mean the same.
Mark: TypeAlias = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """The records that a line may mean, the likeliest first."""

    ids: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    #: The first is likelier than the others.
    is_clear: bool = True

    def __bool__(self) -> bool:
        return bool(self.ids)

    def choose(self, id: int | None) -> "Match":
        """The same with this record in front; the likeliest when none is named."""
        if id is None or id not in self.ids:
            return replace(self, is_clear=True)
        order = sorted(zip(self.ids, self.titles, strict=True), key=lambda pair: pair[0] != id)
        return Match(tuple(each for each, _title in order), tuple(title for _id, title in order))


NO_MATCH = Match()


class Matcher:
    """Finds duplicates by the fields that were chosen for it."""

    def __init__(self, spec: TypeSpec, actor: Actor, keys: Iterable[str]) -> None:
        self._spec = spec
        self._actor = actor
        chosen = [field for field in offered_keys(actor, spec) if field.code in set(keys)]
        #: Fields with normalised keys: a phone matches any phone of a record.
        self._keyed = [field for field in chosen if has_keys(field)]
        self._exact = [field for field in chosen if not has_keys(field)]
        #: Fields that no two records share, chosen or not.
        self._unique = [field for field in spec.fields if field.unique and field.has_column]

    def match(self, drafts: Sequence[Draft]) -> list[Match]:
        """What each of these lines may mean; few queries, however many lines."""
        found: list[dict[int, tuple[str, int]]] = [{} for _draft in drafts]
        if self._keyed:
            codes = {field.code for field in self._keyed}
            rows = [{code: draft.parsed[code] for code in codes & draft.parsed.keys()} for draft in drafts]
            for matches, duplicates in zip(
                found, find_duplicates(self._actor, self._spec, rows), strict=True
            ):
                for duplicate in duplicates:
                    if shared := codes.intersection(duplicate.fields):
                        matches[duplicate.id] = (duplicate.title, len(shared))
        for field in self._exact:
            self._match_exactly(field, drafts, found)
        return [best_first(each) for each in found]

    def _match_exactly(
        self, field: FieldSpec, drafts: Sequence[Draft], found: Sequence[dict[int, tuple[str, int]]]
    ) -> None:
        """Add records with the same value of a unique field without normalised keys."""
        values = {draft.parsed[field.code] for draft in drafts if field.code in draft.parsed}
        if not values:
            return
        rows = self._spec.model._default_manager.filter(
            **{f"{field.column}__in": list(values)}, deleted_at__isnull=True
        )
        rows = restrict(rows, self._actor.reach(Verb.SEE, self._spec))
        by_value = {value: (id, title) for value, id, title in rows.values_list(field.column, "id", "title")}
        for draft, matches in zip(drafts, found, strict=True):
            known = by_value.get(draft.parsed.get(field.code))
            if known is not None:
                id, title = known
                matches[id] = (title, matches.get(id, ("", 0))[1] + 1)

    def marks(self, draft: Draft) -> frozenset[Mark]:
        """What other lines that mean the same share with this one."""
        marks: set[Mark] = set()
        for field in self._keyed:
            if (value := draft.parsed.get(field.code)) is not None:
                marks |= {(field.kind, key) for key in field_kinds.get(field.kind).keys(value, field)}
        for field in self._exact:
            if (value := draft.parsed.get(field.code)) is not None:
                marks.add((field.code, value))
        return frozenset(marks)

    def unique_values(self, draft: Draft) -> frozenset[Mark]:
        """The values of this line that no other record may have."""
        return frozenset(
            (field.code, draft.parsed[field.code]) for field in self._unique if field.code in draft.parsed
        )


def has_keys(field: FieldSpec) -> bool:
    return field_kinds.get(field.kind).has_keys(field)


def offered_keys(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """The fields by which duplicates can be told: those with normalised keys, and unique ones."""
    keyed = {field.code for field in key_fields(actor, spec)}
    return [
        field
        for field in actor.visible_fields(spec)
        if field.code in keyed
        or (field.unique and field.has_column and not field_kinds.get(field.kind).automatic)
    ]


def usual_keys(actor: Actor, spec: TypeSpec, targets: Iterable[str]) -> tuple[str, ...]:
    """The keys among the filled fields, without names: two people may share one."""
    filled = set(targets)
    keys = [field for field in offered_keys(actor, spec) if field.code in filled]
    firm = [field for field in keys if not field.settings.get("is_name")]
    return tuple(field.code for field in firm or keys)


def best_first(found: Mapping[int, tuple[str, int]]) -> Match:
    """Records that share the most keys first, older ones before newer ones."""
    if not found:
        return NO_MATCH
    ordered = sorted(found, key=lambda id: (-found[id][1], id))
    is_clear = len(ordered) == 1 or found[ordered[0]][1] > found[ordered[1]][1]
    return Match(tuple(ordered), tuple(found[id][0] for id in ordered), is_clear)


class Seen:
    """What lines of this file have claimed: while nothing is written, the database cannot tell.

    Marks are kept as their hashes, so that a long file takes little room.
    """

    def __init__(self) -> None:
        self._marks: dict[int, int] = {}
        self._values: dict[int, int] = {}

    def add(self, line: int, marks: Iterable[Mark], values: Iterable[Mark]) -> None:
        for mark in marks:
            self._marks.setdefault(hash(mark), line)
        for value in values:
            self._values.setdefault(hash(value), line)

    def find_same(self, marks: Iterable[Mark]) -> int | None:
        """The first line that means the same."""
        lines = (self._marks.get(hash(mark)) for mark in marks)
        return min((line for line in lines if line is not None), default=None)

    def find_taken(self, values: Iterable[Mark]) -> tuple[str, int] | None:
        """The field whose unique value an earlier line has, and that line."""
        for code, value in values:
            line = self._values.get(hash((code, value)))
            if line is not None:
                return code, line
        return None
