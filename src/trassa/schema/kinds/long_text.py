"""Long text: several lines, up to 100,000 characters."""

from typing import Any

from django.utils.translation import gettext_lazy

from trassa.schema.kinds import filters
from trassa.schema.kinds.settings import Setting
from trassa.schema.kinds.text import Text, clean_text
from trassa.schema.types import FieldSpec, FormControl, Lookups


class LongText(Text):
    code = "long_text"
    label = gettext_lazy("Long text")
    icon = "align-left"
    settings = (Setting("max_length", 100_000, gettext_lazy("Longest text"), minimum=1, maximum=1_000_000),)
    sortable = False
    unique = False
    style = "long"
    wide = True
    filters = filters.LONG_TEXT

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> str | None:
        return clean_text(raw, max_length=field.settings["max_length"], lines=True)

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("textarea", {"maxlength": str(field.settings["max_length"]), "rows": "4"})
