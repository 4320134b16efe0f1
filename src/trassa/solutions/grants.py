"""Rights of a role as sets of single grants: order, joining, and their three-way merge.

Rights differ from everything else in a pack: what the pack itself brought and has withdrawn goes, because
an update must be able to close a door.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from trassa.access.types import GrantSpec, Scope, Verb
from trassa.schema.types import Generation
from trassa.solutions.format import GrantEntry

_VERBS = ("see", "create", "edit", "delete", "move", "export")


@dataclass(frozen=True, slots=True)
class MergedGrants:
    """The grants that a role shall have, and what is new or gone against those it has."""

    result: list[GrantEntry]
    added: list[GrantEntry]
    removed: list[GrantEntry]


def grant_specs(grants: Iterable[GrantEntry], generation: Generation) -> list[GrantSpec]:
    """Grants of single verbs with ids instead of codes; all that they name is there."""
    return [_spec_of(grant, verb, generation) for grant in grants for verb in grant.verbs]


def _spec_of(entry: GrantEntry, verb: str, generation: Generation) -> GrantSpec:
    type_spec = None if entry.type == "*" else generation.types[entry.type]
    pipeline = generation.pipelines[entry.pipeline] if entry.pipeline else None
    stage = pipeline.get_stage(entry.stage) if pipeline and entry.stage else None
    field = type_spec.by_code[entry.field] if type_spec and entry.field else None
    return GrantSpec(
        verb=Verb(verb),
        scope=Scope(entry.scope),
        type_id=type_spec.id if type_spec else None,
        pipeline_id=pipeline.id if pipeline else None,
        stage_id=stage.id if stage else None,
        field_id=field.id if field else None,
    )


def merge_grants(
    base: Iterable[GrantEntry] | None, here: Iterable[GrantEntry], wanted: Iterable[GrantEntry]
) -> MergedGrants:
    """Ours and theirs, less what either side has withdrawn. `base` None: nobody knows what was there."""
    before, ours, theirs = single_grants(base or ()), single_grants(here), single_grants(wanted)
    withdrawn_here = before - ours
    added = theirs - ours - withdrawn_here
    removed = (before - theirs) & ours
    result = (ours | added) - removed
    return MergedGrants(join_grants(in_order(result)), in_order(added), in_order(removed))


def single_grants(grants: Iterable[GrantEntry]) -> set[GrantEntry]:
    """Grants of one verb each."""
    return {grant.model_copy(update={"verbs": (verb,)}) for grant in grants for verb in grant.verbs}


def in_order(grants: Iterable[GrantEntry]) -> list[GrantEntry]:
    """Grants of single verbs in the order in which files list them."""

    def position(grant: GrantEntry) -> tuple[str, ...]:
        where = (grant.type, grant.pipeline or "", grant.stage or "", grant.field or "")
        return (*where, str(_VERBS.index(grant.verbs[0])), grant.scope)

    return sorted(grants, key=position)


def join_grants(grants: Sequence[GrantEntry]) -> list[GrantEntry]:
    """Grants of single verbs joined into lines of several verbs where all else is equal."""
    joined: dict[GrantEntry, list[Any]] = {}
    for grant in grants:
        key = grant.model_copy(update={"verbs": ("see",)})
        joined.setdefault(key, []).extend(grant.verbs)
    return [key.model_copy(update={"verbs": tuple(verbs)}) for key, verbs in joined.items()]
