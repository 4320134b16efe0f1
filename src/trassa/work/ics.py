"""Reading calendars of other programs (RFC 5545) into plain events; what is refused says why.

A file may come from anywhere: sizes, counts and rules of repetition are bounded before anything is expanded.
Nothing here reads the database.
"""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, vDuration

from trassa.kernel import Invalid

MOST_BYTES = 2 * 1024 * 1024
#: Most events of a file, and most of them that repeat.
MOST_EVENTS, MOST_SERIES = 3000, 300
#: Most that one file may put into a calendar.
MOST_RESULTS = 500
#: Seconds that expanding may take; what is left then is refused.
BUDGET = 8.0
_MOST_MINUTES = 120_000
_YEARS = range(1970, 2200)
_TOO_OFTEN = frozenset(("SECONDLY", "MINUTELY", "HOURLY"))
_OURS = re.compile(r"(task|away|busy)-.*@trassa")


@dataclass(frozen=True, slots=True)
class IcsEvent:
    """One event at one time. `recurrence` names it among those of its identifier, "" for the only one."""

    uid: str
    recurrence: str
    title: str
    text: str
    start: datetime
    minutes: int | None
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """What is not taken over, and why."""

    title: str
    why: str


@dataclass(slots=True)
class IcsFile:
    """What a file holds between two moments."""

    events: list[IcsEvent] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    #: How many lie outside of the time that is asked for.
    elsewhere: int = 0


def read_ics(content: bytes, since: datetime, until: datetime, zone: ZoneInfo) -> IcsFile:
    """The events between two moments, repeated ones each time; times without a zone are those of `zone`.

    Raises Invalid for what is no calendar, and for too large ones.
    """
    calendars = parse(content)
    events = [each for calendar in calendars for each in calendar.walk("VEVENT")]
    if len(events) > MOST_EVENTS:
        raise Invalid(_("The file holds more than %s events. Export a shorter time.") % MOST_EVENTS)
    found = IcsFile()
    zones = [each for calendar in calendars for each in calendar.walk("VTIMEZONE")]
    began = time.monotonic()
    series_left = MOST_SERIES
    for uid, group in by_uid(events, found).items():
        repeats = any(each.get(name) for each in group for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
        if not repeats:
            add(found, [newest(group)], uid, (since, until), zone, repeats=False)
            continue
        series_left -= 1
        why = wrong_with(group)
        if series_left < 0 or time.monotonic() - began > BUDGET:
            why = _("The file repeats too much. Export a shorter time.")
        if why:
            found.refused.append(Refused(title_of(group[0]), why))
            continue
        occurrences = expand(group, zones, since, until)
        if occurrences is None:
            found.refused.append(Refused(title_of(group[0]), _("How it repeats cannot be read.")))
        else:
            add(found, occurrences, uid, (since, until), zone, repeats=True)
    if len(found.events) > MOST_RESULTS:
        message = _("More than %s events lie between a month ago and a year ahead. Export a shorter time.")
        raise Invalid(message % MOST_RESULTS)
    return found


def parse(content: bytes) -> Sequence[Component]:
    """The calendars of a file; raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file is larger than 2 MB. Export a shorter time."))
    try:
        text = content.decode("utf-8-sig")
        found = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Invalid(_("This is no calendar. Choose a file that ends in .ics.")) from error
    calendars = [each for each in found if each.name == "VCALENDAR"]
    if not calendars:
        raise Invalid(_("This is no calendar. Choose a file that ends in .ics."))
    return calendars


def by_uid(events: Iterable[Component], found: IcsFile) -> dict[str, list[Component]]:
    """The events by their identifiers; those without one, and our own, are refused."""
    groups: dict[str, list[Component]] = {}
    for event in events:
        uid = str(event.get("UID", "")).strip()
        if not uid:
            found.refused.append(Refused(title_of(event), _("It has no identifier.")))
        elif _OURS.fullmatch(uid):
            found.refused.append(Refused(title_of(event), _("It comes from Trassa and is here already.")))
        else:
            groups.setdefault(uid, []).append(event)
    return groups


def newest(group: Sequence[Component]) -> Component:
    """The last edition of an event."""

    def edition(event: Component) -> int:
        raw = str(event.get("SEQUENCE", 0))
        return int(raw) if raw.isdigit() else 0

    return max(group, key=edition)


def wrong_with(group: Sequence[Component]) -> str:
    """Why a repetition is not expanded, "" when it is."""
    for event in group:
        rules = event.get("RRULE") or []
        for rule in rules if isinstance(rules, list) else [rules]:
            if not isinstance(rule, dict):
                return _("How it repeats cannot be read.")
            often = {str(each).upper() for each in rule.get("FREQ", [])} & _TOO_OFTEN
            clock = [rule.get(name) or [] for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
            if often or any(len(each) > 1 for each in clock):
                return _("It repeats more often than daily.")
            if any(not str(each).isdigit() or int(each) < 1 for each in rule.get("INTERVAL", [])):
                return _("How it repeats cannot be read.")
        start = moment_of(event, "DTSTART")
        if start is not None and start.year not in _YEARS:
            return _("Its time cannot be read.")
    return ""


def expand(
    group: Sequence[Component], zones: Sequence[Component], since: datetime, until: datetime
) -> list[Component] | None:
    """Each time between two moments; None when the rule cannot be followed."""
    calendar = Calendar()
    for each in (*zones, *(bounded(event, until) for event in group)):
        calendar.add_component(each)
    try:
        return list(recurring_ical_events.of(calendar).between(since, until))
    except Exception:
        return None


def bounded(event: Component, until: datetime) -> Component:
    """The event whose rule ends with the time that is asked for: so it is never followed for ever."""
    rule, start = event.get("RRULE"), moment_of(event, "DTSTART")
    if not rule or isinstance(rule, list) or not isinstance(start, datetime):
        return event
    last = until if start.tzinfo else until.replace(tzinfo=None)
    known = rule.get("UNTIL")
    ends = known[0] if known else None
    if ends is None or _as_moment(ends) > _as_moment(until):
        rule["UNTIL"] = [last.astimezone(UTC) if last.tzinfo else last]
    return event


def _as_moment(value: date | datetime) -> datetime:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def add(
    found: IcsFile,
    components: Iterable[Component],
    uid: str,
    period: tuple[datetime, datetime],
    zone: ZoneInfo,
    *,
    repeats: bool,
) -> None:
    """Put occurrences among the events, or say why not."""
    is_told = False
    for component in components:
        event = event_of(component, uid, zone, repeats=repeats)
        if isinstance(event, Refused):
            # Once for all times of a repeated one.
            if not is_told:
                found.refused.append(event)
            is_told = True
        elif period[0] <= event.start < period[1]:
            found.events.append(event)
        else:
            found.elsewhere += 1


def event_of(component: Component, uid: str, zone: ZoneInfo, *, repeats: bool) -> IcsEvent | Refused:
    """One event in our words."""
    title = title_of(component)
    start = moment_of(component, "DTSTART")
    if start is None or start.year not in _YEARS:
        return Refused(title, _("Its time cannot be read."))
    if not isinstance(start, datetime):
        return Refused(title, _("It lasts whole days: only meetings with a time are taken over."))
    begin = in_utc(start, zone)
    minutes = minutes_of(component, begin, zone)
    if minutes is not None and minutes > _MOST_MINUTES:
        return Refused(title, _("It is too long for a meeting."))
    nth = moment_of(component, "RECURRENCE-ID") if repeats else None
    return IcsEvent(
        uid=uid,
        recurrence=in_utc(nth, zone).isoformat() if isinstance(nth, datetime) else str(nth or ""),
        title=title,
        text=text_of(component),
        start=begin,
        minutes=minutes,
        is_cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def moment_of(component: Component, name: str) -> date | datetime | None:
    """A date or a moment, None for what is neither."""
    value: Any = component.get(name)
    try:
        found = value.dt
    except (AttributeError, ValueError):
        # Absent, a list, or what the library calls broken.
        return None
    return found if isinstance(found, date) else None


def in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def minutes_of(component: Component, begin: datetime, zone: ZoneInfo) -> int | None:
    """How long it lasts; None when it does not say."""
    end = moment_of(component, "DTEND")
    raw: Any = component.get("DURATION")
    length: Any = None
    if isinstance(end, datetime):
        length = in_utc(end, zone) - begin
    elif isinstance(raw, vDuration):
        length = raw.dt
    if not isinstance(length, timedelta) or length <= timedelta():
        return None
    return max(1, round(length.total_seconds() / 60))


def title_of(component: Component) -> str:
    return " ".join(str(component.get("SUMMARY", "")).split())[:500] or _("Without a title")


def text_of(component: Component) -> str:
    """Place, description and address, below one another."""
    parts = [str(component.get(name, "")).strip() for name in ("LOCATION", "DESCRIPTION", "URL")]
    return "\n".join(part for part in parts if part)[:10_000]
