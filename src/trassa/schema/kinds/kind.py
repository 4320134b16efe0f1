"""The contract of a field kind: one small class a kind, with every facet that the product needs.

To add a kind, write a class in `schema/kinds/`, list it in `schema/kinds/__init__.py` (or register it in
`schema.registries.field_kinds` from an upper room) and read docs/developer/add-a-field-type.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trassa.expressions import Kind as ValueKind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters as conditions
from trassa.schema.kinds.filters import MakeCondition
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names, Storage

#: Answers to "is it empty?" as addresses carry them.
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class FieldKind(ABC):
    """How values of one kind of field are stored, parsed, shown, filtered and searched.

    A value is None when the field is empty. Every `parse…` gives the Python value or None, or raises
    ValueRefused with a message that says what to write instead.
    """

    #: Stable code, stored in `schema_field.kind`.
    code: ClassVar[str]
    label: ClassVar[Promise | str]
    #: Name of a Tabler icon.
    icon: ClassVar[str]
    #: Where values lie: in a column of the type's table, in a link table, or with the room of the kind.
    storage: ClassVar[Storage] = "column"
    #: Settings that a field of this kind may have; FieldSpec.settings always carries all of them.
    settings: ClassVar[tuple[Setting, ...]] = ()
    #: What its values are in expressions; None when they cannot be named there.
    expression: ClassVar[ValueKind | None] = None
    #: Lists may sort by it when the field is marked sortable.
    sortable: ClassVar[bool] = False
    #: Boards and reports may add it up.
    summable: ClassVar[bool] = False
    #: May be declared unique.
    unique: ClassVar[bool] = False
    #: `words` gives text for full-text search.
    searchable: ClassVar[bool] = False
    #: `keys` gives normalised keys for exact search and duplicates.
    keyed: ClassVar[bool] = False
    #: The field has options.
    with_options: ClassVar[bool] = False
    #: It may do without any.
    options_optional: ClassVar[bool] = False
    #: The field points at records of a type.
    with_target: ClassVar[bool] = False
    #: The database gives the value; nobody writes it.
    automatic: ClassVar[bool] = False
    #: How screens draw the text of `cell`: numbers stand on the right, codes have even figures, contacts and
    #: sites lead to `href`.
    style: ClassVar[Literal["text", "num", "code", "long", "contact", "site"]] = "text"
    #: Takes the whole width of a card's section.
    wide: ClassVar[bool] = False
    #: Conditions that the form of filters asks for, one input each; none when it cannot ask.
    offered: ClassVar[tuple[str, ...]] = ()
    #: Conditions by their names; each is made from a parsed operand.
    filters: ClassVar[Mapping[str, MakeCondition]] = conditions.ORDERED

    def value_kind(self, field: FieldSpec) -> ValueKind | None:
        """What the field's values are in expressions; None when it cannot be named there."""
        return self.expression

    # Storage

    @abstractmethod
    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        """The model field under the attribute `f_<id>`, or None when `storage` is not "column"."""

    @abstractmethod
    def sql_type(self, field: FieldSpec) -> str:
        """The column's type as PostgreSQL writes it; of the target column for a many-relation."""

    def references(self, field: FieldSpec) -> str | None:
        """The table that the column's foreign key points at."""
        return None

    # Values

    @abstractmethod
    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> Any:
        """A value from JSON: API, packs, robots. Strict about types, friendly about spelling."""

    def parse_form(self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None) -> Any:
        """A value from a form: text, or several texts where the control allows several."""
        text = raw if isinstance(raw, str) else ", ".join(raw)
        return self.parse_import(text, field, lookups)

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> Any:
        """A value from a cell of a spreadsheet, as people write it."""
        return self.parse(text, field, lookups)

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        """The value as the API and history write it; the inverse of `parse`."""
        return value

    @abstractmethod
    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        """JSON Schema of `to_json`, for the OpenAPI document."""

    def warn(self, value: Any, field: FieldSpec) -> str:
        """What is odd about an accepted value, for the person to check; "" when nothing is."""
        return ""

    # Screens

    @abstractmethod
    def form(self, field: FieldSpec) -> FormControl:
        """The control that asks for a value."""

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        """The value as the control carries it; the inverse of `parse_form`."""
        return "" if value is None else str(self.to_json(value, field))

    @abstractmethod
    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        """The value as plain text for lists, history and export; "" for None."""

    def href(self, value: Any) -> str:
        """Where a click on a contact or a site leads; always a harmless scheme."""
        return ""

    # Finding

    def filter(self, field: FieldSpec, operation: str, raw: Any, lookups: Lookups | None = None) -> Q:
        """The condition of a list, with its operand as JSON or an address gives it."""
        make = self.filters.get(operation)
        if make is None:
            known = ", ".join(self.filters)
            raise ValueRefused("unknown_filter", _("This field can be filtered by: %s.") % known)
        return make(field, self.parse_operand(operation, raw, field, lookups))

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        """What a condition compares with: a flag for `empty`, a list for `in`, otherwise a value."""
        if operation == "empty":
            return parse_flag(raw)
        if operation == "in":
            parts = raw.split(",") if isinstance(raw, str) else raw
            if not isinstance(parts, list | tuple):
                raise ValueRefused("invalid_list", _("Give a list of values."))
            return [self.parse(part, field, lookups) for part in parts]
        if operation == "contains":
            return str(raw)
        value = self.parse(raw, field, lookups)
        if value is None and operation not in ("eq", "ne"):
            raise ValueRefused("value_missing", _("Give a value to compare with."))
        return value

    def words(self, value: Any) -> str:
        """Text of the value for full-text search."""
        return ""

    def has_keys(self, field: FieldSpec) -> bool:
        """Whether values of this field give keys."""
        return self.keyed

    def keys(self, value: Any, field: FieldSpec) -> tuple[str, ...]:
        """Normalised keys of the value: equal keys mean the same car, phone or company."""
        return ()


def parse_flag(raw: Any) -> bool:
    """True or false, as JSON or as text of an address."""
    if isinstance(raw, bool):
        return raw
    flag = _FLAGS.get(str(raw).lower())
    if flag is None:
        raise ValueRefused("invalid_boolean", _("Write true or false."))
    return flag
