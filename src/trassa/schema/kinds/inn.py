"""INN: the Russian taxpayer's number, 10 digits of a company or 12 of a person, check digits verified."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.ru import inn as standard

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

_NOISE = re.compile(r"^\s*ИНН\b[\s:№]*|[\s\-]+|\.0$", re.IGNORECASE)
_LENGTHS = (10, 12)


class Inn(Text):
    code = "inn"
    label = gettext_lazy("INN")
    icon = "id"
    settings = ()
    searchable = False
    keyed = True
    style = "code"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)
        text = clean_text(raw, max_length=60)
        if not text:
            return None
        inn = _NOISE.sub("", text)
        if not (inn.isascii() and inn.isdigit() and len(inn) in _LENGTHS):
            raise ValueRefused("invalid_inn", _("An INN has 10 digits (company) or 12 (person)."))
        if not standard.is_valid(inn):
            message = _("The INN’s check digits do not match: look for a typing mistake.")
            raise ValueRefused("invalid_inn", message)
        return inn

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        """Spreadsheets drop the zero at the beginning; with it the check digits match again."""
        digits = _NOISE.sub("", text)
        if digits.isascii() and digits.isdigit() and len(digits) + 1 in _LENGTHS:
            restored = f"0{digits}"
            return self.parse(restored if standard.is_valid(restored) else text, field)
        return self.parse(text, field)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": r"^(\d{10}|\d{12})$"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("text", {"inputmode": "numeric", "autocomplete": "off"})

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (str(value),)
