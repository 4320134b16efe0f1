"""The file of rejected lines: the columns of the imported one and the reason.

It opens in a spreadsheet program, is mended there and imported again. Cells that such a program would take
for formulas are protected by an apostrophe.
"""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from trassa.imports.queries.runs import list_outcomes
from trassa.imports.rows import reasons_in_words
from trassa.imports.sheets import protect_cell
from trassa.imports.types import Fate, ImportRun
from trassa.schema.types import TypeSpec

REASON = _("Why it was rejected")
#: Lines that are read from the database at a time.
_CHUNK = 1000
#: A cell of a workbook holds no more.
_LONGEST = 32_767


def rejected_name(name: str, extension: str = "csv") -> str:
    """ "cars.xlsx" → "cars.rejected.csv"; the file of a file of rejected lines has the same name."""
    stem = Path(name).stem.removesuffix(".rejected")
    return f"{stem}.rejected.{extension}"


def rejected_lines(run: ImportRun, spec: TypeSpec) -> Iterator[list[str]]:
    """The headings, then every rejected line with its reason as the last cell."""
    width = len(run.columns)
    yield [*(column.heading for column in run.columns), str(REASON)]
    after = 0
    while found := list_outcomes(run, [Fate.REJECTED], after=after, limit=_CHUNK):
        for outcome in found:
            yield [*fit(outcome.cells, width), reasons_in_words(outcome.reasons, spec)]
        after = found[-1].line


def fit(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def rejected_csv(run: ImportRun, spec: TypeSpec) -> Iterator[bytes]:
    """The file as CSV, piece by piece; its mark tells spreadsheet programs that it is UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=run.source.delimiter or ";")
    buffer.write("\ufeff")
    for number, line in enumerate(rejected_lines(run, spec), start=1):
        writer.writerow([protect_cell(cell) for cell in line])
        if number % _CHUNK == 0:
            yield take(buffer)
    yield take(buffer)


def take(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def rejected_xlsx(run: ImportRun, spec: TypeSpec) -> IO[bytes]:
    """The file as a workbook in a temporary file; every cell is text, so nothing in it is a formula."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    for number, line in enumerate(rejected_lines(run, spec)):
        for column, cell in enumerate(line):
            if cell:
                sheet.write_string(number, column, cell[:_LONGEST])
    book.close()
    file.seek(0)
    return file
