"""Date: a day without a time, the same in every zone."""

import re
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.types import FieldSpec, FormControl, Lookups, Names

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_RUSSIAN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:\s*г\.?)?")
#: What spreadsheets add to a day: "2026-03-23 00:00:00", "2026-03-23T00:00:00".
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_CENTURY = 2000


class Date(FieldKind):
    code = "date"
    label = gettext_lazy("Date")
    icon = "calendar"
    expression = Kind.DATE
    offered = ("gte", "lte")
    sortable = True
    unique = True

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


def parse_iso_date(text: str) -> date:
    """A date written "2026-03-23"; raises ValueRefused."""
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueRefused("invalid_date", _("Write a date such as 2026-03-23."))


def parse_day(text: str) -> date:
    """A date as people write it, "23.03.2026", or ISO; raises ValueRefused."""
    found = _RUSSIAN.fullmatch(text)
    try:
        if found:
            day, month, year = (int(part) for part in found.groups())
            return date(year + _CENTURY if year < 100 else year, month, day)
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueRefused("invalid_date", _("Write a date such as 23.03.2026."))


def midnight(day: date) -> datetime:
    """The naive beginning of a day."""
    return datetime.combine(day, time())
