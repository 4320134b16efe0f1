"""Conditions on one column, as lists, saved views and the API ask for them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from django.db.models import Q
from django.db.models.expressions import RawSQL

from trassa.schema.types import FieldSpec

#: Makes the condition from a parsed operand.
MakeCondition: TypeAlias = Callable[[FieldSpec, Any], Q]


def lookup(name: str) -> MakeCondition:
    """A condition that is one of Django's lookups on the field's column."""
    return lambda field, value: Q(**{f"{field.column}__{name}": value})


def equal(field: FieldSpec, value: Any) -> Q:
    return Q(**{field.column: value}) if value is not None else empty(field, True)


def unequal(field: FieldSpec, value: Any) -> Q:
    """Everything but this value; records without any value are included."""
    return ~Q(**{field.column: value}) if value is not None else empty(field, False)


def empty(field: FieldSpec, value: bool) -> Q:
    return Q(**{f"{field.column}__isnull": value})


def flag_equal(field: FieldSpec, value: bool | None) -> Q:
    """Yes or no; a flag that nobody touched counts as no."""
    if value is False:
        return Q(**{field.column: False}) | empty(field, True)
    return equal(field, value)


def linked_to(field: FieldSpec, ids: list[int]) -> Q:
    """Records linked to any of these."""
    statement = f"SELECT from_id FROM {field.link_table} WHERE to_id = ANY(%s)"
    return Q(id__in=RawSQL(statement, [ids]))


def without_links(field: FieldSpec, value: bool) -> Q:
    linked = Q(id__in=RawSQL(f"SELECT from_id FROM {field.link_table}", []))
    return ~linked if value else linked


ORDERED: Mapping[str, MakeCondition] = {
    "eq": equal,
    "ne": unequal,
    "gte": lookup("gte"),
    "lte": lookup("lte"),
    "gt": lookup("gt"),
    "lt": lookup("lt"),
    "in": lookup("in"),
    "empty": empty,
}
TEXT: Mapping[str, MakeCondition] = {
    "eq": equal,
    "ne": unequal,
    "contains": lookup("icontains"),
    "in": lookup("in"),
    "empty": empty,
}
LONG_TEXT: Mapping[str, MakeCondition] = {"contains": lookup("icontains"), "empty": empty}
FLAG: Mapping[str, MakeCondition] = {
    "eq": flag_equal,
    "ne": lambda field, value: ~flag_equal(field, value),
    "empty": empty,
}
REFERENCE: Mapping[str, MakeCondition] = {
    "eq": equal,
    "ne": unequal,
    "in": lookup("in"),
    "empty": empty,
}
SEVERAL: Mapping[str, MakeCondition] = {
    "eq": equal,
    "ne": unequal,
    "contains": lookup("contains"),
    "in": lookup("overlap"),
    "empty": empty,
}
LINKED: Mapping[str, MakeCondition] = {
    "eq": linked_to,
    "ne": lambda field, ids: ~linked_to(field, ids),
    "contains": linked_to,
    "in": linked_to,
    "empty": without_links,
}
