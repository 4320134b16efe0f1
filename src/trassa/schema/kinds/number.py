"""Number: an exact decimal with as many places as its settings say.

The column is `numeric` without a scale, so that more places later are a change of metadata only.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.kernel import format_decimal, round_half_up
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_PLAIN = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?")
#: What people write around a number: spaces of any width, currency signs, percent.
_DECORATION = re.compile(r"(?:[\s_'’]|₽|руб(?:лей|ля|ль)?\.?|р\.|\$|€|¥|%)+", re.IGNORECASE)
#: Words for thousands and millions behind a number.
_SCALES = (
    (re.compile(r"(?<=\d)\s*тыс(?:\.|яч[аи]?)?(?![а-яё])", re.IGNORECASE), 3),
    (re.compile(r"(?<=\d)\s*млн\.?(?![а-яё])", re.IGNORECASE), 6),
    (re.compile(r"(?<=\d)\s*млрд\.?(?![а-яё])", re.IGNORECASE), 9),
)
#: Digits that binary arithmetic of a spreadsheet adds behind the real ones: 0.30000000000000004.
_ARTEFACT_PLACES = 6


class Number(FieldKind):
    code = "number"
    label = gettext_lazy("Number")
    icon = "hash"
    expression = Kind.NUMBER
    style = "num"
    offered = ("gte", "lte")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("places", 0, gettext_lazy("Digits after the point"), minimum=0, maximum=6),
        Setting("unit", "", gettext_lazy("Unit"), maximum=20),
        Setting("grouped", True, gettext_lazy("Thousands stand apart: 41 200; a year does not: 2022")),
    )
    sortable = True
    summable = True
    unique = True
    #: Digits in front of the point.
    whole_digits: ClassVar[int] = 15

    def places(self, field: FieldSpec) -> int:
        return int(field.settings["places"])

    def unit(self, field: FieldSpec) -> str:
        return str(field.settings["unit"])

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.DecimalField(max_digits=30, decimal_places=self.places(field), null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "numeric"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> Decimal | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
            raise ValueRefused("invalid_number", _("Write a number such as 1234.50."))
        return self.check(parse_decimal(str(raw).strip()), field)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> Decimal | None:
        text, scale = without_scale(text)
        plain = plain_number(without_unit(text, field))
        if not plain:
            return None
        number = parse_decimal(plain).scaleb(scale)
        if -number.as_tuple().exponent > self.places(field) + _ARTEFACT_PLACES:  # type: ignore[operator]
            number = round_half_up(number, self.places(field) + _ARTEFACT_PLACES)
        return self.check(number, field)

    def check(self, number: Decimal, field: FieldSpec) -> Decimal:
        """The number with exactly the field's places; raises when it has more or is too large."""
        if abs(number) >= Decimal(10) ** self.whole_digits:
            raise ValueRefused("too_large", _("The number is too large."))
        rounded = round_half_up(number, self.places(field))
        if rounded != number:
            message = _("Write at most %s digits after the point.") % self.places(field)
            raise ValueRefused("too_precise", message)
        return rounded

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return None if value is None else f"{round_half_up(value, self.places(field)):f}"

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "decimal"}

    def form(self, field: FieldSpec) -> FormControl:
        mode = "decimal" if self.places(field) else "numeric"
        return FormControl("number", {"inputmode": mode}, suffix=self.unit(field))

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return "" if value is None else self.written(value, field)

    def written(self, value: Decimal, field: FieldSpec) -> str:
        """The number with a comma, and thousands apart unless the field says otherwise."""
        text = format_decimal(value, places=self.places(field))
        return text if field.settings.get("grouped", True) else text.replace("\u00a0", "")

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        if value is None:
            return ""
        unit = self.unit(field)
        text = self.written(value, field)
        return f"{text}\u00a0{unit}" if unit else text


def parse_decimal(text: str) -> Decimal:
    """A finite decimal written with a point; raises ValueRefused."""
    if not _PLAIN.fullmatch(text):
        raise ValueRefused("invalid_number", _("Write a number such as 1234.50."))
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueRefused("invalid_number", _("Write a number such as 1234.50.")) from None


def plain_number(text: str) -> str:
    """A number as people write it, "1 234,50 ₽" or "1,234.50", with a point and nothing around it."""
    plain = _DECORATION.sub("", text).replace("−", "-").replace("–", "-")
    if "," in plain and "." in plain:
        group = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(group, "")
    for sign in ",.":
        # Where a sign stands twice it parts thousands: 1.234.567.
        if plain.count(sign) > 1:
            plain = plain.replace(sign, "")
    return plain.replace(",", ".")


def without_scale(text: str) -> tuple[str, int]:
    """A number without its «тыс.» or «млн», and the power of ten that it stands for."""
    for pattern, power in _SCALES:
        bare, count = pattern.subn(" ", text)
        if count == 1:
            return bare, power
    return text, 0


def without_unit(text: str, field: FieldSpec) -> str:
    """A number without the unit of its field: «41 200 км» where the field is «Пробег, км»."""
    if not text or text[-1].isdigit():
        return text
    labels = (field.label.ru, field.label.en)
    for unit in (str(field.settings.get("unit", "")), *(label.partition(",")[2] for label in labels)):
        if (pattern := unit_pattern(unit)) is not None:
            text = pattern.sub("", text)
    return text


@cache
def unit_pattern(unit: str) -> re.Pattern[str] | None:
    """Finds a unit behind a number, whatever dots and spaces it has: «л. с.», «л.с.», «л с»."""
    words = re.findall(r"[^\W\d_]+", unit)
    between = r"[\s.]*"
    return re.compile(rf"(?<=\d){between}{between.join(words)}\.?\s*$", re.IGNORECASE) if words else None
