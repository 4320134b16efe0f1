"""Numbers of a workbook as people read them: days, times and percent are numbers with a format."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite

from trassa.imports.sheets.cells import Broken


class Format(Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    MOMENT = "moment"
    PERCENT = "percent"


#: Formats that need no definition (ECMA-376, 18.8.30), East Asian dates among them.
_BUILT_IN: Mapping[int, Format] = {
    **dict.fromkeys((9, 10), Format.PERCENT),
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), Format.MOMENT),
}
#: Parts of a format code that are no code: quoted words, escaped characters, colours and conditions.
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MOMENT = re.compile(r"[dmyhs]", re.IGNORECASE)
_GENERAL = re.compile(r"general", re.IGNORECASE)
_SECONDS = 86_400
#: Day 0 of the two systems, and the day that never was in the first of them.
_FIRST_1900, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_PHANTOM = 60
_LAST_DAY = 2_958_466


def format_of(id: int, codes: Mapping[int, str]) -> Format:
    """What the number format of this id is; `codes` are those that the workbook defines."""
    if id not in codes:
        return _BUILT_IN.get(id, Format.PLAIN)
    code = _GENERAL.sub("", _ASIDE.sub("", codes[id].partition(";")[0]))
    if _MOMENT.search(code):
        return Format.MOMENT
    return Format.PERCENT if "%" in code else Format.PLAIN


def number_text(raw: str, format: Format, *, from_1904: bool = False) -> str:
    """A number as a person would type it: "41200", "0.5", "2026-03-23", "2026-03-23 15:30:00", "5%"."""
    if format is Format.PLAIN and raw.isdigit():
        return raw
    try:
        number = float(raw)
    except ValueError:
        return Broken(raw)
    if not isfinite(number):
        return Broken(raw)
    if format is Format.MOMENT and 0 <= number < _LAST_DAY:
        return moment_text(number, from_1904=from_1904)
    if format is Format.PERCENT:
        return f"{plain(Decimal(repr(number)) * 100)}%"
    return str(int(number)) if number.is_integer() and abs(number) < 1e18 else plain(Decimal(repr(number)))


def plain(number: Decimal) -> str:
    """Digits without an exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_text(number: float, *, from_1904: bool) -> str:
    """A serial number as day, day and time, or time of day."""
    days, seconds = int(number), round((number - int(number)) * _SECONDS)
    start = _FIRST_1904 if from_1904 else _FIRST_1900
    if not from_1904 and days < _PHANTOM:
        days += 1
    moment = start + timedelta(days=days, seconds=seconds)
    if number < 1:
        return f"{moment:%H:%M:%S}"
    return (
        f"{moment.date().isoformat()} {moment:%H:%M:%S}" if seconds % _SECONDS else moment.date().isoformat()
    )
