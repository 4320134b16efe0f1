"""Somebody's days as other programs read them (RFC 5545): tasks at their moments, and days away."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from trassa.access.queries import Actor
from trassa.kernel import now
from trassa.ui import address_of
from trassa.work.calendar_types import Away, CalendarTask, Entry
from trassa.work.queries.calendars import ALL_STATES, list_away, list_entries
from trassa.work.queries.times import ONE_DAY
from trassa.work.screens.tasks import kind_label

#: What lies between is told.
BEFORE, AHEAD = timedelta(days=60), timedelta(days=365)
MOST = 5000
#: How often programs are asked to come again.
AGAIN = timedelta(minutes=15)


def feed_of(actor: Actor, namespace: UUID, site: str) -> bytes:
    """The calendar of a person, with words only of what they see now; `site` begins the addresses of tasks.

    The same until something in it changes: nothing in it depends on the moment at which it is read.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Trassa//Calendar//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", f"{_('Trassa')}: {actor.name}")
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(AGAIN))
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = today - BEFORE, today + AHEAD
    ids = [actor.id] if actor.id is not None else []
    found = list_entries(actor, ids, since, until, states=ALL_STATES, limit=MOST)
    for event in events_of(found.items, namespace, site):
        calendar.add_component(event)
    for away in list_away(actor, ids, since, until):
        calendar.add_component(away_event(away, namespace))
    return bytes(calendar.to_ical())


def events_of(entries: Iterable[Entry], namespace: UUID, site: str) -> list[Event]:
    events = [
        task_event(entry, entry.task, namespace, site) if entry.task else busy_event(entry, namespace)
        for entry in entries
    ]
    # Time that is taken twice is taken: an identifier stands once in a calendar.
    return list({str(event["uid"]): event for event in events}.values())


def task_event(entry: Entry, task: CalendarTask, namespace: UUID, site: str) -> Event:
    """A task that the person sees."""
    url = f"{site}{address_of('work:task', task.id)}"
    is_meeting = task.kind == "meeting"
    title = task.title if is_meeting else f"{kind_label(task.kind)}: {task.title}"
    text = "\n".join(each for each in (task.record_title, task.text, url) if each)
    states = {"cancelled": "CANCELLED"}
    return made(
        {
            "uid": uid_of(task.id, namespace),
            "dtstamp": task.updated_at.astimezone(UTC),
            "created": task.created_at.astimezone(UTC),
            "last-modified": task.updated_at.astimezone(UTC),
            "sequence": task.version - 1,
            "dtstart": entry.start.astimezone(UTC),
            "dtend": entry.end.astimezone(UTC),
            "summary": title,
            "description": text,
            "url": url,
            "status": states.get(task.state, "CONFIRMED"),
            "transp": "OPAQUE" if entry.is_busy else "TRANSPARENT",
            "categories": [kind_label(task.kind)],
        }
    )


def busy_event(entry: Entry, namespace: UUID) -> Event:
    """Time that is taken by what the person does not see any more."""
    start = entry.start.astimezone(UTC)
    return made(
        {
            "uid": f"busy-{start:%Y%m%dT%H%M%S}-{entry.end.astimezone(UTC):%H%M}-{namespace}@trassa",
            "dtstamp": start,
            "dtstart": start,
            "dtend": entry.end.astimezone(UTC),
            "summary": _("Busy"),
            "status": "CONFIRMED",
            "transp": "OPAQUE",
        }
    )


def away_event(away: Away, namespace: UUID) -> Event:
    """Days away, whole ones; the day behind the last ends them."""
    return made(
        {
            "uid": f"away-{away.id}-{namespace}@trassa",
            "dtstamp": datetime(away.since.year, away.since.month, away.since.day, tzinfo=UTC),
            "dtstart": away.since,
            "dtend": away.until + ONE_DAY,
            "summary": away.label or _("away"),
            "status": "CONFIRMED",
            "transp": "OPAQUE",
        }
    )


def made(values: dict[str, Any]) -> Event:
    event = Event()
    for name, value in values.items():
        event.add(name, value)
    return event


def uid_of(task_id: int, namespace: UUID) -> str:
    """The identifier of a task in a feed: the same as long as both exist."""
    return f"task-{task_id}-{namespace}@trassa"
