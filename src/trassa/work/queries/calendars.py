"""What stands in people's calendars: their tasks with a moment, as the reader may see them.

That somebody's time is taken is for all colleagues, as absences are; words only of what is there for the
reader. So many statements whoever is asked about.
See docs/decisions/0039-calendar.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.kernel import company_zone
from trassa.people.queries import departments_of, find_subordinates, list_absences
from trassa.work.calendar_types import (
    MOST_ENTRIES,
    REACH,
    USUAL_MARK,
    USUAL_MEETING,
    Away,
    CalendarTask,
    Entries,
    Entry,
)
from trassa.work.queries.parts import holders_of, principals_of
from trassa.work.queries.scoping import record_condition

MEETING = "meeting"
_WORDS = (
    "t.id, t.kind, t.title, t.text, t.record_id, t.type_id, a.title, t.owner_id, t.author_id, t.due_at,"
    " t.estimate_minutes, t.priority, t.state, t.version, t.created_at, t.updated_at"
)
_NAMES = [
    "id",
    "kind",
    "title",
    "text",
    "record_id",
    "type_id",
    "record_title",
    "owner_id",
    "author_id",
    "due_at",
    "estimate_minutes",
    "priority",
    "state",
    "version",
    "created_at",
    "updated_at",
    "seen",
    "seated",
    "people",
]
#: Tasks of people: what they own, and where they work along.
_OF_PEOPLE = """
    SELECT task, array_agg(DISTINCT person) AS people FROM (
      SELECT t.id AS task, t.owner_id AS person FROM work_task t
      WHERE t.owner_id = ANY(%s) AND t.due_at >= %s AND t.due_at < %s
      UNION ALL
      SELECT s.task_id, s.person_id FROM work_seat s
      WHERE s.holder = ANY(%s) AND s.part = 'co_worker' AND s.due_at >= %s AND s.due_at < %s
    ) AS each GROUP BY task
"""
_READ = f"""
    SELECT {_WORDS}, {{condition}} AS seen,
      t.record_id IS NULL AND EXISTS (
        SELECT FROM work_seat s WHERE s.task_id = t.id AND s.holder = ANY(%s)
      ) AS seated, found.people
    FROM ({{source}}) AS found JOIN work_task t ON t.id = found.task
    LEFT JOIN records_record a ON a.id = t.record_id
    WHERE t.state = ANY(%s) AND (t.record_id IS NULL OR a.deleted_at IS NULL)
    ORDER BY t.due_at, t.id LIMIT %s
"""
STANDING = ("open", "done")
#: What a feed tells as well: meetings that were called off.
ALL_STATES = (*STANDING, "cancelled")


@dataclass(frozen=True, slots=True)
class Sight:
    """Through whom somebody sees tasks without a record; read once for many tasks."""

    actor: Actor
    holders: Sequence[str]
    #: Whose owner they stand in for, or head.
    others: Collection[int]

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        if actor.id is None or actor.everything:
            return cls(actor, holders_of(actor), frozenset())
        others = {*principals_of(actor.id), *find_subordinates(actor.id)}
        return cls(actor, holders_of(actor), others)

    def answers_for(self, row: dict[str, Any]) -> bool:
        """Owner, author, substitute, head or administrator: whoever may change a task."""
        mine = self.actor.id is not None and self.actor.id in (row["owner_id"], row["author_id"])
        return self.actor.everything or mine or row["owner_id"] in self.others

    def is_there(self, row: dict[str, Any]) -> bool:
        """As `is_there` of queries.tasks, without asking anew for each."""
        if row["record_id"] is not None:
            return bool(row["seen"])
        return row["seated"] or self.answers_for(row)


def list_entries(
    actor: Actor,
    person_ids: Iterable[int],
    since: datetime,
    until: datetime,
    *,
    states: Sequence[str] = STANDING,
    limit: int = MOST_ENTRIES,
) -> Entries:
    """What stands in the calendars of these people between two moments, in its order.

    Of what the reader may not see only meetings are told, without words.
    """
    ids = sorted(set(person_ids))
    first = since - REACH
    holders = [f"p{id}" for id in ids]
    values = [ids, first, until, holders, first, until]
    sight = Sight.of(actor)
    rows = read_tasks_in(sight, _OF_PEOPLE, values, states, limit)
    return entries_in(sight, rows, since, limit)


def read_tasks_in(
    sight: Sight, source: str, values: Sequence[Any], states: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    """Tasks of a source of (task, people), with what the reader may know of them, one more than `limit`."""
    condition, rights = record_condition(sight.actor)
    parameters = [*rights, list(sight.holders), *values, list(states), limit + 1]
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(condition=condition, source=source), parameters)
        return [dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()]


def entries_in(sight: Sight, rows: Sequence[dict[str, Any]], since: datetime, limit: int) -> Entries:
    """What of these tasks stands in a calendar for the reader from a moment on."""
    found: list[Entry] = []
    for row in rows[:limit]:
        is_there = sight.is_there(row)
        end = row["due_at"] + length_of(row["kind"], row["estimate_minutes"])
        if end > since and (is_there or (row["kind"] == MEETING and row["state"] != "cancelled")):
            found.append(_entry(row, end, _task(sight, row) if is_there else None))
    return Entries(found, more=len(rows) > limit)


def length_of(kind: str, minutes: int | None) -> timedelta:
    """How long a task takes in a calendar."""
    if minutes:
        return timedelta(minutes=minutes)
    return USUAL_MEETING if kind == MEETING else USUAL_MARK


def _entry(row: dict[str, Any], end: datetime, task: CalendarTask | None) -> Entry:
    is_busy = row["kind"] == MEETING and row["state"] != "cancelled"
    return Entry(tuple(row["people"]), row["due_at"], end, is_busy, task)


def _task(sight: Sight, row: dict[str, Any]) -> CalendarTask:
    named = {name: row[name] for name in CalendarTask.__dataclass_fields__ if name in row}
    named["record_title"] = row["record_title"] or ""
    return CalendarTask(**named, can_change=row["state"] == "open" and sight.answers_for(row))


def list_away(actor: Actor, person_ids: Sequence[int], since: datetime, until: datetime) -> list[Away]:
    """When these people are away; the kind only for themselves, their heads and administrators."""
    ids = list(person_ids)
    zone = company_zone()
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    rows = list_absences(since=first, until=last, person_ids=ids) if ids else []
    if not rows:
        return []
    known = {actor.id} if actor.id is not None else set()
    if actor.id is not None and not actor.everything and {each.person_id for each in rows} - known:
        known |= find_subordinates(actor.id)
    is_known = [actor.everything or each.person_id in known for each in rows]
    return [
        Away(each.id, each.person_id, each.since, each.until, each.kind, str(each.get_kind_display()))
        if shown
        else Away(each.id, each.person_id, each.since, each.until)
        for each, shown in zip(rows, is_known, strict=True)
    ]


def working_here(person_ids: Iterable[int]) -> list[int]:
    """Those of the ids that are people who work here, in their order."""
    ids = list(dict.fromkeys(person_ids))
    known = departments_of(ids)
    return [id for id in ids if id in known]
