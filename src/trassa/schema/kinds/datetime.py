"""Date and time: a moment, stored in UTC, shown in the company's zone.

A moment without an offset is in the company's zone; a filter by a mere date means that whole day there.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.kernel import company_zone, now
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.date import midnight, parse_day, parse_days, parse_month
from trassa.schema.kinds.filters import TIMED
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_DAY_AND_TIME = re.compile(r"(\S.*?)(?:\s*г\.?)?,?(?:\s+в)?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?")
#: A moment as spreadsheets store it: days, and the part of a day that has passed.
_SERIAL = re.compile(r"([1-9]\d{4})[.,](\d{1,12})")
_DAY_SECONDS = 86_400


class DateTime(FieldKind):
    code = "datetime"
    label = gettext_lazy("Date and time")
    icon = "calendar-time"
    expression = Kind.MOMENT
    offered = ("gte", "lte")
    sortable = True
    filters = TIMED

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.DateTimeField(null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "timestamptz"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> datetime | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, datetime):
            return in_utc(raw)
        text = raw.strip() if isinstance(raw, str) else ""
        try:
            if _ISO.fullmatch(text):
                return in_utc(datetime.fromisoformat(text))
        except ValueError:
            pass
        raise ValueRefused("invalid_datetime", _("Write date and time such as 2026-03-23T15:00:00+03:00."))

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> datetime | None:
        text = text.strip()
        if not text:
            return None
        if _ISO.fullmatch(text):
            return self.parse(text, field)
        if serial := _SERIAL.fullmatch(text):
            seconds = round(float(f"0.{serial.group(2)}") * _DAY_SECONDS)
            return in_utc(midnight(parse_day(serial.group(1))) + timedelta(seconds=seconds))
        found = _DAY_AND_TIME.fullmatch(text)
        if found is None:
            return in_utc(midnight(parse_day(text)))
        day, *clock = found.groups()
        hour, minute, second = (int(part or 0) for part in clock)
        try:
            return in_utc(midnight(parse_day(day)).replace(hour=hour, minute=minute, second=second))
        except ValueError as error:
            message = _("Write date and time such as 23.03.2026 15:00.")
            raise ValueRefused("invalid_datetime", message) from error

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date-time"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("datetime-local", {"step": "60"})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return "" if value is None else f"{value.astimezone(company_zone()):%Y-%m-%dT%H:%M}"

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else f"{value.astimezone(company_zone()):%d.%m.%Y %H:%M}"

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "month":
            first, following = parse_month(raw)
            return day_start(first), day_start(following)
        if operation == "older":
            return now() - parse_days(raw)
        return super().parse_operand(operation, raw, field, lookups)

    def filter(self, field: FieldSpec, operation: str, raw: Any, lookups: Lookups | None = None) -> Q:
        if not (isinstance(raw, str) and _ISO_DAY.fullmatch(raw.strip()) and operation in _WHOLE_DAY):
            return super().filter(field, operation, raw, lookups)
        day = parse_day(raw.strip())
        return _WHOLE_DAY[operation](field.column, day_start(day), day_start(day + timedelta(days=1)))


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; without an offset it is in the company's zone."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=company_zone())
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueRefused("invalid_datetime", _("The date is too far away.")) from None


def day_start(day: date) -> datetime:
    return in_utc(midnight(day))


def within(column: str, start: datetime, end: datetime) -> Q:
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


#: Comparisons of a column with a whole day, given its start and its end.
_WHOLE_DAY: Mapping[str, Callable[[str, datetime, datetime], Q]] = {
    "eq": within,
    "ne": lambda column, start, end: ~within(column, start, end),
    "gte": lambda column, start, end: Q(**{f"{column}__gte": start}),
    "gt": lambda column, start, end: Q(**{f"{column}__gte": end}),
    "lt": lambda column, start, end: Q(**{f"{column}__lt": start}),
    "lte": lambda column, start, end: Q(**{f"{column}__lt": end}),
}
