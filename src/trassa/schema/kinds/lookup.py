"""Lookup: a field of a linked record, shown live. It has no column, nobody writes it, and it follows rights.

A value is read through the link whenever a record is read. It is empty when the person may not see the linked
record, and the whole field is absent when the link or the shown field is masked. See
docs/decisions/0021-lookups.md.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind as ValueKind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.known import field_kinds
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names


class Lookup(FieldKind):
    code = "lookup"
    label = gettext_lazy("Shown through a link")
    icon = "eye"
    storage = "linked"
    automatic = True
    #: Conditions are those of the shown field; lists make them with the rights of the person who asks.
    filters = {}

    def value_kind(self, field: FieldSpec) -> ValueKind | None:
        return None if field.shown is None else shown_kind(field).value_kind(field.shown)

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return None

    def sql_type(self, field: FieldSpec) -> str:
        return shown_kind(field).sql_type(field.displayed)

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> Any:
        return shown_kind(field).parse(raw, field.displayed, lookups)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> Any:
        return shown_kind(field).parse_import(text, field.displayed, lookups)

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return shown_kind(field).to_json(value, field.displayed)

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return shown_kind(field).json_schema(field.displayed)

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("output")

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return shown_kind(field).to_form(value, field.displayed)

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return shown_kind(field).cell(value, field.displayed, names)


def shown_kind(field: FieldSpec) -> FieldKind:
    """The kind of the field that a lookup shows; raises ValueRefused when it shows none."""
    if field.shown is None:
        raise ValueRefused("nothing_shown", _("Say which field of the linked record is shown."))
    return field_kinds.get(field.shown.kind)
