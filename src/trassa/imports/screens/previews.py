"""The first lines of a file as they will be read, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trassa.access.queries import Actor
from trassa.imports.queries.previews import PreviewRow, preview_rows
from trassa.imports.queries.subjects import type_of
from trassa.imports.screens.columns import label_of
from trassa.imports.types import ImportRun


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A value in words, or the cell as it stands in the file and what is wrong with it."""

    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class PreviewLine:
    line: int
    cells: Sequence[PreviewCell]
    #: What is wrong with the line as a whole.
    error: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    heads: Sequence[str]
    lines: Sequence[PreviewLine]
    #: Lines with anything wrong among them.
    faulty: int


def make_preview(run: ImportRun, actor: Actor) -> Preview | None:
    """None while no column fills anything."""
    spec = type_of(run)
    places = {column.target: index for index, column in enumerate(run.columns) if column.target}
    codes = list(dict.fromkeys([*places, *run.options.constants]))
    if not places:
        return None
    raw = {row.line: row.cells for row in run.sample}
    lines = [
        PreviewLine(row.line, [cell_of(row, code, raw[row.line], places, run) for code in codes], whole(row))
        for row in preview_rows(run, actor)
    ]
    faulty = sum(1 for line in lines if line.error or any(cell.error for cell in line.cells))
    return Preview([label_of(code, spec) for code in codes], lines, faulty)


def cell_of(
    row: PreviewRow, code: str, raw: Sequence[str], places: Mapping[str, int], run: ImportRun
) -> PreviewCell:
    if not row.reasons:
        return PreviewCell(row.texts.get(code, ""))
    index = places.get(code, len(raw))
    text = raw[index] if index < len(raw) else ""
    error = " ".join(each.message for each in row.reasons if each.field == code)
    return PreviewCell(text or run.options.constants.get(code, ""), error)


def whole(row: PreviewRow) -> str:
    return " ".join(each.message for each in row.reasons if not each.field)
