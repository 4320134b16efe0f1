"""Yes or no. A flag that nobody touched is empty; filters count it as no."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.kind import FieldKind, parse_flag
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

#: Words for yes and no in spreadsheets.
_WORDS: Mapping[str, bool] = {
    **dict.fromkeys(
        ["да", "д", "yes", "y", "true", "истина", "1", "+", "on", "есть", "имеется", "✓", "✔", "☑"], True
    ),
    **dict.fromkeys(
        ["нет", "н", "no", "n", "false", "ложь", "0", "-", "–", "—", "off", "отсутствует", "☐"], False
    ),
}


class Boolean(FieldKind):
    code = "boolean"
    label = gettext_lazy("Yes or no")
    icon = "checkbox"
    expression = Kind.BOOLEAN
    filters = filters.FLAG
    offered = ("eq",)

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.BooleanField(null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "boolean"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> bool | None:
        return None if raw is None or raw == "" else parse_flag(raw)

    def parse_form(
        self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None
    ) -> bool | None:
        """A box that is not ticked sends nothing, which is no."""
        text = raw if isinstance(raw, str) else "".join(raw[-1:])
        return self.parse_import(text, field, lookups) or False

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> bool | None:
        word = text.strip(" \t\n\u00a0.").lower()
        if not word:
            return None
        if word not in _WORDS:
            raise ValueRefused("invalid_boolean", _("Write yes or no."))
        return _WORDS[word]

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["boolean", "null"]}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("checkbox", {"value": "1"})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return "1" if value else ""

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        if value is None:
            return ""
        return _("yes") if value else _("no")
