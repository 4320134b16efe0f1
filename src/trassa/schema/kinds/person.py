"""Person: one of the people who work with the system, by id, login or name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.references import NamedReference
from trassa.schema.kinds.settings import Setting
from trassa.schema.lookups import PEOPLE
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names


class Person(NamedReference):
    code = "person"
    label = gettext_lazy("Person")
    icon = "user"
    expression = Kind.PERSON
    settings = (Setting("participant", False, gettext_lazy("The person takes part in the record")),)

    def target(self, field: FieldSpec) -> str:
        return "people.Person"

    def references(self, field: FieldSpec) -> str | None:
        return "people_person"

    def find(self, text: str, lookups: Lookups | None) -> int:
        id = (lookups or PEOPLE).find_person(text.strip())
        if id is None:
            message = _("Nobody is called “%s”. Write a login or a full name.") % text.strip()[:80]
            raise ValueRefused("unknown_person", message)
        return id

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("person")

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else names.people.get(value, "")
