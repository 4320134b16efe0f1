"""Dated links: records of the target type, each from a day to a day, both included: the owners of a car.

Kept in a table `l_<id>(from_id, to_id, period)`. The database refuses overlapping periods: of the same record
always, of any two records when the field is exclusive. See docs/decisions/0022-dated-links.md.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trassa.expressions import Kind as ValueKind
from trassa.schema.errors import ValueRefused
from trassa.schema.kinds import filters
from trassa.schema.kinds.date import parse_day, parse_iso_date
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.link import find_record
from trassa.schema.kinds.references import parse_id
from trassa.schema.kinds.settings import Setting
from trassa.schema.types import FieldSpec, FormControl, LinkPeriod, Lookups, Names

MOST = 1_000
#: The end of a period is stored as the day behind it, which has to exist.
_LAST_YEAR = 9998
_KEYS = {"id", "from", "to"}
_DAY = r"\d[\d./-]*(?:\s*г\.?)?"
#: "Егоров Пётр с 01.04.2026 по 30.04.2026", as `cell` writes it.
_WRITTEN = re.compile(
    rf"(?P<name>.+?)(?:[\s(,]+(?:с|from)\s+(?P<since>{_DAY}))?(?:[\s(,]+(?:по|to)\s+(?P<until>{_DAY}))?\)?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[;\n]")


class DatedLink(FieldKind):
    code = "dated_link"
    label = gettext_lazy("Links with periods")
    icon = "calendar-user"
    settings = (Setting("exclusive", True, gettext_lazy("One record at a time: periods do not overlap")),)
    with_target = True
    storage = "periods"
    wide = True
    filters = filters.DATED
    offered = ("eq",)

    def value_kind(self, field: FieldSpec) -> ValueKind | None:
        """The record of today, or the records of today where there may be several."""
        return ValueKind.RECORD if field.settings["exclusive"] else ValueKind.RECORDS

    def column(self, field: FieldSpec) -> models.Field[Any, Any] | None:
        return None

    def sql_type(self, field: FieldSpec) -> str:
        return "bigint"

    def references(self, field: FieldSpec) -> str | None:
        return f"r_{field.target_type_id}"

    def parse(
        self, raw: Any, field: FieldSpec, lookups: Lookups | None = None
    ) -> tuple[LinkPeriod, ...] | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list | tuple):
            message = _("Give a list such as [{“id”: 5, “from”: “2026-04-01”, “to”: null}].")
            raise ValueRefused("invalid_list", message)
        return checked((parse_period(each) for each in raw), field)

    def parse_form(
        self, raw: str | Sequence[str], field: FieldSpec, lookups: Lookups | None = None
    ) -> tuple[LinkPeriod, ...] | None:
        """Texts "id|from|to", one a line of the form; lines without a record are left out.

        Where only one record is linked at a time, a later one ends the period that was left open.
        """
        lines = ((*text.split("|"), "", "")[:3] for text in ([raw] if isinstance(raw, str) else raw))
        found = [
            make_period(parse_id(id), read_day(since), read_day(until))
            for id, since, until in lines
            if id.strip()
        ]
        return checked(close_open_ends(found) if field.settings["exclusive"] else found, field)

    def parse_import(
        self, text: str, field: FieldSpec, lookups: Lookups | None = None
    ) -> tuple[LinkPeriod, ...] | None:
        found = []
        for part in filter(None, map(str.strip, _SEPARATOR.split(text))):
            written = _WRITTEN.fullmatch(part)
            name, since, until = written.group("name", "since", "until") if written else (part, "", "")
            found.append(make_period(find_record(name, field, lookups), read_day(since), read_day(until)))
        return checked(found, field)

    def parse_operand(self, operation: str, raw: Any, field: FieldSpec, lookups: Lookups | None) -> Any:
        if operation == "empty":
            return super().parse_operand(operation, raw, field, lookups)
        if operation == "on":
            return parse_day_of_link(raw)
        return parse_ids(raw)

    def to_json(self, value: Any, field: FieldSpec) -> Any:
        return [each.json for each in value or ()]

    def json_schema(self, field: FieldSpec) -> dict[str, Any]:
        day = {"type": ["string", "null"], "format": "date"}
        period = {
            "type": "object",
            "properties": {"id": {"type": "integer"}, "from": day, "to": day},
            "required": ["id", "from", "to"],
        }
        return {"type": ["array", "null"], "items": period}

    def form(self, field: FieldSpec) -> FormControl:
        return FormControl("periods", {"data-type": str(field.target_type_id)})

    def to_form(self, value: Any, field: FieldSpec) -> str | list[str]:
        return ["|".join((str(each.id), iso(each.since), iso(each.until))) for each in value or ()]

    def cell(self, value: Any, field: FieldSpec, names: Names) -> str:
        words = ((names.records.get(each.id, ""), str(each)) for each in value or ())
        return "; ".join(f"{name} {period}".rstrip() for name, period in words if name)


# Reading


def parse_period(raw: Any) -> LinkPeriod:
    """One link of a JSON list: an object, or an id alone for a link without dates."""
    if isinstance(raw, LinkPeriod):
        return raw
    if not isinstance(raw, dict):
        return LinkPeriod(parse_id(raw))
    if not raw.keys() <= _KEYS:
        raise ValueRefused("invalid_period", _("A link has “id”, “from” and “to”."))
    return make_period(parse_id(raw.get("id")), json_day(raw.get("from")), json_day(raw.get("to")))


def json_day(raw: Any) -> date | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str):
        raise ValueRefused("invalid_date", _("Write a date such as 2026-03-23."))
    return parse_iso_date(raw.strip())


def read_day(text: str | None) -> date | None:
    """A day as forms and spreadsheets write it."""
    return parse_day(text.strip()) if text and text.strip() else None


def parse_ids(raw: Any) -> list[int]:
    """Ids from a number, a list or "5,6"."""
    parts = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else [raw]
    return [parse_period(part).id for part in parts if part not in ("", None)]


def parse_day_of_link(raw: Any) -> tuple[list[int], date]:
    """Ids and a day from "5@2026-04-01" or "5,6@2026-04-01"; raises ValueRefused."""
    ids, at, day = str(raw).partition("@")
    if not at:
        raise ValueRefused("invalid_day", _("Write an id and a day such as 5@2026-04-01."))
    return parse_ids(ids), parse_iso_date(day.strip())


# Rules


def make_period(id: int, since: date | None, until: date | None) -> LinkPeriod:
    """A period; raises ValueRefused when it ends before it begins."""
    if since and until and until < since:
        message = _("A period ends before it begins: %s.") % LinkPeriod(id, since, until)
        raise ValueRefused("invalid_period", message)
    if max(since or date.min, until or date.min).year > _LAST_YEAR:
        raise ValueRefused("invalid_period", _("The date is too far away."))
    return LinkPeriod(id, since, until)


def checked(found: Iterable[LinkPeriod], field: FieldSpec) -> tuple[LinkPeriod, ...] | None:
    """The periods in order, each once; raises ValueRefused when two overlap that may not."""
    periods = sorted(set(found), key=lambda each: each.sort_key)
    if len(periods) > MOST:
        raise ValueRefused("too_many", _("A field holds at most %s links.") % MOST)
    groups: dict[int, list[LinkPeriod]] = {}
    for each in periods:
        groups.setdefault(0 if field.settings["exclusive"] else each.id, []).append(each)
    for group in groups.values():
        for earlier, later in pairwise(group):
            if earlier.overlaps(later):
                raise ValueRefused("overlap", overlap_in_words(earlier, later))
    return tuple(periods) or None


def overlap_in_words(earlier: LinkPeriod, later: LinkPeriod) -> str:
    message = _("Two periods overlap: “%(earlier)s” and “%(later)s”. End one before the other begins.")
    return message % {"earlier": str(earlier) or _("always"), "later": str(later) or _("always")}


def close_open_ends(found: Sequence[LinkPeriod]) -> list[LinkPeriod]:
    """The periods in order, an open one ended on the day before the next one begins."""
    periods = sorted(found, key=lambda each: each.sort_key)
    closed = []
    for each, following in zip(periods, [*periods[1:], None], strict=True):
        begins = following.since if following else None
        is_open = each.until is None and begins is not None and begins > (each.since or date.min)
        closed.append(
            LinkPeriod(each.id, each.since, begins - timedelta(days=1)) if is_open and begins else each
        )
    return closed


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""
