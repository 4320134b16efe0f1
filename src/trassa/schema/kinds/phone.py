"""Phone: stored as E.164, "+79215550142". Numbers without a country code are Russian by default."""

import re
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.settings import Setting
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_LONGEST_INPUT = 60
#: Digits of a number, at least with its area code, and at most (E.164).
_SHORTEST, _MOST_DIGITS = 10, 15
#: A number between words: digits with what people put between them.
_NUMBER = re.compile(r"\+?\d[\d\s().\-–—‑−/]{8,}\d")
#: What spreadsheets add to a number.
_FRACTION = re.compile(r"[.,]0+$")
#: A Russian number as most people write it; whatever is unusual about one, the library judges.
_RUSSIAN = re.compile(r"(?:\+7|8) ?[( -]?([3489]\d\d)[) -]{0,2}(\d{3})[ -]?(\d\d)[ -]?(\d\d)", re.ASCII)
_EXTENSION = re.compile(r"доб|вн\.|ext|#|x\s*\d", re.IGNORECASE)


class Phone(Text):
    code = "phone"
    label = gettext_lazy("Phone")
    icon = "phone"
    settings = (Setting("region", "RU", gettext_lazy("Country of numbers without a code"), 2, 2),)
    searchable = False
    keyed = True
    style = "contact"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)
        text = clean_text(raw, max_length=_LONGEST_INPUT)
        return normalise_phone(text, field.settings["region"]) if text else None

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        """Also with words around it, «моб. 8 921 555-01-42, Анна»; two numbers are refused."""
        text = text.strip()
        bare = _FRACTION.sub("", text)
        if bare.isdigit():
            return self.parse(bare, field)
        found = [each for each in _NUMBER.findall(text) if sum(map(str.isdigit, each)) >= _SHORTEST]
        if len(found) > 1 or any(sum(map(str.isdigit, each)) > _MOST_DIGITS for each in found):
            raise ValueRefused(
                "several_phones", _("Write one phone number; there is room for others elsewhere.")
            )
        return self.parse(found[0] if found and not _EXTENSION.search(text) else text, field)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "examples": ["+79215550142"]}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("tel", {"autocomplete": "off", "maxlength": str(_LONGEST_INPUT)})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return format_phone(value) if value else ""

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return format_phone(value) if value else ""

    def href(self, value: Any) -> str:
        return f"tel:{value}"

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (str(value),)


def normalise_phone(text: str, region: str = "RU") -> str:
    """A phone number as E.164; raises ValueRefused. "8 (921) 555-01-42" → "+79215550142"."""
    if (plain := _RUSSIAN.fullmatch(text)) and (text[0] == "+" or region == "RU"):
        return "+7" + "".join(plain.groups())
    refused = ValueRefused("invalid_phone", _("Write a phone number such as +7 921 555-01-42."))
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise refused from None
    if number.extension:
        raise ValueRefused("phone_extension", _("Write the extension into another field."))
    # Without its area code a number says nothing.
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise refused
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(value: str) -> str:
    """E.164 as people read it: "+7 921 555-01-42"."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
