"""VIN: 17 characters, folded so that one car has one spelling.

A wrong check digit only warns: many European and Russian VINs have none.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

#: Cyrillic letters that look like Latin ones.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХЅІЈ", "ABEKMHOPCTYXSIJ")
#: Letters that no VIN has (ISO 3779), because they look like these digits.
_CONFUSED = str.maketrans("OI", "01")
_SEPARATORS = re.compile(r"[\s\-.]+")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
LENGTH = 17
#: Values of letters and weights of places for the check digit in the ninth place (49 CFR 565).
_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


class Vin(Text):
    code = "vin"
    label = gettext_lazy("VIN")
    icon = "car"
    settings = ()
    searchable = False
    keyed = True
    style = "code"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        text = clean_text(raw, max_length=60)
        if not text:
            return None
        vin = fold_vin(text)
        if len(vin) != LENGTH:
            message = _("A VIN has 17 characters, this one has %s.") % len(vin)
            raise ValueRefused("invalid_vin", message)
        if not _VIN.fullmatch(vin):
            raise ValueRefused("invalid_vin", _("A VIN has digits and Latin letters without I, O and Q."))
        return vin

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        """People write the letters that no VIN has for the digits that they look like."""
        return self.parse(fold_vin(text).translate(_CONFUSED), field)

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "contains":
            return fold_vin(str(raw))
        return super().parse_operand(operation, raw, field, lookups)

    def warn(self, value: Any, field: FieldSpec) -> str:
        if check_digit(value) == value[8]:
            return ""
        return _("The check digit does not match; compare with the papers.")

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "minLength": LENGTH, "maxLength": LENGTH}

    def form(self, field: FieldSpec) -> FormControl:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        return FormControl("text", attributes)

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (fold_vin(value),)


def check_digit(vin: str) -> str:
    """The digit (or X) that the ninth place of a VIN should have."""
    digits = (int(_LETTERS.get(character, character)) for character in vin)
    rest = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def fold_vin(text: str) -> str:
    """Upper case, Latin instead of look-alikes, no separators; also for a part of a VIN."""
    return _SEPARATORS.sub("", text).upper().translate(_LOOKALIKES)
