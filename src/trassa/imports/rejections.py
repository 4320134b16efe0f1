"""The file of rejected lines beside an imported one: the original columns and the reason.

It opens in a spreadsheet program, is corrected there and imported again. Cells that such a program would
take for formulas are protected by an apostrophe.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.utils.translation import gettext_lazy as _

from trassa.imports.tables import FORMULA_SIGNS

#: Phones and numbers may begin with a sign and are no formulas.
_PLAIN = re.compile(r"[+-]?[\d\s().,-]*")
REASON = _("Why it was rejected")


def rejected_path(path: Path) -> Path:
    """ "cars.csv" → "cars.rejected.csv", in the same folder."""
    return path.with_name(f"{path.stem.removesuffix('.rejected')}.rejected.csv")


def protect(cell: str) -> str:
    """A cell that no spreadsheet program runs as a formula."""
    dangerous = cell[:1] in FORMULA_SIGNS and not _PLAIN.fullmatch(cell)
    return f"'{cell}" if dangerous else cell


class RejectedLines:
    """Writes rejected lines; the file appears with the first of them and not before it is complete."""

    def __init__(self, path: Path, header: Sequence[str], delimiter: str) -> None:
        self.path = path
        self.count = 0
        self._header = header
        self._delimiter = delimiter
        self._partial = path.with_name(f"{path.name}.partial")
        self._file: IO[str] | None = None

    def add(self, cells: Iterable[str], reason: str) -> None:
        if self._file is None:
            self._file = self._partial.open("w", encoding="utf-8-sig", newline="")
            self._write([*self._header, str(REASON)])
        self._write([*cells, reason])
        self.count += 1

    def _write(self, cells: Iterable[str]) -> None:
        csv.writer(self._file, delimiter=self._delimiter).writerow([protect(cell) for cell in cells])  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._partial.replace(self.path)
