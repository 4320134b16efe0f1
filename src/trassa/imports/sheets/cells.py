"""Texts of cells: what programs add to them and what people leave in them."""

import re

#: A spreadsheet program takes a cell that begins with one of these for a formula.
FORMULA_SIGNS = frozenset("=+-@\t\r")
#: Phones and numbers may begin with a sign and are no formulas.
_PLAIN = re.compile(r"[+-]?[\d\s().,-]*")
#: Errors of spreadsheet programs, in Russian and English.
_ENGLISH = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_RUSSIAN = ("#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!")
_ERRORS = frozenset((*_ENGLISH, *_RUSSIAN))
#: Ways to write that there is nothing to write.
_NOTHING = frozenset(("-", "--", "—", "–", "н/д", "нет данных", "не указано", "n/a", "null", "none"))
#: White space that `str.strip` leaves: zero-width characters and byte order marks.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_EDGES = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")


class Broken(str):
    """The text of a cell that has no value: an error, or a formula whose result was not saved."""

    __slots__ = ()


def clean_cell(text: str) -> str:
    """A cell without surrounding space and without the apostrophe that protects against formulas."""
    if isinstance(text, Broken):
        return text
    if text and (not text.isascii() or text[0] <= " " or text[-1] <= " "):
        text = _EDGES.sub("", text)
    if text[:1] == "'" and text[1:2] in FORMULA_SIGNS:
        return text[1:]
    return Broken(text) if text[:1] == "#" and text.upper() in _ERRORS else text


def says_nothing(text: str) -> bool:
    """Whether a cell is empty, or filled with a dash or words for it."""
    return not text or text.casefold() in _NOTHING


def protect_cell(cell: str) -> str:
    """A cell that no spreadsheet program runs as a formula."""
    dangerous = cell[:1] in FORMULA_SIGNS and not _PLAIN.fullmatch(cell)
    return f"'{cell}" if dangerous else cell
