"""Dates of records that pauses and rules follow: which there are, and how people call them."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from trassa.kernel import company_zone
from trassa.people.types import Duration, NoWorkingTime, WorkingCalendar, add_duration
from trassa.schema.types import TypeSpec

#: Columns beside fields that a pause may follow.
MOMENTS = ("stage_entered_at", "stage_due_at", "created_at")
DATES = ("date", "datetime")
#: A date that was set when its moment lay no further back than this still counts: “today” is meant.
GRACE = timedelta(days=1)


def moment_of(value: date | datetime) -> datetime:
    """A moment as it is, a day as its beginning in the company's zone."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), company_zone()).astimezone(UTC)


def shifted(value: date | datetime, offset: Duration, calendar: WorkingCalendar | None) -> datetime | None:
    """The moment that lies so far from a date; None when there is no working time to count."""
    moment = moment_of(value)
    if calendar is None:
        return moment + offset.clock
    try:
        return add_duration(calendar, moment, offset)
    except NoWorkingTime:
        return None


def column_of(code: str, spec: TypeSpec) -> str:
    return code if code in MOMENTS else spec.by_code[code].column


def date_label(code: str, spec: TypeSpec) -> str:
    """A date as people name it."""
    known = {
        "stage_entered_at": _("On stage since"),
        "stage_due_at": _("Stage due"),
        "created_at": _("Created"),
    }
    return str(known.get(code) or (spec.by_code[code].label if code in spec.by_code else code))


def offset_in_words(time: str) -> str:
    """“за 2 часа до”, “через 3 дня после”, “в момент”."""
    duration = Duration.parse(time) if time else Duration(0, "minute")
    if duration.amount == 0:
        return ""
    if duration.amount < 0:
        return _("%s before") % (-duration).words
    return _("%s after") % duration.words
