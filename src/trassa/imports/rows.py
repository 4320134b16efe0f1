"""Turns one row of a file into the write that creates its record, or says what is wrong in its cells."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from trassa.imports.columns import Matching, folded
from trassa.imports.queries import FileLookups
from trassa.imports.tables import Row
from trassa.kernel import FieldError, Invalid, TrassaError
from trassa.records.types import Change, Write
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, PipelineSpec, StageSpec, TypeSpec


def write_of(row: Row, matching: Matching, spec: TypeSpec, lookups: FileLookups) -> Write:
    """The write that creates this row's record; raises Invalid with everything wrong in its cells."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for index, field in matching.fields.items():
        try:
            value = _value_of(row.cells[index], field, lookups)
        except ValueRefused as refusal:
            errors.append(FieldError(field.code, refusal.code, refusal.message))
            continue
        if value is not None:
            values[field.code] = value
    base = {name: row.cells[index] for index, name in matching.base.items() if row.cells[index]}
    owner = lookups.find_person(base["owner"]) if "owner" in base else None
    if "owner" in base and owner is None:
        errors.append(FieldError("owner", "unknown_person", _("There is no such active person.")))
    pipeline, stage = _place_of(base, spec, errors)
    if errors:
        raise Invalid(errors[0].message, errors=errors)
    return Write(Change.CREATE, spec.code, fields=values, owner=owner, pipeline=pipeline, stage=stage)


def _value_of(text: str, field: FieldSpec, lookups: FileLookups) -> Any:
    kind = field_kinds.get(field.kind)
    return kind.to_json(kind.parse_import(text, field, lookups), field) if text else None


def _place_of(
    base: Mapping[str, str], spec: TypeSpec, errors: list[FieldError]
) -> tuple[str | None, str | None]:
    """Codes of the pipeline and stage that the cells name by code or label."""
    pipeline: PipelineSpec | None = spec.pipelines[0] if len(spec.pipelines) == 1 else None
    if "pipeline" in base:
        pipeline = _find_named(base["pipeline"], spec.pipelines)
        if pipeline is None:
            errors.append(FieldError("pipeline", "unknown_pipeline", _("There is no such pipeline.")))
            return None, None
    if "stage" not in base:
        return pipeline.code if pipeline else None, None
    stage: StageSpec | None = _find_named(base["stage"], pipeline.stages) if pipeline else None
    if pipeline is None or stage is None:
        message = _("There is no such stage; name the pipeline in a column too.")
        errors.append(FieldError("stage", "unknown_stage", message))
        return None, None
    return pipeline.code, stage.code


def _find_named(text: str, things: Iterable[Any]) -> Any:
    """The pipeline or stage of this code or label, in either language."""
    wanted = folded(text)
    for thing in things:
        if wanted in (thing.code, folded(thing.label.ru), folded(thing.label.en)):
            return thing
    return None


def reason_of(error: TrassaError, spec: TypeSpec) -> str:
    """An error as one cell: every field by its label with what is wrong."""
    parts = []
    for each in error.errors:
        field = spec.by_code.get(each.field)
        parts.append(f"{field.label}: {each.message}" if field else str(each.message))
    return " ".join(parts) or str(error)
