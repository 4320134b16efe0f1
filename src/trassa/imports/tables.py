"""Spreadsheets as rows of text, whatever program wrote them: CSV in the usual encodings, and XLSX."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from trassa.imports.errors import FileUnreadable

DELIMITERS = (";", ",", "\t")
#: Cells of real spreadsheets are far smaller; one that is larger means a broken quote.
LONGEST_CELL = 1_000_000
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `line` is its number in the file, counted from 1 as spreadsheets do."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it. `delimiter` is the file's own, ";" for XLSX."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    delimiter: str


def read_table(path: Path) -> Table:
    """The first sheet of an XLSX or the rows of a CSV; raises FileUnreadable with what to do."""
    if not path.is_file():
        raise FileUnreadable(_("There is no file %(path)s.") % {"path": path})
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
        rows, delimiter = _sheet_rows(path), ";"
    else:
        encoding = detect_encoding(path)
        delimiter = detect_delimiter(path, encoding)
        rows = _csv_rows(path, encoding, delimiter)
    filled = (row for row in rows if any(cell for cell in row.cells))
    header = next(filled, None)
    if header is None:
        raise FileUnreadable(_("The file is empty. The first row must hold the names of the columns."))
    width = len(header.cells)
    return Table(header.cells, (Row(row.line, _fit(row.cells, width)) for row in filled), delimiter)


def _fit(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def detect_encoding(path: Path) -> str:
    """UTF-16 and UTF-8 by their marks, UTF-8 when the whole file is, Windows-1251 otherwise."""
    with path.open("rb") as file:
        start = file.read(3)
        for mark, encoding in _BYTE_ORDER_MARKS.items():
            if start.startswith(mark):
                return encoding
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(_SAMPLE):
                pass
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def detect_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first rows into the most columns, the same number in each."""
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        sample = file.read(_SAMPLE).splitlines(keepends=True)[:20]
    lines = [line for line in sample if line.strip()] or [""]

    def quality(delimiter: str) -> tuple[bool, int]:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        return (widths[0] > 1 and len(set(widths)) == 1, widths[0])

    return max(DELIMITERS, key=quality)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            for cells in reader:
                yield Row(reader.line_num, tuple(clean_cell(cell) for cell in cells))
    except (UnicodeDecodeError, csv.Error) as error:
        message = _("The file cannot be read as CSV: %(error)s. Save it as CSV UTF-8 or XLSX.")
        raise FileUnreadable(message % {"error": error}) from error


def _sheet_rows(path: Path) -> Iterator[Row]:
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        message = _("The file cannot be read as a spreadsheet: %(error)s. Save it as XLSX or CSV.")
        raise FileUnreadable(message % {"error": error}) from error
    first = (sheet.start or (0, 0))[0]
    for index, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1):
        yield Row(index, tuple(clean_cell(cell_text(cell)) for cell in cells))


def cell_text(cell: object) -> str:
    """A cell's value as a person would type it: whole numbers without ".0", days without midnight."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def clean_cell(text: str) -> str:
    """A cell without surrounding space and without the apostrophe that protects against formulas."""
    text = text.strip().replace("\0", "")
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text


#: A spreadsheet program takes a cell that begins with one of these for a formula.
FORMULA_SIGNS = frozenset("=+-@\t\r")
