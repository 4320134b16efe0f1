"""KPP: the code of a Russian company's registration with a tax office; nine characters with leading zeros."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

_NOISE = re.compile(r"^\s*КПП\b[\s:№]*|[\s\-]+|\.0$", re.IGNORECASE)
#: Tax office, reason (digits or Latin letters), number in order; order ММВ-7-6/435@ of 29 June 2012.
_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}")


class Kpp(Text):
    code = "kpp"
    label = gettext_lazy("KPP")
    icon = "id"
    settings = ()
    unique = False
    searchable = False
    style = "code"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = f"{raw:09d}"
        text = clean_text(raw, max_length=60)
        if not text:
            return None
        kpp = _NOISE.sub("", text).upper()
        if not (kpp.isascii() and _KPP.fullmatch(kpp)):
            raise ValueRefused("invalid_kpp", _("A KPP has 9 characters, such as 770701001."))
        return kpp

    def parse_form(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        return self.parse(raw if isinstance(raw, str) else "".join(raw[-1:]), field, lookups)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        """Spreadsheets drop a leading zero: the regions 01 to 09 arrive with eight digits."""
        digits = _NOISE.sub("", text)
        return self.parse(digits.zfill(9) if len(digits) == 8 and digits.isdigit() else text, field, lookups)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": f"^{_KPP.pattern}$"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("text", {"autocomplete": "off", "maxlength": "20", "spellcheck": "false"})

    def words(self, value: Any) -> str:
        return ""
