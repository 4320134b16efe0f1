"""The answer to «why can (or can't) this person do this?», in sentences that name roles and grants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from trassa.access.actors import Actor
from trassa.access.types import Explanation, GrantSpec, Row, Scope, Verb
from trassa.access.ways import holds, way_of
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

VERB_NAMES = {
    Verb.SEE: pgettext_lazy("may", "see"),
    Verb.CREATE: pgettext_lazy("may", "create"),
    Verb.EDIT: pgettext_lazy("may", "edit"),
    Verb.DELETE: pgettext_lazy("may", "delete"),
    Verb.MOVE: pgettext_lazy("may", "move through stages"),
    Verb.EXPORT: pgettext_lazy("may", "export"),
}
SCOPE_NAMES = {
    Scope.OWN: gettext_lazy("own records"),
    Scope.DEPARTMENT: gettext_lazy("records of the own department"),
    Scope.BRANCH: gettext_lazy("records of the own department and those below it"),
    Scope.ALL: gettext_lazy("all records"),
}


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A grant with the name of the role that holds it."""

    role: str
    grant: GrantSpec


@dataclass(frozen=True, slots=True)
class Case:
    """What the question is about: who, which record, and every grant of theirs."""

    actor: Actor
    row: Row
    type_spec: TypeSpec
    #: Name of the record's department, "" without one.
    department: str
    has_roles: bool
    grants: Sequence[RoleGrant]


def explain_everything(actor: Actor) -> Explanation:
    """For those who may everything."""
    if actor.id is None:
        return Explanation(True, (_("The system itself may do everything."),))
    return Explanation(
        True, (_("%(name)s is an administrator and may do everything.") % {"name": actor.name},)
    )


def explain(case: Case, verb: Verb, field: FieldSpec | None = None) -> Explanation:
    """The record first: seeing it, then the verb; then the field."""
    if not case.has_roles:
        return Explanation(False, (_("%(name)s holds no role.") % {"name": case.actor.name},))
    parts = [_explain_record(case, verb)]
    if verb not in (Verb.SEE, Verb.CREATE):
        seeing = _explain_record(case, Verb.SEE)
        if not seeing.allowed:
            parts.append(_join([Explanation(False, (_("What is not seen cannot be worked on:"),)), seeing]))
    if field is not None:
        parts.append(_explain_field(case, verb, field))
    return _join(parts)


def _join(parts: Iterable[Explanation]) -> Explanation:
    known = list(parts)
    return Explanation(
        all(part.allowed for part in known), tuple(line for part in known for line in part.lines)
    )


def _explain_record(case: Case, verb: Verb) -> Explanation:
    """The grants that permit the verb; else those that come near, each with what is missing."""
    permitting: list[str] = []
    near: list[str] = []
    for held in case.grants:
        grant = held.grant
        if grant.field_id is not None or grant.verb is not verb:
            continue
        if grant.type_id not in (None, case.type_spec.id):
            continue
        missing = _missing(case, grant)
        if not missing:
            permitting.append(_grant_line(held, case.type_spec))
        else:
            near.append(f"{_grant_line(held, case.type_spec)} {' '.join(missing)}")
    if permitting:
        return Explanation(True, tuple(permitting))
    if near:
        return Explanation(False, tuple(near))
    line = _("No role of %(name)s permits to %(verb)s records of the type “%(type)s”.") % {
        "name": case.actor.name,
        "verb": VERB_NAMES[verb],
        "type": case.type_spec.label,
    }
    return Explanation(False, (line,))


def _missing(case: Case, grant: GrantSpec) -> list[str]:
    """What keeps the grant from reaching the row, in sentences; nothing when it does."""
    actor, row = case.actor, case.row
    assert actor.id is not None
    way = way_of(grant, person_id=actor.id, department_id=actor.department_id, branch_ids=actor.branch_ids)
    if way is not None and holds(way, row):
        return []
    missing: list[str] = []
    if grant.pipeline_id is not None and grant.pipeline_id != row.pipeline_id:
        missing.append(_("The record is in another pipeline."))
    elif grant.stage_id is not None and grant.stage_id != row.stage_id:
        missing.append(_("The record is in another stage."))
    if way is None:
        missing.append(_("%(name)s belongs to no department.") % {"name": actor.name})
    elif (
        way.owner_id is not None and way.owner_id != row.owner_id and way.owner_id not in row.participant_ids
    ):
        missing.append(_("%(name)s neither owns the record nor takes part in it.") % {"name": actor.name})
    elif way.department_ids is not None and row.department_id not in way.department_ids:
        missing.append(
            _("The record belongs to the department “%(department)s”.") % {"department": case.department}
            if case.department
            else _("The record belongs to no department.")
        )
    return missing


def _explain_field(case: Case, verb: Verb, field: FieldSpec) -> Explanation:
    """A lookup asks for itself, for its link and for the field that it shows."""
    parts = [part for part in (field.through, field.shown) if part is not None]
    if not parts:
        return _explain_single_field(case, verb, field)
    return _join([_explain_single_field(case, Verb.SEE, part) for part in (field, *parts)])


def _explain_single_field(case: Case, verb: Verb, field: FieldSpec) -> Explanation:
    label = str(field.label)
    if field.formula is not None and verb is not Verb.SEE:
        line = _("The field “%(field)s” is worked out; nobody fills it.") % {"field": label}
        return Explanation(False, (line,))
    if not field.restricted:
        line = _("The field “%(field)s” is open to everybody who sees the record.") % {"field": label}
        return Explanation(True, (line,))
    wanted = [Verb.SEE] if verb is Verb.SEE else [Verb.SEE, Verb.EDIT]
    masks = sorted(field.masked_by, key=lambda id: (id != field.id, id))
    return _join([_explain_grant(case, needed, id, field) for needed in wanted for id in masks])


def _explain_grant(case: Case, needed: Verb, field_id: int, field: FieldSpec) -> Explanation:
    """Whether a role gives a restricted field; a formula asks for those that it is worked out from."""
    asked = field if field_id == field.id else current_generation().find_field(field_id)
    names = {"field": str((asked or field).label), "verb": VERB_NAMES[needed]}
    lines = [
        _("The role “%(role)s” permits to %(verb)s the restricted field “%(field)s”.")
        % {**names, "role": held.role}
        for held in case.grants
        if held.grant.field_id == field_id and held.grant.verb is needed
    ]
    if lines:
        return Explanation(True, tuple(lines))
    line = _("The field “%(field)s” is restricted, and no role permits to %(verb)s it.") % names
    return Explanation(False, (line,))


def _grant_line(held: RoleGrant, type_spec: TypeSpec) -> str:
    grant = held.grant
    place = [
        _("of every type") if grant.type_id is None else _("type “%(type)s”") % {"type": type_spec.label}
    ]
    pipeline = type_spec.find_pipeline(grant.pipeline_id)
    if pipeline is not None:
        place.append(_("pipeline “%(pipeline)s”") % {"pipeline": pipeline.label})
        stages = [stage for stage in pipeline.stages if stage.id == grant.stage_id]
        place += [_("stage “%(stage)s”") % {"stage": stage.label} for stage in stages]
    return _("The role “%(role)s” permits to %(verb)s %(scope)s: %(place)s.") % {
        "role": held.role,
        "verb": VERB_NAMES[grant.verb],
        "scope": SCOPE_NAMES[grant.scope],
        "place": ", ".join(place),
    }
