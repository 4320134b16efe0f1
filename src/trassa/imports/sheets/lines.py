"""Lines of a workbook's sheet out of its XML."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from trassa.imports.sheets.cells import Broken, clean_cell
from trassa.imports.sheets.limits import (
    LONGEST_CELL,
    LONGEST_LINE,
    MAX_COLUMNS,
    refuse_long_cell,
    refuse_long_line,
    refuse_wide_row,
)
from trassa.imports.sheets.markup import local
from trassa.imports.sheets.numbers import Format, number_text
from trassa.imports.sheets.rows import Row
from trassa.imports.sheets.shared_texts import SharedTexts, text_of, unescaped

_DIGITS = "0123456789"
_TRUE = ("1", "true")


class LineReader:
    """Turns the elements of lines into rows, in their order."""

    def __init__(self, shared: SharedTexts, formats: Sequence[Format], *, from_1904: bool) -> None:
        self._shared = shared
        self._formats = {str(index): format for index, format in enumerate(formats)}
        self._from_1904 = from_1904
        #: The letters of columns repeat in every line, so their numbers are kept.
        self._columns: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._line = 0

    def read(self, element: Element) -> Row | None:
        """The row of a line; None when it is empty. Raises FileUnreadable."""
        number = element.get("r", "")
        following = self._line + 1
        # Lines come in order; a number that goes back would make two lines one.
        self._line = max(int(number), following) if number.isdigit() and len(number) < 10 else following
        cells: dict[int, str] = {}
        column, room = -1, LONGEST_LINE
        for cell in element:
            place = cell.get("r")
            column = column + 1 if place is None else self._column_of(place)
            if len(cell) and (text := self._text_of(cell)):
                cells[column] = text
                room -= len(text)
                # A short line may name the same long text again and again.
                if room < 0:
                    raise refuse_long_line()
                if column >= MAX_COLUMNS:
                    raise refuse_wide_row(self._line)
        if not cells:
            return None
        last = max(cells)
        hidden = element.get("hidden") in _TRUE
        return Row(self._line, tuple([cells.get(index, "") for index in range(last + 1)]), hidden)

    def _column_of(self, place: str) -> int:
        """ "AB12" → 27."""
        letters = place.rstrip(_DIGITS)
        number = self._columns.get(letters)
        if number is None:
            number = 0
            for letter in letters[:4].upper():
                number = number * 26 + ord(letter) - 64
            number = max(number - 1, 0)
            if number < MAX_COLUMNS:
                self._columns[letters] = number
        return number

    def _text_of(self, cell: Element) -> str:
        """A cell as text; a formula counts only when its result was not stored."""
        formula = None
        for part in cell:
            name = self._names.get(part.tag) or self._name_of(part.tag)
            if name == "v":
                if raw := part.text:
                    return clean_cell(self._value_of(self._bounded(raw), cell))
            elif name == "is":
                return clean_cell(self._bounded(text_of(part)))
            elif name == "f":
                formula = part.text or ""
        if formula is None or cell.get("t", "n") != "n":
            return ""
        return Broken(f"={formula[:1000]}")

    def _name_of(self, tag: str) -> str:
        name = local(tag)
        if name in ("v", "is", "f"):
            self._names[tag] = name
        return name

    def _value_of(self, raw: str, cell: Element) -> str:
        """A stored value as text, by the type of its cell."""
        type = cell.get("t", "n")
        if type == "n":
            format = self._formats.get(cell.get("s", ""), Format.PLAIN)
            return number_text(raw, format, from_1904=self._from_1904)
        if type == "s":
            return self._shared[int(raw)]
        if type == "b":
            return "true" if raw in _TRUE else "false"
        return Broken(raw) if type == "e" else unescaped(raw)

    def _bounded(self, text: str) -> str:
        if len(text) > LONGEST_CELL:
            raise refuse_long_cell(self._line)
        return text
