"""When a task is due that follows a date of its record: pure functions over fields, dates and calendars."""

from datetime import date, datetime, time
from typing import Final

from django.utils.translation import gettext as _

from trassa.kernel import company_zone
from trassa.people.types import Duration, NoWorkingTime, WorkingCalendar, add_duration
from trassa.schema.types import FieldSpec, TypeSpec

DATES: Final = ("date", "datetime")
#: When a day is over, as people read it.
LAST_MINUTE = time(23, 59)


def can_follow(field: FieldSpec) -> bool:
    """Whether tasks may be due by a field: a date that is filled in, and that everybody sees."""
    return field.kind in DATES and field.formula is None and not field.restricted


def code_of(spec: TypeSpec | None, field_id: int | None) -> str:
    """The code of a field that a task follows; "" for one that is not there any more."""
    field = spec.by_id.get(field_id or 0) if spec else None
    return field.code if field else ""


def moment_from(value: date | datetime | None, offset: str, calendar: WorkingCalendar) -> datetime | None:
    """The moment that lies so far from a date; None without a date, and without working time to count.

    A day lasts until its end, and what lies before it is counted from its beginning.
    """
    if value is None:
        return None
    distance = Duration.parse(offset) if offset else Duration(0, "minute")
    try:
        return add_duration(calendar, edge_of(value, distance), distance)
    except NoWorkingTime:
        return None


def edge_of(value: date | datetime, distance: Duration) -> datetime:
    """From when the distance counts."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time() if distance.amount < 0 else LAST_MINUTE, company_zone())


def follows_in_words(field: FieldSpec, offset: str) -> str:
    """“1 рабочий день до «Показ»”."""
    name = _("“%s”") % field.label
    distance = Duration.parse(offset) if offset else Duration(0, "minute")
    if distance.amount == 0:
        return _("by %(field)s") % {"field": name}
    if distance.amount < 0:
        return _("%(time)s before %(field)s") % {"time": (-distance).words, "field": name}
    return _("%(time)s after %(field)s") % {"time": distance.words, "field": name}
