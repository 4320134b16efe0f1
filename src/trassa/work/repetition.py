"""When a task comes again: a rule as RFC 5545 writes it (RRULE), read by the clock of the company.

By the calendar the next moment follows the last one; counted from the end, the end of the last.
What falls on a day off stays, is left out, or comes on the next working day, by the owner's calendar. See
docs/decisions/0040-repetition.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dateutil.rrule import rrule, rrulestr
from django.utils.dateformat import format as format_date
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from trassa.kernel import company_zone
from trassa.people.types import WorkingCalendar
from trassa.ui import date_short

#: What happens with moments on days off.
KEEP, SKIP, NEXT = "keep", "skip", "next"
DAYS_OFF: Final = (KEEP, SKIP, NEXT)
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Days of the week as they stand behind “on”.
_ON: Final = {
    "MO": pgettext_lazy("on", "Monday"),
    "TU": pgettext_lazy("on", "Tuesday"),
    "WE": pgettext_lazy("on", "Wednesday"),
    "TH": pgettext_lazy("on", "Thursday"),
    "FR": pgettext_lazy("on", "Friday"),
    "SA": pgettext_lazy("on", "Saturday"),
    "SU": pgettext_lazy("on", "Sunday"),
}
#: Largest interval, and most tasks of a series that says how many.
MOST = 999
#: Moments in a row that may fall on days off before a series counts as over.
PATIENCE = 400
#: From when on rules are tried.
EARLY = datetime(2024, 1, 1)

_NUMBER = r"[1-9]\d{0,2}"
_DAY = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_SIGNED = r"-?(?:[1-9]|[12]\d|3[01])"
_PARTS: Mapping[str, str] = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": _NUMBER,
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
    "BYMONTHDAY": rf"{_SIGNED}(?:,{_SIGNED})*",
    "BYDAY": rf"{_DAY}(?:,{_DAY})*",
    "BYSETPOS": rf"{_SIGNED}(?:,{_SIGNED})*",
    "WKST": "MO|SU",
    "COUNT": _NUMBER,
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
}


class NotARule(ValueError):
    """A text that is no rule, with what is wrong for people."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How a task comes again. `rule` is an RRULE in capitals, its parts in a fixed order."""

    rule: str
    #: Counted from when the last one ended.
    after_end: bool = False
    days_off: str = KEEP

    @property
    def parts(self) -> dict[str, str]:
        return dict(part.split("=", 1) for part in self.rule.split(";"))

    @property
    def count(self) -> int | None:
        """How many tasks the series has; None for one without end."""
        found = self.parts.get("COUNT")
        return int(found) if found else None

    @property
    def until(self) -> date | None:
        """The last day on which one may be due."""
        found = self.parts.get("UNTIL")
        return date(int(found[:4]), int(found[4:6]), int(found[6:8])) if found else None


def read_repetition(rule: str, *, after_end: bool = False, days_off: str = KEEP) -> Repetition:
    """The repetition that a rule describes; raises NotARule for one that is not understood or never comes."""
    given: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name in given or name not in _PARTS or not re.fullmatch(_PARTS[name], value):
            raise NotARule(_("“%s” is not understood in a repetition.") % part[:80])
        given[name] = value
    if "FREQ" not in given or days_off not in DAYS_OFF:
        raise NotARule(_("Say how often it repeats: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."))
    if "COUNT" in given and "UNTIL" in given:
        raise NotARule(_("Say how many times or until when, not both."))
    by_weeks = given["FREQ"] in ("DAILY", "WEEKLY")
    if by_weeks and (re.search(r"\d", given.get("BYDAY", "")) or "BYMONTHDAY" in given):
        raise NotARule(_("Days of the month go with FREQ=MONTHLY or YEARLY."))
    if after_end and given.keys() - {"FREQ", "INTERVAL", "COUNT", "UNTIL"}:
        raise NotARule(_("Counted from completion, only FREQ and INTERVAL make sense."))
    found = Repetition(
        ";".join(f"{name}={given[name]}" for name in _PARTS if name in given), after_end, days_off
    )
    try:
        comes = _opened(found, EARLY).after(EARLY) is not None and found.until != EARLY.date()
    except ValueError:
        raise NotARule(_("“%s” is not understood in a repetition.") % rule[:80]) from None
    if not comes:
        raise NotARule(_("Such a day never comes."))
    return found


def next_moment(
    repetition: Repetition, starts_at: datetime, after: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """When the next task is due behind a moment; None when the series is over.

    `starts_at` is when the first one was due; the time of its clock stays, whatever summer time does.
    """
    zone = company_zone()
    start = starts_at.astimezone(zone).replace(tzinfo=None)
    behind = after.astimezone(zone).replace(tzinfo=None)
    if repetition.after_end:
        start = behind = datetime.combine(behind.date(), start.time())
    until = repetition.until
    for _try, moment in zip(range(PATIENCE), _moments(repetition, start, behind), strict=False):
        found = _on_working_day(moment, repetition.days_off, calendar)
        if until and moment.date() > until:
            return None
        if found is not None and found > behind:
            return found.replace(tzinfo=zone).astimezone(UTC)
    return None


def _moments(repetition: Repetition, start: datetime, behind: datetime) -> Iterator[datetime]:
    """The moments behind `behind` by the rule, of a clock without zone."""
    opened = _opened(repetition, start)
    moment = opened.after(behind)
    while moment is not None:
        yield moment
        moment = opened.after(moment)


def _opened(repetition: Repetition, start: datetime) -> rrule:
    endless = ";".join(
        f"{name}={value}" for name, value in repetition.parts.items() if name not in ("COUNT", "UNTIL")
    )
    found = rrulestr(endless, dtstart=start)
    assert isinstance(found, rrule)
    return found


def _on_working_day(moment: datetime, days_off: str, calendar: WorkingCalendar) -> datetime | None:
    """The moment as the calendar lets it be; None when it is left out."""
    if days_off == KEEP or calendar.hours(moment.date()):
        return moment
    if days_off == SKIP:
        return None
    for days in range(1, PATIENCE):
        later = moment + timedelta(days=days)
        if calendar.hours(later.date()):
            return later
    return None


def in_words(repetition: Repetition) -> str:
    """“every week on Monday and Thursday”, in the reader's language."""
    parts = repetition.parts
    said = _how_often(parts["FREQ"], int(parts.get("INTERVAL", "1")), repetition.days_off)
    on = _on_which_days(parts)
    if on is None:
        return repetition.rule
    said = f"{said} {on}".strip()
    if repetition.after_end:
        said = _("%(often)s after completion") % {"often": said}
    if repetition.days_off == NEXT:
        said = _("%(often)s; from a day off to the next working day") % {"often": said}
    elif repetition.days_off == SKIP and parts["FREQ"] != "DAILY":
        said = _("%(often)s, only on working days") % {"often": said}
    if repetition.count:
        times = ngettext("%(count)s time", "%(count)s times", repetition.count) % {"count": repetition.count}
        said = f"{said}, {times}"
    if repetition.until:
        said = _("%(often)s until %(day)s") % {"often": said, "day": date_short(repetition.until)}
    return said


def _how_often(frequency: str, count: int, days_off: str) -> str:
    if frequency == "DAILY" and days_off == SKIP and count == 1:
        return _("every working day")
    if count == 1:
        return {
            "DAILY": _("every day"),
            "WEEKLY": _("every week"),
            "MONTHLY": _("every month"),
            "YEARLY": _("every year"),
        }[frequency]
    told = {
        "DAILY": ngettext("every %(count)s day", "every %(count)s days", count),
        "WEEKLY": ngettext("every %(count)s week", "every %(count)s weeks", count),
        "MONTHLY": ngettext("every %(count)s month", "every %(count)s months", count),
        "YEARLY": ngettext("every %(count)s year", "every %(count)s years", count),
    }[frequency]
    return told % {"count": count}


def _on_which_days(parts: Mapping[str, str]) -> str | None:
    """“on Monday and Thursday”, “on the 15th”; None for what only the rule says well."""
    if "BYSETPOS" in parts or "BYMONTH" in parts or re.search(r"\d", parts.get("BYDAY", "")):
        return None
    if "BYDAY" in parts:
        return _on_weekdays(parts["BYDAY"].split(","))
    if parts.get("BYMONTHDAY") == "-1":
        return _("on the last day")
    if "BYMONTHDAY" in parts:
        if "-" in parts["BYMONTHDAY"]:
            return None
        written = pgettext("day of the month", "jS")
        days = [format_date(date(2024, 1, int(day)), written) for day in parts["BYMONTHDAY"].split(",")]
        return pgettext("days of the month", "on the %(days)s") % {"days": _listed(days)}
    return ""


def _on_weekdays(days: Sequence[str]) -> str:
    if {*days} == {*WEEKDAYS[:5]}:
        return _("on weekdays")
    return pgettext("days of the week", "on %(days)s") % {"days": _listed([_ON[day] for day in days])}


def _listed(words: Sequence[object]) -> str:
    """“Monday, Thursday and Friday”."""
    return str(get_text_list([str(each) for each in words], _("and")))
