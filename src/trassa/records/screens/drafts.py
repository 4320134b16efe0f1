"""A new record while it is typed into a form: what it would be, and what conditions say about it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.kernel import now
from trassa.records.actions.conditions import formulas_in_order, raw_value
from trassa.records.queries.forms import NEW, texts_of
from trassa.records.queries.values import State, load_values
from trassa.records.queries.verdicts import watched_fields
from trassa.records.rules import NOTHING, Verdict, computed, judge
from trassa.records.screens.controls import editable_fields
from trassa.schema.errors import ValueRefused
from trassa.schema.queries import current_generation, mentions_of
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, StageSpec, TypeSpec

#: Stands for a linked record that is created together with this one.
_NOT_YET = -1


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be, as far as a form knows it."""

    verdict: Verdict = NOTHING
    #: Defaults that the form shows as values, by code; an emptied one stays empty.
    presets: Mapping[str, Any] = field(default_factory=dict)
    #: Defaults that follow from other fields, in words by code; they apply where nothing is typed.
    hints: Mapping[str, str] = field(default_factory=dict)


def make_draft(actor: Actor, spec: TypeSpec, stage: StageSpec | None, given: QueryDict) -> Draft:
    """What the conditions say about a form with these inputs; those that it does not show have defaults."""
    presets = {each.code: value for each in spec.fields if (value := preset_of(each)) is not None}
    state = state_of_form(actor, spec, stage, given, presets)
    hints: dict[str, str] = {}
    for each in formulas_in_order(current_generation(), spec):
        if each.code in given and given.get(each.code):
            continue
        value = formula_value(actor, spec, each, state)
        if value is None or (each.code in given and not follows_others(spec, each)):
            continue
        state = replace(state, row={**state.row, each.column: value})
        if follows_others(spec, each):
            hints[each.code] = str(field_kinds.get(each.kind).to_form(value, each))
        else:
            presets[each.code] = value
    [verdict] = judge(current_generation(), spec, [state], reader_id=actor.id)
    return Draft(verdict, presets, hints)


def preset_of(spec: FieldSpec) -> Any:
    """The fixed default of a field as a value in Python."""
    if spec.default is None:
        return None
    try:
        return field_kinds.get(spec.kind).parse(spec.default, spec)
    except ValueRefused:
        return None


def is_preset(spec: TypeSpec, each: FieldSpec) -> bool:
    """Whether forms show the default as a value, so that emptying it means «none»."""
    return each.default is not None or (each.default_formula is not None and not follows_others(spec, each))


def follows_others(spec: TypeSpec, each: FieldSpec) -> bool:
    """Whether the formula of a default looks at other fields of the same record."""
    if each.default_formula is None:
        return False
    keys = mentions_of(each.default_formula, current_generation(), spec.id).keys
    return any(other.column in keys for other in spec.fields)


def formula_value(actor: Actor, spec: TypeSpec, each: FieldSpec, state: State) -> Any:
    """What the formula of a default gives for this record, as a value of the field."""
    assert each.default_formula is not None
    [values] = load_values(current_generation(), spec, [each.default_formula], [state])
    try:
        raw = raw_value(computed(each.default_formula, actor.id)(values), each)
        return None if raw is None else field_kinds.get(each.kind).parse(raw, each)
    except ValueRefused:
        return None


def state_of_form(
    actor: Actor, spec: TypeSpec, stage: StageSpec | None, given: QueryDict, presets: Mapping[str, Any]
) -> State:
    """The record that would come out; what cannot be read counts as empty."""
    row: dict[str, Any] = {
        "owner_id": actor.id,
        "department_id": actor.department_id,
        "pipeline_id": stage.pipeline_id if stage else None,
        "stage_id": stage.id if stage else None,
        "created_at": now(),
    }
    links: dict[int, tuple[Any, ...]] = {}
    shown = {*given, *given.getlist("shown")}
    for each in editable_fields(actor, spec):
        value = typed_value(each, given) if each.code in shown else presets.get(each.code)
        if each.has_links:
            links[each.id] = tuple(value or ())
        elif each.has_column:
            row[each.column] = value
    return State(None, row, links)


def typed_value(each: FieldSpec, given: QueryDict) -> Any:
    """One value as a form has it, None when it cannot be read."""
    if each.kind == "link" and given.get(each.code, "").startswith(NEW):
        return _NOT_YET
    try:
        return field_kinds.get(each.kind).parse_form(texts_of(each, given), each)
    except ValueRefused:
        return None


def is_needed(draft: Draft, stage: StageSpec | None, each: FieldSpec) -> bool:
    """Whether the form has to ask for a field."""
    staged = stage is not None and each.id in stage.required_field_ids
    return draft.verdict.requires(each) or (staged and draft.verdict.shows(each))


def rules_json(actor: Actor, spec: TypeSpec, stage: StageSpec | None, draft: Draft) -> dict[str, Any]:
    """What a form has to do: fields to hide, to ask for and to lock, and defaults that would apply."""
    fields = editable_fields(actor, spec)
    return {
        "hidden": [each.code for each in fields if not draft.verdict.shows(each)],
        "required": [each.code for each in fields if is_needed(draft, stage, each)],
        "locked": [each.code for each in fields if each.id in draft.verdict.locked],
        "hints": {each.code: draft.hints.get(each.code, "") for each in fields if follows_others(spec, each)},
    }


def watched_inputs(actor: Actor, spec: TypeSpec) -> list[str]:
    """Codes of the inputs whose changes matter to others."""
    generation = current_generation()
    watched = watched_fields(generation, spec)
    for each in spec.fields:
        if each.default_formula is not None:
            keys = mentions_of(each.default_formula, generation, spec.id).keys
            watched |= {other.code for other in spec.fields if other.column in keys}
    return [each.code for each in editable_fields(actor, spec) if each.code in watched]
