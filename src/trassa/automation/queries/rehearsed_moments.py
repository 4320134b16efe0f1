"""When rules that follow dates and the clock would have looked at records, as far as history tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from trassa.automation.moments import GRACE, shifted
from trassa.automation.types import CompiledRule
from trassa.journal import Entry
from trassa.kernel import company_zone
from trassa.people.queries import open_calendars
from trassa.people.types import Duration
from trassa.records.queries.past import former
from trassa.records.types import Record
from trassa.schema.types import TypeSpec

#: Days on both sides of the time in question in which a date may lie besides its offset: weekends, holidays.
MARGIN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Held:
    """A date that a record had from one moment until another; None is still."""

    value: date | datetime
    start: datetime
    end: datetime | None


def dated_rows(rule: CompiledRule, spec: TypeSpec, since: datetime, until: datetime) -> Any:
    """Records whose date may have come in a time: it lies near, or they have changed since."""
    settings: Any = rule.settings
    column = settings.column(spec)
    offset = offset_of(settings)
    span = abs(offset.clock) * 2 + timedelta(days=MARGIN_DAYS)
    near = Q(**{f"{column}__gte": since - span, f"{column}__lte": until + span})
    rows = spec.model._default_manager.filter(deleted_at=None)
    return rows.filter(near | Q(updated_at__gte=since)).order_by("-updated_at")


def date_moments(
    rule: CompiledRule, spec: TypeSpec, record: Record, entries: Sequence[Entry]
) -> Iterator[datetime]:
    """Moments at which the rule's date came for a record while the record still had it."""
    settings: Any = rule.settings
    offset = offset_of(settings)
    calendar = open_calendars().of(record.owner_id, record.department_id) if needs_calendar(offset) else None
    for held in dates_held(settings.field, spec, record, entries):
        moment = shifted(held.value, offset, calendar)
        if moment is None or moment < held.start - GRACE:
            continue
        moment = max(moment, held.start)
        if held.end is None or moment < held.end:
            yield moment


def offset_of(settings: Any) -> Duration:
    return Duration.parse(settings.offset) if settings.offset else Duration(0, "minute")


def needs_calendar(offset: Duration) -> bool:
    return offset.is_working or offset.unit == "day"


def dates_held(code: str, spec: TypeSpec, record: Record, entries: Sequence[Entry]) -> Iterator[Held]:
    """The dates that a record had, newest first; `entries` are its history, newest first."""
    if code == "created_at":
        yield Held(record.created_at, record.created_at, None)
    elif code == "stage_entered_at":
        end = None
        for entry in entries:
            if "stage" in entry.changes:
                yield Held(entry.at, entry.at, end)
                end = entry.at
    else:
        yield from values_held(code, spec, record, entries)


def values_held(code: str, spec: TypeSpec, record: Record, entries: Sequence[Entry]) -> Iterator[Held]:
    """The same of a field."""
    field = spec.by_code[code]
    value, end = record.values.get(code), None
    for entry in entries:
        if field.column in entry.changes:
            if value is not None:
                yield Held(value, entry.at, end)
            value, end = former(entry.changes[field.column][0], field), entry.at
    if value is not None and record.created_at < (end or record.created_at + timedelta.resolution):
        yield Held(value, record.created_at, end)


def clock_moments(rule: CompiledRule, since: datetime, until: datetime) -> list[datetime]:
    """Moments at which a schedule struck in a time, newest first."""
    settings: Any = rule.settings
    zone = company_zone()
    hour, _colon, minute = settings.at.partition(":")
    day = until.astimezone(zone).date()
    found: list[datetime] = []
    while day >= since.astimezone(zone).date():
        moment = datetime.combine(day, time(int(hour), int(minute)), zone)
        if settings.falls_on(day) and since <= moment <= until:
            found.append(moment)
        day -= timedelta(days=1)
    return found
