"""The form of a new record: what is needed first, everything else behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.records.actions.titles import title_fields
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.controls import (
    Control,
    ControlMaker,
    editable_fields,
    ids_typed,
    texts_of,
)
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, PipelineSpec, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class CreationForm:
    """Controls of a new record; `rest` is folded away."""

    first: Sequence[Control]
    rest: Sequence[Control]


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
    make = ControlMaker(given_names(actor, fields, given))
    wanted = first_codes(spec, stage) | (
        set(given) & {field.code for field in fields} if not errors else set()
    )
    by_stage = set(stage.required_field_ids) if stage else set()
    first: list[Control] = []
    rest: list[Control] = []
    for field in ordered(spec, fields):
        required = field.required or field.id in by_stage
        error = errors.get(field.code, "")
        if field.code in given:
            control = make.of_text(field, texts_of(field, given), error=error, required=required)
        else:
            control = make.of_field(field, default_of(field), error=error, required=required)
        (first if field.code in wanted or error else rest).append(control)
    return CreationForm(first, rest)


def default_of(field: FieldSpec) -> object:
    """The default as a value in Python."""
    if field.default is None:
        return None
    if field.kind == "choice":
        return next((option.id for option in field.options if option.code == field.default), None)
    return None


def ordered(spec: TypeSpec, fields: Sequence[FieldSpec]) -> list[FieldSpec]:
    """Title fields and links first, then the order of the card."""
    placed = spec.layouts.card_codes
    names = [field.code for field in title_fields(spec)]

    def rank(field: FieldSpec) -> tuple[int, int]:
        if field.code in names:
            return 0, names.index(field.code)
        return 1, placed.index(field.code) if field.code in placed else len(placed) + field.position

    return sorted(fields, key=rank)


def given_names(actor: Actor, fields: Sequence[FieldSpec], given: QueryDict) -> Names:
    """Titles of records that the form already names."""
    wanted = NamesWanted()
    for field in fields:
        if field.code in given and field.target_type_id is not None:
            wanted.add_value(field, ids_typed(field, given.getlist(field.code)))
    return wanted.read(actor)


def creation_places(actor: Actor) -> list[tuple[TypeSpec, PipelineSpec | None]]:
    """Where this person may create records: each pipeline, and each type without pipelines."""
    places: list[tuple[TypeSpec, PipelineSpec | None]] = []
    for spec in sorted(current_generation(), key=lambda spec: spec.position):
        for pipeline in spec.pipelines or (None,):
            if actor.may_create(spec, pipeline):
                places.append((spec, pipeline))
    return places
