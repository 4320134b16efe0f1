"""Calendars: the first records of each day, and how many the day has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import company_zone
from trassa.records.queries.arrangements import DAY_BASE
from trassa.records.queries.filters import filtered
from trassa.records.queries.lists import live_rows
from trassa.records.queries.rows import columns_of, make_records, shown_fields
from trassa.records.queries.time_limits import in_time
from trassa.records.types import ListQuery, Record
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


@dataclass(frozen=True, slots=True)
class DayRecords:
    """The first records of a day, and how many it has."""

    records: Sequence[Record] = ()
    count: int = 0


@in_time
def list_days(
    actor: Actor, spec: TypeSpec, query: ListQuery, code: str, days: Sequence[date], *, per_day: int
) -> Mapping[date, DayRecords]:
    """The records whose field `code` (or base column) falls on each of these consecutive days, in the order
    of time; days without any are absent.

    One statement reads the span once, by the index of the date where it has one; another reads what is shown.
    """
    field = None if code in DAY_BASE else spec.by_code[code]
    column = code if field is None else field.column
    has_time = field is None or field.kind == "datetime"
    reach = actor.reach(Verb.SEE, spec)
    if reach.nothing:
        return {}
    since, until = bound(days[0], has_time), bound(days[-1] + timedelta(days=1), has_time)
    rows = restrict(filtered(live_rows(spec), actor, current_generation(), spec, query), reach)
    rows = rows.filter(**{f"{column}__gte": since, f"{column}__lt": until}).order_by()
    day = TruncDate(column, tzinfo=company_zone()) if has_time else F(column)
    numbered = rows.annotate(day=day).annotate(
        place=Window(RowNumber(), partition_by=F("day"), order_by=[F(column).asc(), F("id").asc()]),
        count=Window(Count("id"), partition_by=F("day")),
    )
    first = numbered.filter(place__lte=per_day).values_list("day", "id", "count", "place")
    ids: dict[date, list[int]] = {}
    counts: dict[date, int] = {}
    for found, id, count, _place in sorted(first, key=lambda row: (row[0], row[3])):
        ids.setdefault(found, []).append(id)
        counts[found] = count
    known = read_records(actor, spec, {id for each in ids.values() for id in each}, code)
    return {
        found: DayRecords([known[id] for id in each if id in known], counts[found])
        for found, each in ids.items()
    }


def read_records(actor: Actor, spec: TypeSpec, ids: set[int], code: str) -> dict[int, Record]:
    """These records by id, with the date and with who takes part."""
    fields = shown_fields(actor, spec, {code, *(field.code for field in spec.participant_fields)})
    rows = spec.model._default_manager.filter(pk__in=ids).values(*columns_of(fields))
    return {record.id: record for record in make_records(actor, spec, list(rows), fields)}


def bound(day: date, has_time: bool) -> date | datetime:
    """The beginning of a day as the column holds it."""
    return datetime.combine(day, time(), company_zone()) if has_time else day
