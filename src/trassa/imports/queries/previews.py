"""The first lines of a file as they would be stored: parsed and in words, before anything is checked."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trassa.access.queries import Actor
from trassa.imports.queries.lookups import FileLookups
from trassa.imports.queries.subjects import type_of
from trassa.imports.rows import Draft, RowReader, reasons_of
from trassa.imports.sheets import Row
from trassa.imports.types import ImportRun, Reason
from trassa.kernel import Invalid
from trassa.people.queries import names_of
from trassa.records.queries import names_for
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, PipelineSpec, TypeSpec

#: Lines of a preview.
PREVIEWED = 12


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A line in words by field code (and owner, pipeline, stage), or what is wrong with it."""

    line: int
    texts: Mapping[str, str]
    reasons: Sequence[Reason]


def preview_rows(run: ImportRun, actor: Actor) -> list[PreviewRow]:
    """The first lines below the headings."""
    below = [row for row in run.sample if row.line > run.source.heading.last][:PREVIEWED]
    return rows_in_words(run, [Row(each.line, each.cells) for each in below], actor)


def rows_in_words(run: ImportRun, rows: Sequence[Row], actor: Actor) -> list[PreviewRow]:
    """Lines of a run's file as they would be stored now."""
    spec = type_of(run)
    reader = reader_of(run, actor)
    reader.load_links(rows)
    read = [(row, *read_row(reader, row)) for row in rows]
    names = names_behind(actor, spec, [draft for _row, draft, _reasons in read if draft is not None], reader)
    return [
        PreviewRow(row.line, words_of(draft, spec, reader.fields, names) if draft else {}, reasons)
        for row, draft, reasons in read
    ]


def reader_of(run: ImportRun, actor: Actor) -> RowReader:
    """Reads lines by the columns of a run."""
    return RowReader(
        type_of(run),
        current_generation(),
        run.columns,
        constants=run.options.constants,
        actor=actor,
        lookups=FileLookups(actor),
    )


def read_row(reader: RowReader, row: Row) -> tuple[Draft | None, list[Reason]]:
    try:
        return reader.read(row), []
    except Invalid as error:
        return None, reasons_of(error)


def names_behind(actor: Actor, spec: TypeSpec, drafts: Sequence[Draft], reader: RowReader) -> Names:
    """Names of everything that these lines refer to."""
    records = [record_like(draft, spec) for draft in drafts]
    names = names_for(actor, records, reader.fields)
    owners = names_of(draft.owner for draft in drafts if draft.owner is not None)
    return Names(names.records, {**names.people, **owners}, names.departments)


def record_like(draft: Draft, spec: TypeSpec) -> Record:
    """A line as a record, for those who read values of records."""
    empty: dict[str, Any] = dict.fromkeys(each.name for each in dataclasses.fields(Record))
    return Record(**{**empty, "id": 0, "type_id": spec.id, "values": draft.parsed})


def words_of(draft: Draft, spec: TypeSpec, fields: Sequence[FieldSpec], names: Names) -> dict[str, str]:
    """The values of a line as lists show them."""
    texts = {
        field.code: field_kinds.get(field.kind).cell(draft.parsed[field.code], field, names)
        for field in fields
        if field.code in draft.parsed
    }
    if draft.owner is not None:
        texts["owner"] = names.people.get(draft.owner, "")
    pipeline = next((each for each in spec.pipelines if each.code == draft.pipeline), None)
    return texts | place_in_words(pipeline, draft.stage)


def place_in_words(pipeline: PipelineSpec | None, stage: str | None) -> dict[str, str]:
    if pipeline is None:
        return {}
    found = next((str(each.label) for each in pipeline.stages if each.code == stage), "")
    return {"pipeline": str(pipeline.label)} | ({"stage": found} if found else {})
