"""What waits for somebody: their own tasks, and those whose seats wait for them, soonest first.

Each seat (person, role, department) is read on its own from an index in the order of due moments, and only as
far as a page needs; so it does not matter how many tasks there are. Counting stops at COUNT_LIMIT.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from trassa.access.queries import Actor
from trassa.kernel import company_zone, now, today
from trassa.work.queries.parts import holders_of
from trassa.work.queries.scoping import record_condition
from trassa.work.queries.tasks import in_order
from trassa.work.types import InboxCounts, InboxQuery, TaskLine

#: Counts beyond are “999+”.
COUNT_LIMIT = 999

_OWN = """
    SELECT t.id, t.kind, t.due_at FROM work_task t
    WHERE t.owner_id = %s AND t.state = 'open' AND {condition} ORDER BY t.due_at, t.id LIMIT %s
"""
_SEATED = """
    SELECT t.id, t.kind, t.due_at FROM unnest(%s::text[]) AS mine(holder) CROSS JOIN LATERAL (
      SELECT t.id, t.kind, t.due_at FROM work_seat s JOIN work_task t ON t.id = s.task_id
      WHERE s.holder = mine.holder AND s.waits AND {condition} ORDER BY s.due_at, s.task_id LIMIT %s
    ) AS t
"""


def list_inbox(actor: Actor, query: InboxQuery, *, principal: Actor | None = None) -> list[TaskLine]:
    """The tasks that wait for a person by their due moments; those without one come last.

    With `principal` those of somebody for whom the person stands in, as far as both see the records.
    """
    text, parameters = waiting(actor, query, query.limit, principal)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({text}) AS found ORDER BY due_at, id LIMIT %s", [*parameters, query.limit]
        )
        return in_order([id for (id,) in cursor.fetchall()])


def count_inbox(
    actor: Actor, query: InboxQuery | None = None, *, principal: Actor | None = None
) -> InboxCounts:
    """How much waits for a person, by kind and urgency."""
    text, parameters = waiting(actor, query or InboxQuery(), COUNT_LIMIT + 1, principal)
    moment, tomorrow = now(), begin_of_tomorrow()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*), count(*) FILTER (WHERE due_at < %s),"
            " count(*) FILTER (WHERE due_at >= %s AND due_at < %s)"
            f" FROM (SELECT * FROM ({text}) AS found LIMIT %s) AS counted GROUP BY kind",
            [moment, moment, tomorrow, *parameters, COUNT_LIMIT + 1],
        )
        rows = cursor.fetchall()
    total = sum(row[1] for row in rows)
    return InboxCounts(
        total=min(total, COUNT_LIMIT),
        overdue=sum(row[2] for row in rows),
        today=sum(row[3] for row in rows),
        kinds={kind: count for kind, count, _overdue, _today in rows},
        late_kinds={kind: overdue for kind, _count, overdue, _today in rows if overdue},
        more=total > COUNT_LIMIT,
    )


def waiting(
    actor: Actor, query: InboxQuery, limit: int, principal: Actor | None = None
) -> tuple[str, list[Any]]:
    """A statement for id, kind and due moment of what waits for somebody, at most so many from each seat."""
    whose = principal or actor
    condition, values = narrowed(query)
    scope, rights = record_condition(actor)
    parts = [condition, scope]
    values += rights
    if principal is not None:
        scope, rights = record_condition(principal)
        parts.append(scope)
        values += rights
    condition = " AND ".join(parts)
    text = f"({_OWN.format(condition=condition)}) UNION ({_SEATED.format(condition=condition)})"
    # Who stands in takes what is the other's own and not what others may take as well.
    holders = holders_of(whose) if principal is None else [f"p{whose.id}"]
    return text, [whose.id, *values, limit, holders, *values, limit]


def narrowed(query: InboxQuery) -> tuple[str, list[Any]]:
    """The conditions of a query on rows of work_task, named t."""
    parts: list[str] = []
    values: list[Any] = []
    if not query.snoozed:
        parts.append("(t.snoozed_until IS NULL OR t.snoozed_until <= %s)")
        values.append(now())
    if query.kinds:
        parts.append("t.kind = ANY(%s)")
        values.append(list(query.kinds))
    if query.words:
        for word in query.words.split():
            parts.append("t.title ILIKE %s")
            values.append("%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    if query.when == "overdue":
        parts.append("t.due_at < %s")
        values.append(now())
    elif query.when == "today":
        parts.append("t.due_at >= %s AND t.due_at < %s")
        values += [now(), begin_of_tomorrow()]
    elif query.when == "later":
        parts.append("(t.due_at >= %s OR t.due_at IS NULL)")
        values.append(begin_of_tomorrow())
    if query.after is not None:
        due_at, id = query.after
        if due_at is None:
            parts.append("(t.due_at IS NULL AND t.id > %s)")
            values.append(id)
        else:
            parts.append("(t.due_at > %s OR (t.due_at = %s AND t.id > %s) OR t.due_at IS NULL)")
            values += [due_at, due_at, id]
    return " AND ".join(parts) or "true", values


def begin_of_tomorrow() -> datetime:
    """Midnight to come, in the company's zone."""
    return datetime.combine(today() + timedelta(days=1), time(), company_zone())
