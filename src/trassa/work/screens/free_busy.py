"""Beside the time of a meeting: who has time then, who has not, and when all have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import company_zone, now
from trassa.people.queries import names_of
from trassa.ui import date_short
from trassa.work.calendar_types import Span, Times
from trassa.work.free_time import covers, next_free, overlapping
from trassa.work.queries.calendars import MEETING, length_of, working_here
from trassa.work.queries.resources import list_meetings_about
from trassa.work.queries.times import ONE_DAY, times_of
from trassa.work.screens.forms import TaskForm, read_due, write_due

#: How far ahead a common time is looked for.
AHEAD = timedelta(days=14)
#: Most people who are looked at.
MOST = 20


@dataclass(frozen=True, slots=True)
class PersonTime:
    """Whether somebody has time; `tone` is ok, warn or bad."""

    id: int
    name: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class FreeBusy:
    """What is said beside the time of a meeting."""

    people: Sequence[PersonTime]
    #: What else happens with the record then, "" for nothing.
    record: str
    #: The next time at which everybody is free, as the input has it and in words; "" for the chosen one.
    next_due: str
    next_words: str
    #: There is no common time for two weeks.
    is_hopeless: bool


def free_busy_of(
    actor: Actor, form: TaskForm, owner_id: int | None, *, but: int | None = None
) -> FreeBusy | None:
    """What is to be said about a form; None for what is no meeting or has no time yet.

    `but` is the task that is changed: it does not stand in its own way.
    """
    start = read_due(form.due)
    if form.kind != MEETING or start is None or not 1970 <= start.year <= 2200:
        return None
    minutes = int(form.estimate) if form.estimate.isdigit() and len(form.estimate) < 6 else None
    length = length_of(MEETING, minutes)
    ids = working_here(people_of(actor, form, owner_id))[:MOST]
    times = times_of(actor, ids, start - ONE_DAY, start + AHEAD, but=but)
    names = names_of(ids)
    people = [time_of(id, names[id], times, start, length) for id in ids]
    taken = taken_by(actor, form.record_id, (start, start + length), but)
    if all(each.tone == "ok" for each in people):
        return FreeBusy(people, taken, "", "", is_hopeless=False)
    found = next_free(times, ids, max(start, now()), length)
    words = date_short(found) if found else ""
    return FreeBusy(people, taken, write_due(found), words, is_hopeless=found is None)


def people_of(actor: Actor, form: TaskForm, owner_id: int | None) -> list[int]:
    """Whose time a meeting takes: who is named, else whoever gives it, and co-workers."""
    named = [int(each[1:]) for each in form.who if each[:1] == "p" and each[1:].isdigit()]
    own = [owner_id] if owner_id else [actor.id] if actor.id is not None and not form.who else []
    return [*(named or own), *form.co_workers]


def time_of(id: int, name: str, times: Times, start: datetime, length: timedelta) -> PersonTime:
    """Whether somebody has time, in words."""
    end = start + length
    zone = company_zone()
    for away in times.away.get(id, ()):
        if away.since <= start.astimezone(zone).date() <= away.until:
            return PersonTime(id, name, away.label or _("away"), "bad")
    busy = overlapping(times.busy.get(id, ()), start, end)
    if busy:
        when = ", ".join(clock(each) for each in busy)
        return PersonTime(id, name, _("busy %(when)s") % {"when": when}, "bad")
    if not covers(times.work.get(id, ()), start, end):
        return PersonTime(id, name, _("outside working hours"), "warn")
    return PersonTime(id, name, _("free"), "ok")


def clock(span: Span) -> str:
    """ "12:00–13:00" by the company's clock."""
    zone = company_zone()
    return f"{span[0].astimezone(zone):%H:%M}–{span[1].astimezone(zone):%H:%M}"


def taken_by(actor: Actor, record_id: int | None, span: Span, but: int | None) -> str:
    """Meetings that take the same record, or what it occupies, at that time; "" for none."""
    if record_id is None:
        return ""
    found = list_meetings_about(actor, record_id, *span)
    others = {
        f"{clock((each.start, each.end))} {each.task.title if each.task else _('Busy')}"
        for each in found.items
        if each.start < span[1] and (each.task is None or each.task.id != but)
    }
    if not others:
        return ""
    shown = ", ".join(sorted(others))
    return _("There is another meeting about this then: %(what)s.") % {"what": shown}
