"""Conditions on one column, as lists, saved views and the API ask for them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Q
from django.db.models.expressions import RawSQL

from trassa.kernel import today
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


def linked_on(field: FieldSpec, ids: list[int], day: date) -> Q:
    """Records linked to any of these on a day."""
    statement = f"SELECT from_id FROM {field.link_table} WHERE to_id = ANY(%s) AND period @> %s::date"
    return Q(id__in=RawSQL(statement, [ids, day]))


def linked_now(field: FieldSpec, ids: list[int]) -> Q:
    return linked_on(field, ids, today()) if ids else without_links_now(field, True)


def without_links_now(field: FieldSpec, value: bool) -> Q:
    """Records that are linked to nothing today."""
    statement = f"SELECT from_id FROM {field.link_table} WHERE period @> %s::date"
    linked = Q(id__in=RawSQL(statement, [today()]))
    return ~linked if value else linked


def without_links(field: FieldSpec, value: bool) -> Q:
    linked = Q(id__in=RawSQL(f"SELECT from_id FROM {field.link_table}", []))
    return ~linked if value else linked


ORDERED: dict[str, MakeCondition] = {
    "eq": equal,
    "ne": unequal,
    "gte": lookup("gte"),
    "lte": lookup("lte"),
    "gt": lookup("gt"),
    "lt": lookup("lt"),
    "in": lookup("in"),
    "empty": empty,
}
#: Of days and moments also: in a month, and longer ago than so many days.
TIMED: Mapping[str, MakeCondition] = ORDERED | {
    "month": lambda field, month: Q(**{f"{field.column}__gte": month[0], f"{field.column}__lt": month[1]}),
    "older": lookup("lt"),
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
#: Of links with periods: today, unless the condition says another time.
DATED: Mapping[str, MakeCondition] = {
    "eq": linked_now,
    "ne": lambda field, ids: ~linked_now(field, ids),
    "in": linked_now,
    "on": lambda field, moment: linked_on(field, *moment),
    "ever": linked_to,
    "empty": without_links_now,
}
LINKED: Mapping[str, MakeCondition] = {
    "eq": linked_to,
    "ne": lambda field, ids: ~linked_to(field, ids),
    "contains": linked_to,
    "in": linked_to,
    "empty": without_links,
}
