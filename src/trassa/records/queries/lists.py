"""Lists: one page of records in an order, how many there are, what they add up to."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.records.queries.filters import filtered, find_order
from trassa.records.queries.rows import columns_of, make_records, shown_fields
from trassa.records.queries.time_limits import in_time
from trassa.records.queries.top import Rows, top_rows
from trassa.records.types import Filter, ListQuery, RecordPage
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

#: Counting stops here; the screen then says "10 000+".
COUNT_LIMIT = 10_000
MAX_PAGE = 500


def live_rows(spec: TypeSpec) -> Rows:
    """All rows of a type that are not in the bin."""
    return spec.model._default_manager.filter(deleted_at__isnull=True)


@in_time
def list_records(
    actor: Actor, spec: TypeSpec, query: ListQuery, fields: Iterable[str] | None = None
) -> RecordPage:
    """One page of the records that the person sees; `fields` limits what is read to these codes."""
    order = find_order(actor, spec, query.order)
    limit = max(1, min(query.limit, MAX_PAGE))
    shown = shown_fields(actor, spec, fields)
    columns = list(dict.fromkeys([*columns_of(shown), order.column]))
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    reach = actor.reach(Verb.SEE, spec)
    narrowed = query.where is not None or any(each.field in spec.by_code for each in query.filters)
    found = top_rows(rows, reach, order, columns, limit=limit + 1, after=query.after, narrowed=narrowed)
    page = found[:limit]
    following = (page[-1][order.column], page[-1]["id"]) if len(found) > limit else None
    return RecordPage(items=make_records(actor, spec, page, shown), next=following)


@in_time
def count_records(actor: Actor, spec: TypeSpec, query: ListQuery) -> int:
    """How many records the list has, at most COUNT_LIMIT + 1."""
    reach = actor.reach(Verb.SEE, spec)
    if reach.nothing:
        return 0
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    return restrict(rows, reach).order_by()[: COUNT_LIMIT + 1].count()


@in_time
def count_each(
    actor: Actor, spec: TypeSpec, query: ListQuery, variants: Sequence[Sequence[Filter]]
) -> list[int]:
    """How many records the list has with each of these sets of further filters, at most COUNT_LIMIT + 1.

    One statement for all; no count goes on behind the limit.
    """
    reach = actor.reach(Verb.SEE, spec)
    if reach.nothing or not variants:
        return [0] * len(variants)
    generation = current_generation()
    rows = restrict(filtered(live_rows(spec), actor, generation, spec, query), reach).order_by()
    parts: list[str] = []
    parameters: list[Any] = []
    for filters in variants:
        narrowed = filtered(rows, actor, generation, spec, ListQuery(filters))
        statement, own = narrowed.values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS counted)")
        parameters += own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return list(cursor.fetchone() or ())


@in_time
def sum_records(actor: Actor, spec: TypeSpec, query: ListQuery, code: str) -> Decimal | None:
    """The sum of a field over the whole list, None when the person does not see the field."""
    field = spec.by_code.get(code)
    reach = actor.reach(Verb.SEE, spec)
    if field is None or not actor.sees_field(field) or reach.nothing:
        return None
    rows = restrict(filtered(live_rows(spec), actor, current_generation(), spec, query), reach)
    total: Decimal | None = rows.aggregate(total=Sum(field.column))["total"]
    return total
