"""Tables as files: XLSX with real numbers and dates, CSV as Excel in Russian reads it.

Text is never a formula: in XLSX it is typed as text, in CSV what would begin one gets an apostrophe.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Protocol

import xlsxwriter

from trassa.kernel import company_zone

#: What spreadsheets take for the beginning of a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: A cell of XLSX holds no more.
_MAX_CELL = 32_767
#: Decimals that a float of a spreadsheet keeps exactly; longer numbers are written as text.
_MAX_DIGITS = 15


class Sheet(Protocol):
    """A table that is written row by row."""

    def add(self, cells: Sequence[Any]) -> None:
        """One row of texts, Decimals, dates, moments, marks and None."""

    def close(self) -> None:
        """Finish the file."""


class CsvSheet:
    """Semicolons, UTF-8 with its mark, decimal commas."""

    def __init__(self, file: IO[bytes], heads: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._writer.writerow([guarded(head) for head in heads])

    def add(self, cells: Sequence[Any]) -> None:
        self._writer.writerow([csv_text(cell) for cell in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def csv_text(cell: Any) -> str:
    """One cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell.astimezone(company_zone()):%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return guarded(str(cell))


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


class XlsxSheet:
    """One sheet with a frozen, filtered head; rows go to the disk as they come."""

    def __init__(self, file: IO[bytes], heads: Sequence[str], folder: str | None = None) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, options | ({"tmpdir": folder} if folder else {}))
        self._sheet = self._book.add_worksheet()
        self._formats = {
            "head": self._book.add_format({"bold": True}),
            "number": self._book.add_format({"num_format": "#,##0.####"}),
            "date": self._book.add_format({"num_format": "dd.mm.yyyy"}),
            "moment": self._book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }
        self._columns = len(heads)
        self._row = 1
        self._sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            self._sheet.set_column(column, column, max(12, min(40, len(head) + 4)))
        for column, head in enumerate(heads):
            self._sheet.write_string(0, column, head[:_MAX_CELL], self._formats["head"])

    def add(self, cells: Sequence[Any]) -> None:
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self._row += 1

    def _write(self, column: int, cell: Any) -> None:
        place = (self._row, column)
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self._sheet.write_boolean(*place, cell)
        elif isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _MAX_DIGITS:
            self._sheet.write_number(*place, float(cell), self._formats["number"])
        elif isinstance(cell, datetime):
            local = cell.astimezone(company_zone()).replace(tzinfo=None)
            self._sheet.write_datetime(*place, local, self._formats["moment"])
        elif isinstance(cell, date):
            self._sheet.write_datetime(*place, cell, self._formats["date"])
        else:
            self._sheet.write_string(*place, str(cell)[:_MAX_CELL])

    def close(self) -> None:
        if self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, self._columns - 1)
        self._book.close()


def open_sheet(format: str, file: IO[bytes], heads: Sequence[str]) -> Sheet:
    """A sheet of this format ("xlsx" or "csv") into a file."""
    return XlsxSheet(file, heads) if format == "xlsx" else CsvSheet(file, heads)
