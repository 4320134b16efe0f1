"""When people have time: their working hours, days away, and what is taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from trassa.access.queries import Actor
from trassa.people.queries import open_calendars
from trassa.people.types import WorkingCalendar
from trassa.work.calendar_types import Away, Entry, Span, Times
from trassa.work.free_time import joined
from trassa.work.queries.calendars import list_away, list_entries

ONE_DAY = timedelta(days=1)


def times_of(
    actor: Actor, person_ids: Sequence[int], since: datetime, until: datetime, *, but: int | None = None
) -> Times:
    """When these people have time between two moments; as if the task `but` were not there.

    A few statements, however many people.
    """
    found = list_entries(actor, person_ids, since, until, states=("open",))
    entries = [each for each in found.items if but is None or each.task is None or each.task.id != but]
    away = by_person(list_away(actor, person_ids, since, until))
    return Times(
        busy=busy_of(entries, person_ids),
        work=working_spans(actor, person_ids, since, until, away),
        away=away,
    )


def by_person(away: Iterable[Away]) -> dict[int, list[Away]]:
    """Days away by who is."""
    found: dict[int, list[Away]] = {}
    for each in away:
        found.setdefault(each.person_id, []).append(each)
    return found


def busy_of(entries: Iterable[Entry], person_ids: Sequence[int]) -> dict[int, list[Span]]:
    """The taken time of each person."""
    found: dict[int, list[Span]] = {id: [] for id in person_ids}
    for entry in entries:
        for id in entry.person_ids:
            if entry.is_busy and id in found:
                found[id].append((entry.start, entry.end))
    return {id: joined(spans) for id, spans in found.items()}


def working_spans(
    actor: Actor,
    person_ids: Iterable[int],
    since: datetime,
    until: datetime,
    away: Mapping[int, Sequence[Away]],
) -> dict[int, list[Span]]:
    """When each of them works between two moments; nobody works on days away."""
    book = open_calendars(actor.rights_revision)
    return {id: _work(book.of(id), since, until, away.get(id, ())) for id in person_ids}


def _work(calendar: WorkingCalendar, since: datetime, until: datetime, away: Sequence[Away]) -> list[Span]:
    day, last = calendar.day_of(since) - ONE_DAY, calendar.day_of(until)
    found: list[Span] = []
    while day <= last:
        if not any(each.since <= day <= each.until for each in away):
            found += [
                (max(start, since), min(end, until))
                for start, end in calendar.spans(day)
                if start < until and since < end
            ]
        day += ONE_DAY
    return found
