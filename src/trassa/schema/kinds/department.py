"""Department: one of the company's departments, by id, code or name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.references import Reference, parse_id
from trassa.schema.lookups import PEOPLE
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names


class Department(Reference):
    code = "department"
    label = gettext_lazy("Department")
    icon = "sitemap"

    def target(self, field: FieldSpec) -> str:
        return "people.Department"

    def references(self, field: FieldSpec) -> str | None:
        return "people_department"

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

    def find(self, text: str, lookups: Lookups | None) -> int:
        id = (lookups or PEOPLE).find_department(text.strip())
        if id is None:
            message = _("There is no department “%s”.") % text.strip()[:80]
            raise ValueRefused("unknown_department", message)
        return id

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("department")

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else names.departments.get(value, "")
