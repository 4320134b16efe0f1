"""Undecided lines beside the records that they may mean, value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trassa.access.queries import Actor
from trassa.imports.queries.previews import place_in_words, reader_of, rows_in_words
from trassa.imports.queries.runs import list_outcomes
from trassa.imports.queries.subjects import type_of
from trassa.imports.sheets import Row
from trassa.imports.types import Fate, ImportRun, Reason, RowOutcome
from trassa.records.queries import list_records, names_for
from trassa.records.types import Filter, ListQuery, Record
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Names, TypeSpec

#: Records that one line is compared with.
COMPARED = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a line may mean, with its present values in words by field code."""

    id: int
    title: str
    number: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An undecided line in words, or what is wrong with it by now, and the likeliest records first."""

    line: int
    texts: Mapping[str, str]
    reasons: Sequence[Reason]
    candidates: Sequence[Candidate]


def compare_undecided(run: ImportRun, actor: Actor, *, limit: int) -> list[Comparison]:
    """The next lines that wait for a decision; records that the person cannot see are left out."""
    outcomes = list_outcomes(run, [Fate.UNDECIDED], limit=limit)
    rows = [Row(each.line, tuple(each.cells)) for each in outcomes]
    candidates = read_candidates(run, outcomes, actor)
    return [
        Comparison(
            line=row.line,
            texts=row.texts,
            reasons=row.reasons,
            candidates=[candidates[id] for id in outcome.candidates[:COMPARED] if id in candidates],
        )
        for row, outcome in zip(rows_in_words(run, rows, actor), outcomes, strict=True)
    ]


def read_candidates(run: ImportRun, outcomes: Sequence[RowOutcome], actor: Actor) -> dict[int, Candidate]:
    """The records that these lines may mean."""
    ids = {id for outcome in outcomes for id in outcome.candidates[:COMPARED]}
    if not ids:
        return {}
    spec, fields = type_of(run), reader_of(run, actor).fields
    query = ListQuery(filters=[Filter("id", "in", ",".join(map(str, ids)))], limit=len(ids))
    records = list_records(actor, spec, query, fields=[field.code for field in fields]).items
    names = names_for(actor, records, fields)
    return {record.id: candidate_of(record, spec, fields, names) for record in records}


def candidate_of(record: Record, spec: TypeSpec, fields: Sequence[FieldSpec], names: Names) -> Candidate:
    texts = {
        field.code: field_kinds.get(field.kind).cell(record.values[field.code], field, names)
        for field in fields
        if record.values.get(field.code) is not None
    }
    pipeline = spec.find_pipeline(record.pipeline_id)
    stages = pipeline.stages if pipeline else ()
    stage = next((each.code for each in stages if each.id == record.stage_id), None)
    texts |= place_in_words(pipeline, stage)
    if record.owner_id is not None:
        texts["owner"] = names.people.get(record.owner_id, "")
    return Candidate(record.id, record.title, record.number, texts)
