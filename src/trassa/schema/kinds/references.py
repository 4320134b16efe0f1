"""What kinds that point at other rows have in common: a bigint column with a foreign key.

The attribute `f_34` of a model is the id, as for every other kind; `f_34_row` is the row itself.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.types import FieldSpec, Lookups

_LARGEST = 2**63 - 1


class ReferenceColumn(models.ForeignKey[Any, Any]):
    """A foreign key whose attribute for the id is its column's name; named `<column>_row`."""

    def __init__(self, to: str, *, column: str) -> None:
        super().__init__(
            to, models.DO_NOTHING, null=True, related_name="+", db_column=column, db_constraint=False
        )

    def get_attname(self) -> str:
        return str(self.db_column)


class Reference(FieldKind):
    """Base of kinds whose value is the id of one other row."""

    filters = filters.REFERENCE
    offered = ("eq",)

    def target(self, field: FieldSpec) -> str:
        """The model that the column points at, as "app.Model"."""
        raise NotImplementedError

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return ReferenceColumn(self.target(field), column=field.column)

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint"

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["integer", "null"]}


class NamedReference(Reference):
    """Base of references that people also write by name: an id in JSON, a login, code or name in text."""

    def find(self, text: str, lookups: Lookups | None) -> int:
        """The id behind a name; raises ValueRefused."""
        raise NotImplementedError

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, str) and not raw.strip().isdigit():
            return self.find(raw, lookups)
        return parse_id(raw)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return self.find(text, lookups) if text.strip() else None

    def parse_form(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return self.parse(raw if isinstance(raw, str) else "".join(raw[-1:]), field, lookups)


def parse_id(raw: Any) -> int:
    """An id as a number or as digits; raises ValueRefused."""
    if isinstance(raw, str) and raw.strip().isascii() and raw.strip().isdigit():
        raw = int(raw.strip()[:20])
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= _LARGEST:
        raise ValueRefused("invalid_id", _("Give an id."))
    return raw
