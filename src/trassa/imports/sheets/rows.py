"""What reading a spreadsheet gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet that is not empty; `line` is its number there, counted from 1."""

    line: int
    cells: tuple[str, ...]
    #: The person who made the file has hidden it.
    hidden: bool = False

    def cell(self, index: int) -> str:
        """The cell of a column, "" beyond the last one."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a file; a text file has one without a name."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one sheet, read while they are asked for.

    `done` says which share of it has been read, from 0 to 1.
    """

    rows: Iterator[Row]
    done: Callable[[], float]
    #: Of a text file.
    encoding: str = ""
    delimiter: str = ""
