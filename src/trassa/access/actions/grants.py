"""What a role permits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.access.matrix import fingerprint_of
from trassa.access.models import Grant
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.journal import Json, NewEntry, Stream, append, list_entries
from trassa.kernel import Conflict, FieldError, Invalid
from trassa.people.actions import bump_rights_revision
from trassa.people.queries import lock_role, require_administrator
from trassa.people.types import NO_CAUSE, Cause
from trassa.schema.queries import current_generation
from trassa.schema.types import Generation


class RoleRow(Protocol):
    """A row of `people.Role`."""

    @property
    def id(self) -> int: ...


@transaction.atomic
def set_grants(
    role: RoleRow,
    grants: Iterable[GrantSpec],
    *,
    actor_id: int | None,
    seen: str | None = None,
    cause: Cause = NO_CAUSE,
) -> None:
    """Make these the grants of the role, and no others.

    A grant may leave out what its place implies: a stage's pipeline, a pipeline's or field's type. Grants
    that are there already stay, also those of places that are no longer in use. `seen` is the
    fingerprint of the grants that the choice was made from; raises Conflict when the role has others by now.
    """
    require_administrator(actor_id)
    generation = current_generation()
    lock_role(role.id)
    present = {grant.spec: grant.id for grant in Grant.objects.filter(role_id=role.id)}
    if seen is not None and fingerprint_of(present) != seen:
        raise Conflict(_("Somebody has changed the rights of this role meanwhile. Look at them again."))
    wanted = {grant if grant in present else complete(grant, generation) for grant in grants}
    if present.keys() == wanted:
        return
    Grant.objects.filter(id__in=[present[spec] for spec in present.keys() - wanted]).delete()
    Grant.objects.bulk_create(
        Grant(
            role_id=role.id,
            verb=spec.verb,
            scope=spec.scope,
            type_id=spec.type_id,
            pipeline_id=spec.pipeline_id,
            stage_id=spec.stage_id,
            field_id=spec.field_id,
        )
        for spec in sorted(wanted - present.keys(), key=lambda spec: spec.sort_key)
    )
    bump_rights_revision()
    changes = {"grants": (_as_json(present), _as_json(wanted))}
    append([NewEntry(Stream("role", role.id), "grants_set", changes)], actor_id=actor_id, cause=cause)


@transaction.atomic
def undo_grants(role: RoleRow, seq: int, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Take back the change of rights with this number in the role's history.

    Raises Conflict when the rights have been changed again since.
    """
    lock_role(role.id)
    entry = next(iter(list_entries(Stream("role", role.id), before_seq=seq + 1, limit=1)), None)
    if entry is None or entry.seq != seq or entry.kind != "grants_set":
        raise Conflict(_("There is nothing to take back."))
    before, after = (grants_of_json(side) for side in entry.changes["grants"])
    set_grants(role, before, seen=fingerprint_of(after), actor_id=actor_id, cause={**cause, "undoes": seq})


def complete(grant: GrantSpec, generation: Generation) -> GrantSpec:
    """Fill in what the place implies; raises Invalid when the parts of the place do not belong together."""
    if grant.field_id is not None:
        return _complete_field(grant, generation)
    pipeline_id, type_id = grant.pipeline_id, grant.type_id
    if grant.stage_id is not None:
        stage = generation.stages_by_id.get(grant.stage_id)
        if stage is None or pipeline_id not in (None, stage.pipeline_id):
            raise _invalid("stage", _("This pipeline has no such stage."))
        pipeline_id = stage.pipeline_id
    if pipeline_id is not None:
        pipeline = generation.pipelines_by_id.get(pipeline_id)
        if pipeline is None or type_id not in (None, pipeline.type_id):
            raise _invalid("pipeline", _("This type has no such pipeline."))
        type_id = pipeline.type_id
    if type_id is not None and type_id not in generation.types_by_id:
        raise _invalid("type", _("There is no such type."))
    return replace(grant, type_id=type_id, pipeline_id=pipeline_id)


def _complete_field(grant: GrantSpec, generation: Generation) -> GrantSpec:
    if grant.verb not in (Verb.SEE, Verb.EDIT) or grant.scope is not Scope.ALL:
        raise _invalid("field", _("A grant on a field says see or edit, for all records."))
    if grant.pipeline_id is not None or grant.stage_id is not None:
        raise _invalid("field", _("A grant on a field holds in every pipeline and stage."))
    for type_spec in generation:
        if grant.field_id in type_spec.by_id and grant.type_id in (None, type_spec.id):
            return replace(grant, type_id=type_spec.id)
    raise _invalid("field", _("This type has no such field."))


def _invalid(field: str, message: str | Promise) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "unknown_place", message)])


def _as_json(grants: Iterable[GrantSpec]) -> list[Json]:
    return [_grant_json(grant) for grant in sorted(grants, key=lambda grant: grant.sort_key)]


def _grant_json(grant: GrantSpec) -> Mapping[str, Json]:
    place = {
        "type": grant.type_id,
        "pipeline": grant.pipeline_id,
        "stage": grant.stage_id,
        "field": grant.field_id,
    }
    named = {name: id for name, id in place.items() if id is not None}
    return {"verb": grant.verb.value, "scope": grant.scope.value, **named}


def grants_of_json(written: Json) -> list[GrantSpec]:
    """The grants that history wrote down by `_grant_json`."""
    assert isinstance(written, list)
    found = []
    for each in written:
        assert isinstance(each, dict)
        place = {f"{name}_id": int(str(id)) for name, id in each.items() if name not in ("verb", "scope")}
        found.append(GrantSpec(Verb(str(each["verb"])), Scope(str(each["scope"])), **place))
    return found
