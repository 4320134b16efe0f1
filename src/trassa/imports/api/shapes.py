"""What operations on imports take and answer: the shapes, and the functions that fill them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from trassa.api import MAX_ID
from trassa.imports.queries.subjects import find_type
from trassa.imports.sheets import DELIMITERS, ENCODINGS
from trassa.imports.types import (
    Column,
    Duplicates,
    Fate,
    How,
    ImportRun,
    Options,
    Return,
    Robots,
    RowOutcome,
    Source,
    State,
    as_json,
)

MAX_LINE = 1_048_576
#: Lines that one request may decide.
MAX_DECIDED = 500
#: Values of a column that are shown while it is mapped.
SAMPLES = 5

Line = Annotated[int, Field(ge=1, le=MAX_LINE)]
Code = Annotated[str, Field(max_length=64)]


class Shape(Schema):
    """A shape with nothing beside it."""

    model_config = ConfigDict(extra="forbid")


class SourceShape(Shape):
    """Where the table lies in the file. `encoding` and `delimiter` are those of a text file."""

    sheet: Annotated[str, Field(max_length=200, description="Name of a sheet; empty for a text file.")] = ""
    line: Annotated[Line, Field(description="The line of the headings, counted from 1.")] = 1
    lines: Annotated[int, Field(ge=1, le=2, description="2 where headings stand in two lines.")] = 1
    encoding: Annotated[str, Field(description=", ".join(ENCODINGS))] = ""
    delimiter: Annotated[str, Field(description=" ".join(DELIMITERS))] = ""
    hidden: Annotated[bool, Field(description="Import lines that are hidden in the file, too.")] = True


class ColumnIn(Shape):
    """What a column fills; `field` empty leaves it out."""

    field: Annotated[Code, Field(description="Code of a field, or owner, pipeline, stage.")] = ""
    key: Annotated[
        Code, Field(description="Of a link: the field that identifies the record, number or title.")
    ] = ""


class ColumnOut(Shape):
    """A column of the file, what it fills, and its first values."""

    heading: str
    field: str
    key: str
    samples: list[str]


class OptionsShape(Shape):
    """How lines are imported."""

    duplicates: Annotated[
        Duplicates, Field(description="What becomes of a line whose record is there already.")
    ] = Duplicates.SKIP
    keys: Annotated[
        list[Code], Field(max_length=50, description="Fields whose equal values mean a duplicate.")
    ] = []
    robots: Robots = Robots.NONE
    constants: Annotated[
        dict[Code, Annotated[str, Field(max_length=1000)]],
        Field(description="What to fill where a line says nothing, as people write it."),
    ] = {}


class ImportChange(Shape):
    """What is to change; what is absent stays. Another place of the table proposes its columns anew."""

    source: SourceShape | None = None
    columns: Annotated[list[ColumnIn], Field(max_length=500)] | None = None
    options: OptionsShape | None = None


class DecisionIn(Shape):
    """What is to become of undecided lines: of these, or of all when none is named."""

    how: How
    lines: Annotated[list[Line], Field(min_length=1, max_length=MAX_DECIDED)] | None = None
    record: Annotated[int | None, Field(ge=1, le=MAX_ID, description="Which of the candidates is meant.")] = (
        None
    )


class CountsOut(Shape):
    created: int
    updated: int
    duplicates: int
    rejected: int
    undecided: int


class ImportOut(Shape):
    """An import: its file, what its columns fill, how far it is and what became of its lines."""

    id: int
    type: Annotated[str, Field(description="Code of the type; empty when it is gone.")]
    file: Annotated[str, Field(description="Name of the file.")]
    state: State
    sheets: list[str]
    source: SourceShape
    columns: list[ColumnOut]
    options: OptionsShape
    share: Annotated[float, Field(ge=0, le=1, description="How much of the file has been read.")]
    counts: CountsOut
    returned: Annotated[int, Field(description="Records that undoing has taken back.")]
    kept: Annotated[int, Field(description="Records that somebody changed since, which stay.")]
    error: str
    undoable: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportPageOut(Shape):
    items: list[ImportOut]
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


class RowReasonOut(Shape):
    field: str
    code: str
    message: str


class RowOut(Shape):
    """What became of a line, with the record that it made or means; cells where nothing was written."""

    line: int
    fate: Fate
    record: int | None
    reasons: list[RowReasonOut]
    cells: list[str]
    candidates: list[int]
    returned: Return
    kept_because: str


class RowPageOut(Shape):
    items: list[RowOut]
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


class PreviewRowOut(Shape):
    """A line as it would be stored: texts by the codes of fields, or what is wrong with it."""

    line: int
    fields: dict[str, str]
    reasons: list[RowReasonOut]


class PreviewOut(Shape):
    items: list[PreviewRowOut]


Format = Literal["csv", "xlsx"]


def source_from(given: SourceShape) -> Source:
    return Source(**given.dict())


def columns_from(given: Sequence[ColumnIn]) -> list[Column]:
    return [Column("", each.field, each.key) for each in given]


def options_from(given: OptionsShape) -> Options:
    return Options(given.duplicates, tuple(given.keys), given.robots, given.constants)


def run_json(run: ImportRun) -> dict[str, Any]:
    """A run as `ImportOut`."""
    spec = find_type(run)
    return {
        "id": run.id,
        "type": spec.code if spec else "",
        "file": run.file_name,
        "state": run.state,
        "sheets": run.sheets,
        "source": as_json(run.source),
        "columns": [
            {
                "heading": column.heading,
                "field": column.target,
                "key": column.key,
                "samples": samples_of(run, index),
            }
            for index, column in enumerate(run.columns)
        ],
        "options": {
            "duplicates": run.options.duplicates,
            "keys": list(run.options.keys),
            "robots": run.options.robots,
            "constants": run.options.constants,
        },
        "share": round(run.share, 4),
        "counts": {name: getattr(run.counts, name) for name in CountsOut.model_fields},
        "returned": run.returned,
        "kept": run.kept,
        "error": run.error,
        "undoable": run.is_undoable,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    }


def samples_of(run: ImportRun, index: int) -> list[str]:
    """The first values of a column."""
    below = (row.cells for row in run.sample if row.line > run.source.heading.last)
    found = (cells[index] for cells in below if index < len(cells) and cells[index])
    return list(dict.fromkeys(found))[:SAMPLES]


def row_json(outcome: RowOutcome) -> dict[str, Any]:
    """What became of a line as `RowOut`."""
    return {
        "line": outcome.line,
        "fate": outcome.fate,
        "record": outcome.record_id,
        "reasons": reasons_json(outcome.reasons),
        "cells": list(outcome.cells),
        "candidates": list(outcome.candidates),
        "returned": outcome.returned,
        "kept_because": outcome.kept_because,
    }


def reasons_json(reasons: Sequence[Any]) -> list[dict[str, str]]:
    return [{"field": each.field, "code": each.code, "message": each.message} for each in reasons]
