"""Department: one of the company's departments, by id, code or name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.references import NamedReference
from trassa.schema.lookups import PEOPLE
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names


class Department(NamedReference):
    code = "department"
    label = gettext_lazy("Department")
    icon = "sitemap"
    expression = Kind.DEPARTMENT

    def target(self, field: FieldSpec) -> str:
        return "people.Department"

    def references(self, field: FieldSpec) -> str | None:
        return "people_department"

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
