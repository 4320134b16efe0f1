"""Auto-number: the next number of the field's own sequence, with gaps; written with prefix and zeros.

Gapless numbers exist only in the document register.
"""

from typing import Any

from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

#: A bigint takes every number of so many digits.
_DIGITS = 18


def next_of(sequence: str) -> Func:
    """The default of a column that counts."""
    return Func(Value(sequence), function="nextval", output_field=models.BigIntegerField())


class AutoNumber(FieldKind):
    code = "auto_number"
    label = gettext_lazy("Auto-number")
    icon = "list-numbers"
    expression = Kind.NUMBER
    settings = (
        Setting("prefix", "", gettext_lazy("Prefix"), maximum=20),
        Setting("width", 5, gettext_lazy("Least number of digits"), minimum=1, maximum=12),
    )
    sortable = True
    unique = True
    keyed = True
    automatic = True
    style = "num"

    def sequence(self, field: FieldSpec) -> str:
        return f"fs_{field.id}"

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.BigIntegerField(null=True, db_default=next_of(self.sequence(field)))

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        """The number itself or as it is written with its prefix."""
        text = "" if raw is None else str(raw).strip()
        if not text:
            return None
        prefix = str(field.settings["prefix"])
        digits = text[len(prefix) :] if prefix and text.lower().startswith(prefix.lower()) else text
        if isinstance(raw, bool) or not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
            raise ValueRefused("invalid_number", _("Write a number such as %s.") % self.format(1, field))
        return int(digits)

    def format(self, value: int, field: FieldSpec) -> str:
        return f"{field.settings['prefix']}{value:0{field.settings['width']}d}"

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return None if value is None else self.format(value, field)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "readOnly": True}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("output")

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else self.format(value, field)

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        return (str(value),)
