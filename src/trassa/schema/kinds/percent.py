"""Percent in percent units: 4 means 4 %, `numeric(7,4)`."""

from typing import Any

from django.utils.translation import gettext_lazy

from trassa.kernel import format_decimal
from trassa.schema.kinds.number import Number
from trassa.schema.types import FieldSpec, Names

PLACES = 4


class Percent(Number):
    code = "percent"
    label = gettext_lazy("Percent")
    icon = "percentage"
    settings = ()
    summable = False
    unique = False
    whole_digits = 3

    def places(self, field: FieldSpec) -> int:
        return PLACES

    def unit(self, field: FieldSpec) -> str:
        return "%"

    def sql_type(self, field: FieldSpec) -> str:
        return "numeric(7,4)"

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return "" if value is None else format_decimal(value)

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else f"{format_decimal(value)}\u00a0%"
