"""What a change of a role's grants means for the people who hold it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from trassa.access.actors import Actor
from trassa.access.matrix import FIELD_VERBS, VERBS
from trassa.access.types import GrantSpec, Verb, Way
from trassa.access.ways import covers
from trassa.schema.types import FieldSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds the role, and everything that their other roles permit."""

    id: int
    name: str
    department_id: int | None
    branch_ids: frozenset[int]
    is_administrator: bool
    other_grants: frozenset[GrantSpec]

    def actor(self, grants: Iterable[GrantSpec]) -> Actor:
        """Their rights, were these the grants of the role."""
        return Actor(
            id=self.id,
            name=self.name,
            department_id=self.department_id,
            branch_ids=self.branch_ids,
            grants=self.other_grants | set(grants),
            everything=self.is_administrator,
        )


@dataclass(frozen=True, slots=True)
class Consequence:
    """Who gains and who loses by a change: names of people. Somebody may do both."""

    verb: Verb
    type_spec: TypeSpec
    field: FieldSpec | None
    gaining: tuple[str, ...]
    losing: tuple[str, ...]


def consequences_of(
    holders: Sequence[Holder],
    before: Collection[GrantSpec],
    after: Collection[GrantSpec],
    types: Iterable[TypeSpec],
) -> list[Consequence]:
    """What really changes for whom, with everything that other roles give; nothing for the rest."""
    pairs = [(holder.actor(before), holder.actor(after)) for holder in holders]
    found = []
    for spec in types:
        for verb in VERBS:
            told = _compare_reach(pairs, verb, spec)
            found += [Consequence(verb, spec, None, *told)] if any(told) else []
        for field in spec.fields:
            for verb in FIELD_VERBS if field.needs_grant else ():
                told = _compare_field(pairs, verb, field)
                found += [Consequence(verb, spec, field, *told)] if any(told) else []
    return found


Told = tuple[tuple[str, ...], tuple[str, ...]]
Pairs = Sequence[tuple[Actor, Actor]]


def _compare_reach(pairs: Pairs, verb: Verb, spec: TypeSpec) -> Told:
    gaining, losing = [], []
    for before, after in pairs:
        name = str(after.name)
        old, new = before.reach(verb, spec).ways, after.reach(verb, spec).ways
        gaining += [name] if _goes_beyond(new, old) else []
        losing += [name] if _goes_beyond(old, new) else []
    return tuple(gaining), tuple(losing)


def _goes_beyond(ways: Sequence[Way], others: Sequence[Way]) -> bool:
    return any(not any(covers(other, way) for other in others) for way in ways)


def _compare_field(pairs: Pairs, verb: Verb, field: FieldSpec) -> Told:
    def may(actor: Actor) -> bool:
        return actor.sees_field(field) if verb is Verb.SEE else actor.edits_field(field)

    gaining = tuple(str(after.name) for before, after in pairs if may(after) and not may(before))
    losing = tuple(str(after.name) for before, after in pairs if may(before) and not may(after))
    return gaining, losing
