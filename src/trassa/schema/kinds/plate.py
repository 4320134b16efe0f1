"""Plate: a Russian registration plate, А 123 ВС 77, folded so that one plate has one spelling.

Plates of cars, taxis, trailers, motorcycles, tractors, transit, police and army, by GOST R 50577. They have
the twelve letters that look alike in Cyrillic and Latin, kept in Cyrillic; О and 0 are told apart by their
places.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.settings import Setting
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

LETTERS = "АВЕКМНОРСТУХ"
LATIN_LETTERS = "ABEKMHOPCTYX"
_TO_CYRILLIC = str.maketrans(LATIN_LETTERS, LETTERS)
_TO_LATIN = str.maketrans(LETTERS, LATIN_LETTERS)
#: Series of plates: groups of letters (L) and digits (D); a region of two or three digits follows.
_SERIES = ("L DDD LL", "LL DDDD", "LL DDD", "DDDD LL", "LL DDD L", "L DDDD", "DDDD L", "DDD L")
_NOISE = re.compile(r"[\s\-_.,|/()№]+")
_COUNTRY = re.compile(r"(?:RUS|РУС)$")
#: Plates of other countries: letters and digits, at least one of them a digit.
_FOREIGN = re.compile(r"(?=.*\d)[0-9A-ZА-ЯЁІ]{3,12}")


class Plate(Text):
    code = "plate"
    label = gettext_lazy("Registration plate")
    icon = "license"
    settings = (Setting("foreign", False, gettext_lazy("Plates of other countries are accepted")),)
    searchable = False
    keyed = True
    style = "code"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        text = clean_text(raw, max_length=60)
        if not text:
            return None
        plate = find_plate(text)
        if plate is None and field.settings["foreign"]:
            plate = foreign_plate(text)
        if plate is None:
            raise ValueRefused("invalid_plate", _("Write a plate with its region, such as А 123 ВС 77."))
        return plate

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "contains":
            return fold_plate(str(raw)).translate(_TO_CYRILLIC)
        return super().parse_operand(operation, raw, field, lookups)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "examples": ["А123ВС77"]}

    def form(self, field: FieldSpec) -> FormControl:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        return FormControl("text", {**attributes, "maxlength": "20"})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return format_plate(value) if value else ""

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return format_plate(value) if value else ""

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (value.translate(_TO_LATIN),)


def fold_plate(text: str) -> str:
    """Upper case without separators; also for a part of a plate."""
    return _NOISE.sub("", text).upper()


def find_plate(text: str) -> str | None:
    """The Russian plate that a text means, or None: "a123bc 77 RUS" → "А123ВС77" in Cyrillic."""
    folded = _COUNTRY.sub("", fold_plate(text)).translate(_TO_CYRILLIC)
    for pattern in _PATTERNS:
        found = pattern.fullmatch(folded)
        if found and is_issued(found):
            return folded
    confused = {plate for pattern in _CONFUSED if (plate := told_apart(folded, pattern)) is not None}
    return confused.pop() if len(confused) == 1 else None


def is_issued(found: re.Match[str]) -> bool:
    """Neither the number nor the region of a plate consists of zeros."""
    return all(part.strip("0") for part in found.groups() if part.isdigit())


def told_apart(folded: str, pattern: re.Pattern[str]) -> str | None:
    """The plate with О where letters stand and 0 where digits do; None when it is of another series."""
    found = pattern.fullmatch(folded)
    if found is None:
        return None
    groups = [
        text.replace("0", "О") if name.startswith("L") else text.replace("О", "0")
        for name, text in found.groupdict().items()
    ]
    plate = "".join(groups)
    return plate if any((exact := p.fullmatch(plate)) and is_issued(exact) for p in _PATTERNS) else None


def foreign_plate(text: str) -> str | None:
    """A plate of another country in upper case, with Latin letters for look-alikes; None for what is none."""
    folded = fold_plate(text).translate(_TO_LATIN)
    return folded if _FOREIGN.fullmatch(folded) else None


def format_plate(plate: str) -> str:
    """A stored plate as people read it, "А 123 ВС 77"; one of another country as it is."""
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(plate):
            return " ".join(found.groups())
    return plate


def compile_series(series: str, letters: str, digits: str) -> re.Pattern[str]:
    """The pattern of a series with its region; its groups are named L0, D1, …"""
    parts = [
        f"(?P<{group[0]}{place}>[{letters if group[0] == 'L' else digits}]{{{len(group)}}})"
        for place, group in enumerate(series.split())
    ]
    return re.compile("".join(parts) + f"(?P<D9>[{digits}]{{2,3}})")


_PATTERNS = tuple(compile_series(series, LETTERS, "0-9") for series in _SERIES)
_CONFUSED = tuple(compile_series(series, LETTERS + "0", "0-9О") for series in _SERIES)
