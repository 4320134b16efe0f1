"""Groups of a list: what its records have in common, how many each has and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Count, F, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import company_zone
from trassa.records.queries.filters import filtered
from trassa.records.queries.lists import live_rows
from trassa.records.queries.time_limits import in_time
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

#: More groups than this are no help; the screen says that there are more.
MAX_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Group:
    """The records with one key: an id, a boolean, the first day (moment) of a month, None for none.

    `total` is None without a visible sum field.
    """

    key: Any
    count: int
    total: Decimal | None


@in_time
def list_groups(actor: Actor, spec: TypeSpec, query: ListQuery, code: str) -> Sequence[Group]:
    """The groups of a list by what `is_grouping` allows, the largest first, at most MAX_GROUPS + 1.

    One statement. It reads every record of the list once, as a sum does.
    """
    reach = actor.reach(Verb.SEE, spec)
    if reach.nothing:
        return []
    field = spec.by_code.get(code)
    rows = restrict(filtered(live_rows(spec), actor, current_generation(), spec, query), reach)
    grouped = rows.order_by().values(key=key_of(field, code)).annotate(n=Count("id"))
    summed = spec.by_code.get(spec.layouts.board_sum)
    if summed is not None and actor.sees_field(summed):
        grouped = grouped.annotate(total=Sum(summed.column))
    found = grouped.order_by("-n", "key")[: MAX_GROUPS + 1]
    return [Group(row["key"], row["n"], row.get("total")) for row in found]


def key_of(field: FieldSpec | None, code: str) -> Combinable:
    """What records are grouped by: months of dates in the company's zone; a flag that nobody set is no."""
    if field is None:
        return TruncMonth(code, tzinfo=company_zone()) if code == "created_at" else F(f"{code}_id")
    if field.kind == "datetime":
        return TruncMonth(field.column, tzinfo=company_zone())
    if field.kind == "date":
        return TruncMonth(field.column)
    if field.kind == "boolean":
        return Coalesce(F(field.column), Value(False), output_field=BooleanField())
    return F(field.column)
