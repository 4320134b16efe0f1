"""Address: a postal address in one line, as people write it; spaces and commas are tidied."""

import re
from typing import Any

from django.utils.translation import gettext_lazy

from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

LONGEST = 500
_BEFORE_COMMA = re.compile(r"\s*,(?:\s*,)*\s*")


class Address(Text):
    code = "address"
    label = gettext_lazy("Address")
    icon = "map-pin"
    settings = ()
    unique = False
    wide = True

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        text = clean_text(raw, max_length=LONGEST)
        return tidy_address(text) if text else None

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "maxLength": LONGEST}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("text", {"maxlength": str(LONGEST), "autocomplete": "off"})


def tidy_address(text: str) -> str | None:
    """A space after each comma, none before: "190000,СПб , Невский,1" → "190000, СПб, Невский, 1"."""
    return _BEFORE_COMMA.sub(", ", text).strip(" ,") or None
