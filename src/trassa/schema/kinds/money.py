"""Money: an exact amount in the field's currency, `numeric(18,2)`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from trassa.kernel import format_decimal
from trassa.schema.kinds.number import Number
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, Names

#: Signs behind amounts; the keys are the currencies that a field may have.
CURRENCY_SIGNS: Mapping[str, str] = {"RUB": "₽", "USD": "$", "EUR": "€", "CNY": "¥", "KZT": "₸", "BYN": "Br"}
PLACES = 2


class Money(Number):
    code = "money"
    label = gettext_lazy("Money")
    icon = "currency-ruble"
    settings = (Setting("currency", "RUB", gettext_lazy("Currency"), choices=tuple(CURRENCY_SIGNS)),)
    whole_digits = 16

    def places(self, field: FieldSpec) -> int:
        return PLACES

    def unit(self, field: FieldSpec) -> str:
        return CURRENCY_SIGNS[field.settings["currency"]]

    def sql_type(self, field: FieldSpec) -> str:
        return "numeric(18,2)"

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        """Whole amounts without kopecks: "6 150 000 ₽", "1 234,50 ₽"."""
        if value is None:
            return ""
        places = PLACES if value % 1 else 0
        return f"{format_decimal(value, places=places)}\u00a0{self.unit(field)}"
