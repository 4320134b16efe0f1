"""OGRN: the Russian state registration number, 13 digits of a company or 15 of an entrepreneur (OGRNIP).

The check digit is computed here: python-stdnum 2.2 refuses every OGRNIP whose remainder has two digits.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

_NOISE = re.compile(r"^\s*ОГРН(?:ИП)?\b[\s:№]*|[\s\-]+|\.0$", re.IGNORECASE)
#: The first digit says what is registered: 1 and 5 companies, 3 entrepreneurs; others are entries of changes.
_OGRN = re.compile(r"[15]\d{12}|3\d{14}")


class Ogrn(Text):
    code = "ogrn"
    label = gettext_lazy("OGRN")
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
        ogrn = _NOISE.sub("", text)
        if not (ogrn.isascii() and _OGRN.fullmatch(ogrn)):
            message = _("An OGRN has 13 digits (company) or 15 (entrepreneur).")
            raise ValueRefused("invalid_ogrn", message)
        if check_digit(ogrn) != ogrn[-1]:
            message = _("The OGRN’s check digit does not match: look for a typing mistake.")
            raise ValueRefused("invalid_ogrn", message)
        return ogrn

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": r"^(\d{13}|\d{15})$"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("text", {"inputmode": "numeric", "autocomplete": "off", "maxlength": "30"})

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (str(value),)


def check_digit(ogrn: str) -> str:
    """The last digit that an OGRN or OGRNIP should have: the remainder by 11 or 13, its last digit.

    Source: order of the Ministry of Finance of 30 October 2017 No. 165н, paragraph 7.
    """
    return str(int(ogrn[:-1]) % (len(ogrn) - 2) % 10)
