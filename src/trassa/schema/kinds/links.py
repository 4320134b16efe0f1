"""Links: any number of records of the target type, in a table `l_<id>(from_id, to_id)`."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.link import find_record
from trassa.schema.kinds.multi_choice import split
from trassa.schema.kinds.references import parse_id
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names


class Links(FieldKind):
    code = "links"
    label = gettext_lazy("Links to records")
    icon = "affiliate"
    expression = Kind.RECORDS
    storage = "links"
    with_target = True
    storage = "links"
    filters = filters.LINKED
    wide = True

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return None

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint"

    def references(self, field: FieldSpec) -> str | None:
        return f"r_{field.target_type_id}"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> list[int] | None:
        if raw is None or raw == "":
            return None
        ids = split(raw) if isinstance(raw, str) else raw
        if not isinstance(ids, list | tuple):
            raise ValueRefused("invalid_list", _("Give a list of ids."))
        return sorted({parse_id(id) for id in ids}) or None

    def parse_form(
        self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None
    ) -> list[int] | None:
        return self.parse(raw if isinstance(raw, str) else [id for id in raw if id], field)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> list[int] | None:
        return sorted({find_record(part, field, lookups) for part in split(text)}) or None

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "empty":
            return super().parse_operand(operation, raw, field, lookups)
        return self.parse([raw] if isinstance(raw, int) else raw, field) or []

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return list(value or ())

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["array", "null"], "items": {"type": "integer"}}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("records", {"data-type": str(field.target_type_id)})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return [str(id) for id in value or ()]

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return ", ".join(filter(None, (names.records.get(id, "") for id in value or ())))
