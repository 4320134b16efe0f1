"""Multi-choice: several of the field's options, as an array of their ids in the options' order."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.choice import (
    option_choices,
    option_code,
    option_label,
    option_of_code,
    option_of_label,
)
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names, OptionSpec

_SEPARATOR = re.compile(r"[;,\n]")


class MultiChoice(FieldKind):
    code = "multi_choice"
    label = gettext_lazy("Several choices")
    icon = "list-check"
    expression = Kind.OPTIONS
    with_options = True
    filters = filters.SEVERAL
    offered = ("in",)
    wide = True

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return ArrayField(models.BigIntegerField(), null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint[]"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> list[int] | None:
        if raw is None or raw == "":
            return None
        codes = split(raw) if isinstance(raw, str) else raw
        if not isinstance(codes, list | tuple):
            raise ValueRefused("invalid_list", _("Give a list of options."))
        return in_order((option_of_code(code, field) for code in codes), field)

    def parse_form(
        self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None
    ) -> list[int] | None:
        return self.parse([raw] if isinstance(raw, str) and raw else [code for code in raw if code], field)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> list[int] | None:
        return in_order((option_of_label(part, field) for part in split(text)), field)

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation in ("contains", "in"):
            return self.parse(raw, field) or []
        return super().parse_operand(operation, raw, field, lookups)

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        codes = (option_code(id, field) for id in value or ())
        return [code for code in codes if code is not None]

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["array", "null"], "items": {"type": "string"}}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("multiselect", choices=option_choices(field))

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return list(self.to_json(value, field))

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return ", ".join(filter(None, (option_label(id, field) for id in value or ())))


def split(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def in_order(chosen: Iterable[OptionSpec], field: FieldSpec) -> list[int] | None:
    """Ids of the chosen options, each once, in the order of the field's options."""
    ids = {option.id for option in chosen}
    return [option.id for option in field.options if option.id in ids] or None
