"""Date: a day without a time, the same in every zone."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.kernel import today
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.filters import TIMED
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAYS = re.compile(r"[0-9]{1,5}")
_RUSSIAN = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}|\d{2})(?:\s*г\.?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})")
#: «12 марта 2024 г.», "12 Mar 2024", "March 12, 2024".
_IN_WORDS = re.compile(
    r"(?P<day>\d{1,2})[\s\-.]*(?P<month>[^\W\d_]{3,})\.?[\s\-,]*(?P<year>\d{4})(?:\s*г(?:\.|ода)?)?"
)
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})")
_MONTHS = (
    ("янв", "jan"),
    ("фев", "feb"),
    ("мар", "mar"),
    ("апр", "apr"),
    ("мая", "май", "may"),
    ("июн", "jun"),
    ("июл", "jul"),
    ("авг", "aug"),
    ("сен", "sep"),
    ("окт", "oct"),
    ("ноя", "nov"),
    ("дек", "dec"),
)
_MONTH_NUMBERS = {beginning: number for number, month in enumerate(_MONTHS, start=1) for beginning in month}
#: A day as spreadsheets store it: days since the end of 1899; from 1927 to 2173.
_SERIAL = re.compile(r"[1-9]\d{4}")
_SERIAL_START = date(1899, 12, 30)
#: What spreadsheets add to a day: "2026-03-23 00:00:00", "2026-03-23T00:00:00".
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
#: Years of two digits up to this one are of this century, as spreadsheet programs take them.
_CENTURY, _LAST_SHORT_YEAR = 2000, 68


class Date(FieldKind):
    code = "date"
    label = gettext_lazy("Date")
    icon = "calendar"
    expression = Kind.DATE
    offered = ("gte", "lte")
    sortable = True
    unique = True
    filters = TIMED

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return models.DateField(null=True)

    def sql_type(self, field: FieldSpec) -> str:
        return "date"

    def parse(self, raw: Any, field: FieldSpec, lookups: Lookups | None = None) -> date | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        if not isinstance(raw, str):
            raise ValueRefused("invalid_date", _("Write a date such as 2026-03-23."))
        return parse_iso_date(raw.strip())

    def parse_import(self, text: str, field: FieldSpec, lookups: Lookups | None = None) -> date | None:
        text = _MIDNIGHT.sub("", text.strip())
        return parse_day(text) if text else None

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return None if value is None else value.isoformat()

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("date")

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        return "" if value is None else f"{value:%d.%m.}{value.year:04d}"

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "month":
            return parse_month(raw)
        if operation == "older":
            return today() - parse_days(raw)
        return super().parse_operand(operation, raw, field, lookups)


def parse_iso_date(text: str) -> date:
    """A date written "2026-03-23"; raises ValueRefused."""
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueRefused("invalid_date", _("Write a date such as 2026-03-23."))


def parse_month(raw: Any) -> tuple[date, date]:
    """The first days of a month written "2026-03" and of the next one; raises ValueRefused."""
    try:
        if _MONTH.fullmatch(str(raw).strip()):
            first = date.fromisoformat(f"{str(raw).strip()}-01")
            return first, (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        pass
    raise ValueRefused("invalid_month", _("Write a month such as 2026-03."))


def parse_days(raw: Any) -> timedelta:
    """How many days ago; raises ValueRefused."""
    text = str(raw).strip()
    if _DAYS.fullmatch(text):
        return timedelta(days=int(text))
    raise ValueRefused("invalid_days", _("Write a number of days such as 7."))


def parse_day(text: str) -> date:
    """A date as people and spreadsheets write it, "23.03.2026", «23 марта 2026 г.», ISO, a serial number.

    Raises ValueRefused.
    """
    try:
        day = find_day(text)
    except ValueError:
        day = None
    if day is None:
        raise ValueRefused("invalid_date", _("Write a date such as 23.03.2026."))
    return day


def find_day(text: str) -> date | None:
    """The day that a text means, None for what is none; raises ValueError for the 31st of February."""
    if _ISO.fullmatch(text):
        return date.fromisoformat(text)
    if _SERIAL.fullmatch(text):
        return _SERIAL_START + timedelta(days=int(text))
    if found := _RUSSIAN.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return date(whole_year(year), month, day)
    if found := _YEAR_FIRST.fullmatch(text):
        return date(*(int(part) for part in found.groups()))
    found = _IN_WORDS.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    number = _MONTH_NUMBERS.get(found["month"][:3].lower()) if found else None
    return date(int(found["year"]), number, int(found["day"])) if found and number else None


def whole_year(year: int) -> int:
    """26 is 2026, 75 is 1975."""
    if year >= 100:
        return year
    return year + (_CENTURY if year <= _LAST_SHORT_YEAR else _CENTURY - 100)


def midnight(day: date) -> datetime:
    """The naive beginning of a day."""
    return datetime.combine(day, time())
