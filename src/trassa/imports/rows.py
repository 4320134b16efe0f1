"""Turns lines of a file into values for records, or says what is wrong in their cells."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import fillable_fields
from trassa.imports.columns import folded as folded_name
from trassa.imports.queries.lookups import FileLookups, KeyedLookups
from trassa.imports.sheets import Broken, Row, says_nothing
from trassa.imports.types import Column, Reason
from trassa.kernel import FieldError, Invalid, TrassaError
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, Lookups, PipelineSpec, StageSpec, TypeSpec


@dataclass(frozen=True, slots=True)
class Draft:
    """What one line says: values by field code, as JSON and as the kinds know them, and the place."""

    row: Row
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    parsed: dict[str, Any] = dataclasses.field(default_factory=dict)
    owner: int | None = None
    pipeline: str | None = None
    stage: str | None = None


class RowReader:
    """Reads lines by the columns that were chosen, with the rights and the schema of this moment."""

    def __init__(
        self,
        spec: TypeSpec,
        generation: Generation,
        columns: Sequence[Column],
        *,
        constants: Mapping[str, str],
        actor: Actor,
        lookups: FileLookups,
    ) -> None:
        self.spec = spec
        self._lookups = lookups
        self._constants = constants
        allowed = {field.code: field for field in fillable_fields(actor, spec)}
        #: Columns in the order of the file; a constant stands behind them all.
        self._fields: list[tuple[int | None, FieldSpec, str]] = [
            (index, allowed[column.target], column.key)
            for index, column in enumerate(columns)
            if column.target in allowed
        ]
        filled = {field.code for _index, field, _key in self._fields}
        self._fields += [
            (None, allowed[code], "") for code in self._constants if code in allowed and code not in filled
        ]
        self._base = {
            column.target: index
            for index, column in enumerate(columns)
            if column.target in ("owner", "pipeline", "stage")
        }
        #: Values of each column by their texts: cells repeat, and each text is read once.
        self._known: dict[int, dict[str, tuple[Any, Any]]] = {
            field.id: {} for _index, field, _key in self._fields
        }
        self._targets = {
            field.id: generation.types_by_id[field.target_type_id]
            for _index, field, _key in self._fields
            if field.target_type_id is not None
        }

    @property
    def fields(self) -> list[FieldSpec]:
        """The fields that lines fill."""
        return [field for _index, field, _key in self._fields]

    def load_links(self, rows: Sequence[Row]) -> None:
        """Look up what the links of these lines name, one query a column."""
        self._lookups.forget_records()
        for index, field, key in self._fields:
            if field.id not in self._targets:
                continue
            texts = {self._text(row, index, field.code) for row in rows}
            if field.has_links:
                texts = {part for text in texts for part in split_links(text)}
            self._lookups.load(self._targets[field.id], key, texts)

    def read(self, row: Row) -> Draft:
        """The values of one line; raises Invalid with everything that is wrong in its cells."""
        errors: list[FieldError] = []
        draft = Draft(row)
        for index, field, key in self._fields:
            text = self._text(row, index, field.code)
            if not text or (says_nothing(text) and field.kind != "boolean"):
                continue
            try:
                value, raw = self._value_of(text, field, key)
            except ValueRefused as refusal:
                errors.append(FieldError(field.code, refusal.code, refusal.message))
                continue
            if value is not None:
                draft.parsed[field.code], draft.values[field.code] = value, raw
        owner, pipeline, stage = self._place_of(row, errors)
        if errors:
            raise Invalid(errors[0].message, errors=errors)
        return Draft(row, draft.values, draft.parsed, owner, pipeline, stage)

    def _text(self, row: Row, index: int | None, code: str) -> str:
        """The cell of a column, the constant where it says nothing."""
        text = row.cell(index) if index is not None else ""
        return text or self._constants.get(code, "")

    def _value_of(self, text: str, field: FieldSpec, key: str) -> tuple[Any, Any]:
        """What a cell says, as the kind knows it and as JSON; raises ValueRefused."""
        known = self._known[field.id]
        found = known.get(text)
        if found is None or isinstance(text, Broken):
            value = self._parse(text, field, key)
            found = (value, None if value is None else field_kinds.get(field.kind).to_json(value, field))
            known[text] = found
        return found

    def _parse(self, text: str, field: FieldSpec, key: str) -> Any:
        if isinstance(text, Broken):
            message = _("The cell holds “%s”: an error, or a formula without a saved result.") % text[:80]
            raise ValueRefused("broken_cell", message)
        lookups: Lookups = KeyedLookups(self._lookups, key) if key else self._lookups
        return field_kinds.get(field.kind).parse_import(text, field, lookups)

    def _place_of(self, row: Row, errors: list[FieldError]) -> tuple[int | None, str | None, str | None]:
        """Owner, and codes of the pipeline and stage, that the line names by code or label."""
        texts = {}
        for name in ("owner", "pipeline", "stage"):
            text = self._text(row, self._base.get(name), name)
            if text and not says_nothing(text):
                texts[name] = text
        owner = self._lookups.find_person(texts["owner"]) if "owner" in texts else None
        if "owner" in texts and owner is None:
            message = _("Nobody is called “%s”. Write a login or a full name.") % texts["owner"][:80]
            errors.append(FieldError("owner", "unknown_person", message))
        pipeline, stage = find_place(self.spec, texts.get("pipeline"), texts.get("stage"), errors)
        return owner, pipeline, stage


def split_links(text: str) -> list[str]:
    """The parts of a cell with several links, as the kind of such fields splits it."""
    return [part.strip() for part in text.replace("\n", ";").replace(",", ";").split(";") if part.strip()]


def find_place(
    spec: TypeSpec, pipeline_text: str | None, stage_text: str | None, errors: list[FieldError]
) -> tuple[str | None, str | None]:
    """Codes of the pipeline and stage; notes what is not there."""
    pipeline: PipelineSpec | None = spec.pipelines[0] if len(spec.pipelines) == 1 else None
    if pipeline_text is not None:
        pipeline = find_named(pipeline_text, spec.pipelines)
        if pipeline is None:
            message = _("There is no such pipeline. There are: %s.") % names_of(spec.pipelines)
            errors.append(FieldError("pipeline", "unknown_pipeline", message))
            return None, None
    if stage_text is None:
        return pipeline.code if pipeline else None, None
    stage: StageSpec | None = find_named(stage_text, pipeline.stages) if pipeline else None
    if pipeline is None:
        message = _("There is no such stage; name the pipeline in a column too.")
        errors.append(FieldError("stage", "unknown_stage", message))
        return None, None
    if stage is None:
        message = _("There is no such stage. There are: %s.") % names_of(pipeline.stages)
        errors.append(FieldError("stage", "unknown_stage", message))
        return None, None
    return pipeline.code, stage.code


def find_named(text: str, things: Iterable[Any]) -> Any:
    """The pipeline or stage of this code or label, in either language."""
    wanted = folded_name(text)
    for thing in things:
        if wanted in (thing.code, folded_name(thing.label.ru), folded_name(thing.label.en)):
            return thing
    return None


def names_of(things: Iterable[Any]) -> str:
    return ", ".join(str(thing.label) for thing in things)


def reasons_of(error: TrassaError) -> list[Reason]:
    """An error as reasons of a rejected line; one without fields is about the whole line."""
    return [Reason.of(each) for each in error.errors] or [Reason("", error.code, str(error))]


def reasons_in_words(reasons: Iterable[Reason], spec: TypeSpec) -> str:
    """Reasons as one cell: every field by its label with what is wrong."""
    names = {"owner": _("Owner"), "pipeline": _("Pipeline"), "stage": _("Stage")}
    parts = []
    for each in reasons:
        field = spec.by_code.get(each.field)
        label = str(field.label) if field else names.get(each.field, "")
        parts.append(f"{label}: {each.message}" if label else each.message)
    return " ".join(parts)
