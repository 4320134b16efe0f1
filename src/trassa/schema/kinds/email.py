"""E-mail address, stored in lower case."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups

_LONGEST = 254
#: An address in angle brackets, as mail programs write it.
_NAMED = re.compile(r"<([^<>\s]+@[^<>\s]+)>\s*$")


class Email(Text):
    code = "email"
    label = gettext_lazy("E-mail")
    icon = "mail"
    settings = ()
    searchable = False
    keyed = True
    style = "contact"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        text = clean_text(raw, max_length=_LONGEST)
        if not text:
            return None
        address = text.removeprefix("mailto:").lower()
        try:
            validate_email(address)
        except ValidationError:
            message = _("Write an e-mail address such as anna@example.com.")
            raise ValueRefused("invalid_email", message) from None
        return address

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        """Also with a name before it, «Анна <anna@example.com>», or a comma behind it."""
        named = _NAMED.search(text)
        return self.parse(named.group(1) if named else text.strip(" \t\n;,."), field)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "email"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("email", {"autocomplete": "off", "maxlength": str(_LONGEST)})

    def href(self, value: Any) -> str:
        return f"mailto:{value}"

    def words(self, value: Any) -> str:
        return ""

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (str(value),)
