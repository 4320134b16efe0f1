"""Link: one record of the target type. Whether it exists and may be seen is checked by the writer."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.references import Reference, parse_id
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import MODELS_LABEL, FieldSpec, FormControl, Lookups, Names


class Link(Reference):
    code = "link"
    label = gettext_lazy("Link to a record")
    icon = "link"
    expression = Kind.RECORD
    with_target = True
    settings = (
        Setting("occupies", False, gettext_lazy("Meetings about the record take the linked one as well")),
    )

    def target(self, field: FieldSpec) -> str:
        return f"{MODELS_LABEL}.r_{field.target_type_id}"

    def references(self, field: FieldSpec) -> str | None:
        return f"r_{field.target_type_id}"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return None if raw is None or raw == "" else parse_id(raw)

    def parse_form(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return self.parse(raw if isinstance(raw, str) else "".join(raw[-1:]), field, lookups)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> int | None:
        return find_record(text, field, lookups) if text.strip() else None

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("record", {"data-type": str(field.target_type_id)})

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else names.records.get(value, "")


def find_record(text: str, field: FieldSpec, lookups: Lookups | None) -> int:
    """The id of the record that a spreadsheet means; raises ValueRefused."""
    id = lookups.find_record(field.target_type_id or 0, text.strip()) if lookups else None
    if id is None:
        message = _("There is no record “%s”. Write its number, title or key.") % text.strip()[:80]
        raise ValueRefused("unknown_record", message)
    return id
