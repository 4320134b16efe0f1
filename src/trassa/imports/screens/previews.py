"""The first lines of a file as they will be read, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trassa.access.queries import Actor
from trassa.imports.queries.previews import PreviewRow, preview_rows
from trassa.imports.queries.subjects import type_of
from trassa.imports.screens.columns import label_of, required_fields
from trassa.imports.types import ImportRun, SampleRow


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A value in words, or the cell as it stands in the file and what is wrong with it."""

    text: str
    error: str = ""
    #: Nothing stands where a new record needs something.
    lacking: bool = False


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
    required = {field.code for field in required_fields(spec, actor)}
    raw = {row.line: words_in_file(row, places, run) for row in run.sample}
    lines = [
        PreviewLine(
            row.line,
            [cell_of(row, code, raw[row.line], required=code in required) for code in codes],
            " ".join(each.message for each in row.reasons if not each.field),
        )
        for row in preview_rows(run, actor)
    ]
    faulty = sum(1 for line in lines if line.error or any(cell.error for cell in line.cells))
    return Preview([label_of(code, spec) for code in codes], lines, faulty)


def words_in_file(row: SampleRow, places: Mapping[str, int], run: ImportRun) -> dict[str, str]:
    """What a line of the file says, by what it fills; constants where it says nothing."""
    found = {code: row.cells[index] for code, index in places.items() if index < len(row.cells)}
    return {**run.options.constants, **{code: text for code, text in found.items() if text}}


def cell_of(row: PreviewRow, code: str, raw: Mapping[str, str], *, required: bool) -> PreviewCell:
    """A value in words; in a faulty line the cell as it stands."""
    text = (raw if row.reasons else row.texts).get(code, "")
    error = " ".join(each.message for each in row.reasons if each.field == code)
    return PreviewCell(text, error, lacking=required and not text)
