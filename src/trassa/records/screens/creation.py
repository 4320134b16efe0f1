"""The form of a new record: what is needed first, everything else behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.records.actions.titles import title_fields
from trassa.records.queries.forms import texts_of
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.controls import Control, ControlMaker, editable_fields, ids_typed
from trassa.records.screens.drafts import Draft, is_needed, make_draft, watched_inputs
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, PipelineSpec, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class CreationForm:
    """Controls of a new record; `rest` is folded away. `watched` are the inputs that others depend on."""

    first: Sequence[Control]
    rest: Sequence[Control]
    watched: Sequence[str] = ()


def first_codes(spec: TypeSpec, stage: StageSpec | None) -> set[str]:
    """Fields to ask for at once: required ones, those of the title and of the board's card."""
    needed = {field.code for field in spec.fields if field.required}
    needed |= {field.code for field in title_fields(spec)} | {spec.layouts.board_sum}
    if stage is not None:
        needed |= {spec.by_id[id].code for id in stage.required_field_ids if id in spec.by_id}
    return needed


def make_form(
    actor: Actor, spec: TypeSpec, stage: StageSpec | None, given: QueryDict, errors: dict[str, str]
) -> CreationForm:
    """The form with what is already given, by the address or by a refused attempt."""
    fields = editable_fields(actor, spec)
    draft = make_draft(actor, spec, stage, given)
    make = ControlMaker(given_names(actor, fields, given, draft))
    wanted = first_codes(spec, stage) | (
        set(given) & {field.code for field in fields} if not errors else set()
    )
    first: list[Control] = []
    rest: list[Control] = []
    for field in ordered(spec, fields):
        error, required = errors.get(field.code, ""), is_needed(draft, stage, field)
        if field.code in given:
            control = make.of_text(field, texts_of(field, given), error=error, required=required)
        else:
            control = make.of_field(field, draft.presets.get(field.code), error=error, required=required)
        is_first = field.code in wanted or error or draft.verdict.requires(field)
        (first if is_first else rest).append(follow_conditions(control, field, draft))
    return CreationForm(first, rest, tuple(watched_inputs(actor, spec)))


def follow_conditions(control: Control, field: FieldSpec, draft: Draft) -> Control:
    """The input hidden, locked or with the default that would apply."""
    hint = draft.hints.get(field.code, "")
    return replace(
        control,
        is_hidden=not draft.verdict.shows(field),
        is_locked=field.id in draft.verdict.locked,
        attributes={**control.attributes, "placeholder": hint} if hint else control.attributes,
    )


def ordered(spec: TypeSpec, fields: Sequence[FieldSpec]) -> list[FieldSpec]:
    """Title fields and links first, then the order of the card."""
    placed = spec.layouts.card_codes
    names = [field.code for field in title_fields(spec)]

    def rank(field: FieldSpec) -> tuple[int, int]:
        if field.code in names:
            return 0, names.index(field.code)
        return 1, placed.index(field.code) if field.code in placed else len(placed) + field.position

    return sorted(fields, key=rank)


def given_names(actor: Actor, fields: Sequence[FieldSpec], given: QueryDict, draft: Draft) -> Names:
    """Titles of records that the form already names."""
    wanted = NamesWanted()
    for field in fields:
        wanted.add_value(field, draft.presets.get(field.code))
        if field.code in given and field.target_type_id is not None:
            wanted.add_value(field, ids_typed(field, given.getlist(field.code)))
    return wanted.read(actor)


def creation_places(actor: Actor) -> list[tuple[TypeSpec, PipelineSpec | None]]:
    """Where this person may create records: each pipeline, and each type without pipelines."""
    places: list[tuple[TypeSpec, PipelineSpec | None]] = []
    for spec in current_generation().in_menus:
        for pipeline in spec.pipelines or (None,):
            if actor.may_create(spec, pipeline):
                places.append((spec, pipeline))
    return places
