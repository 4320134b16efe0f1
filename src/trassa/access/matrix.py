"""Rights of a role as a matrix: a place a row, a verb a column, an extent in each cell.

A cell says what the role has at that very place. What it has at a place above holds here as well, because
grants add up; a cell can only add to it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trassa.access.types import GrantSpec, Scope, Verb
from trassa.schema.types import Generation, TypeSpec

VERBS = (Verb.SEE, Verb.CREATE, Verb.EDIT, Verb.MOVE, Verb.DELETE, Verb.EXPORT)
FIELD_VERBS = (Verb.SEE, Verb.EDIT)

#: What a cell may hold, by its value in the form. *Own* and *department* do not contain each other.
EXTENTS: Mapping[str, frozenset[Scope]] = {
    "": frozenset(),
    "own": frozenset({Scope.OWN}),
    "department": frozenset({Scope.DEPARTMENT}),
    "own+department": frozenset({Scope.OWN, Scope.DEPARTMENT}),
    "branch": frozenset({Scope.BRANCH}),
    "own+branch": frozenset({Scope.OWN, Scope.BRANCH}),
    "all": frozenset({Scope.ALL}),
}
_NAMES = {scopes: name for name, scopes in EXTENTS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a grant holds: every type, a type, a pipeline, a stage, or a restricted field."""

    type_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    field_id: int | None = None

    @property
    def key(self) -> str:
        """The place in the names of form fields: `all`, `t4`, `p7`, `s12`, `f31`."""
        for letter, id in (
            ("f", self.field_id),
            ("s", self.stage_id),
            ("p", self.pipeline_id),
            ("t", self.type_id),
        ):
            if id is not None:
                return f"{letter}{id}"
        return "all"

    @property
    def above(self) -> tuple["Place", ...]:
        """The wider places whose grants hold here too, the widest first; none for a field."""
        if self.field_id is not None or self.type_id is None:
            return ()
        places = [Place()]
        if self.pipeline_id is not None:
            places.append(Place(self.type_id))
        if self.stage_id is not None:
            places.append(Place(self.type_id, self.pipeline_id))
        return tuple(places)

    def grant(self, verb: Verb, scope: Scope) -> GrantSpec:
        return GrantSpec(verb, scope, self.type_id, self.pipeline_id, self.stage_id, self.field_id)


def place_of(grant: GrantSpec) -> Place:
    """Where a grant holds."""
    return Place(grant.type_id, grant.pipeline_id, grant.stage_id, grant.field_id)


def places_of(spec: TypeSpec) -> Iterator[Place]:
    """The places inside a type: pipelines, each followed by its stages, then restricted fields."""
    for pipeline in spec.pipelines:
        yield Place(spec.id, pipeline.id)
        for stage in pipeline.stages:
            yield Place(spec.id, pipeline.id, stage.id)
    for field in spec.fields:
        if field.needs_grant:
            yield Place(spec.id, field_id=field.id)


def all_places(generation: Generation) -> Iterator[Place]:
    """Every place, as the matrix lists them."""
    yield Place()
    for spec in generation.in_menus:
        yield Place(spec.id)
        yield from places_of(spec)


def verbs_at(place: Place) -> tuple[Verb, ...]:
    """The columns that a place has."""
    return VERBS if place.field_id is None else FIELD_VERBS


def scopes_at(grants: Iterable[GrantSpec], place: Place, verb: Verb) -> frozenset[Scope]:
    """What these grants say at this very place."""
    return frozenset(grant.scope for grant in grants if grant.verb is verb and place_of(grant) == place)


def extent_of(scopes: Iterable[Scope]) -> str:
    """The extent that these scopes make together: a key of EXTENTS."""
    found = set(scopes)
    if Scope.ALL in found:
        return "all"
    if Scope.BRANCH in found:
        found.discard(Scope.DEPARTMENT)
    return _NAMES[frozenset(found)]


def chosen_grants(
    grants: Iterable[GrantSpec], cells: Mapping[str, str], generation: Generation
) -> set[GrantSpec]:
    """The grants after the cells of a form, `t4.see` → `own+branch`, have been filled in.

    Cells that are not there, or say what is so already, leave their grants as they are.
    """
    result = set(grants)
    for place in all_places(generation):
        for verb in verbs_at(place):
            asked = cells.get(f"{place.key}.{verb}")
            if asked is None or asked not in EXTENTS:
                continue
            present = scopes_at(result, place, verb)
            if extent_of(present) == asked or (place.field_id is not None and asked not in ("", "all")):
                continue
            result -= {place.grant(verb, scope) for scope in present}
            result |= {place.grant(verb, scope) for scope in EXTENTS[asked]}
    return result


def fingerprint_of(grants: Iterable[GrantSpec]) -> str:
    """A short text that is the same for the same grants only."""
    written = repr([grant.sort_key for grant in sorted(grants, key=lambda grant: grant.sort_key)])
    return hashlib.sha256(written.encode()).hexdigest()[:16]
