"""The inbox of somebody with very many tasks, among those of everybody else."""

import time

from django.db import connection

from bench.figures import Figure, figure_of, repeat
from trassa.access.queries import actor_of
from trassa.kernel import now
from trassa.people.queries import find_person_by_login
from trassa.schema.queries import current_generation
from trassa.work.actions import create_task
from trassa.work.models import Task
from trassa.work.queries import count_inbox, list_inbox
from trassa.work.types import InboxQuery, TaskDraft

#: Open tasks of the reader: their own about deals that they see, and some that they may take.
OWN, FREE = 2_000, 500

#: Columns beside these are those of a task that somebody gave.
_VARIED = {
    "kind": "(ARRAY['todo', 'call', 'meeting', 'approval'])[1 + n %% 4]",
    "title": "'Дело ' || n",
    "record_id": "{record}",
    "type_id": "{type}",
    "owner_id": "{owner}",
    "due_at": "%(now)s + (n %% 1000 - 300) * interval '1 hour'",
    "state": "{state}",
    "done_at": "{done}",
}
_KEPT = [field.column for field in Task._meta.concrete_fields if field.column not in {"id", *_VARIED}]
_TASKS = f"""
    INSERT INTO work_task ({", ".join([*_VARIED, *_KEPT])})
    SELECT {", ".join(_VARIED.values())}, {", ".join(f"given.{column}" for column in _KEPT)}
    FROM generate_series(1, %(count)s) AS n, work_task AS given WHERE given.id = %(given)s
"""
_SEATS = """
    INSERT INTO work_seat (task_id, part, role_id, holder, waits, due_at)
    SELECT id, 'candidate', %(role)s, 'r' || %(role)s, true, due_at FROM work_task
    WHERE owner_id IS NULL AND state = 'open'
"""


def fill_tasks(login: str, count: int) -> None:
    """So many tasks, most of them ended and of others; the reader has OWN open ones and may take FREE."""
    reader = find_person_by_login(login)
    assert reader is not None
    deal = current_generation().types["deal"]
    role = next(iter(actor_of(reader).role_ids))
    given = create_task(TaskDraft("Дело", owner_id=reader.id), actor=actor_of(reader)).id
    values = {"now": now(), "reader": reader.id, "type": deal.id, "role": role, "given": given}
    own_deals = f"SELECT id FROM {deal.table} WHERE owner_id = %(reader)s LIMIT 500"
    record = f"(ARRAY({own_deals}))[1 + n %% (SELECT count(*) FROM ({own_deals}) AS d)]"
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_person WHERE id <> %s ORDER BY id LIMIT 1", [reader.id])
        others = {"record": "NULL", "type": "NULL", "owner": str(cursor.fetchone()[0])}
        about = {"record": record, "type": "%(type)s", "owner": "%(reader)s"}
        ended = {"state": "'done'", "done": "%(now)s"}
        opened = {"state": "'open'", "done": "NULL"}
        cursor.execute(_TASKS.format(**about, **opened), {**values, "count": OWN})
        free = {"record": "NULL", "type": "NULL", "owner": "NULL"}
        cursor.execute(_TASKS.format(**free, **opened), {**values, "count": FREE})
        cursor.execute(_TASKS.format(**others, **opened), {**values, "count": count // 10})
        rest = max(0, count - OWN - FREE - count // 10)
        cursor.execute(_TASKS.format(**others, **ended), {**values, "count": rest})
        cursor.execute(_SEATS, values)
        cursor.execute("ANALYZE work_task; ANALYZE work_seat")


def measure_inbox(login: str, times: int) -> dict[str, Figure]:
    """The first page of the inbox, and its counters."""
    reader = find_person_by_login(login)
    assert reader is not None
    actor = actor_of(reader)

    def listed() -> float:
        start = time.perf_counter()
        found = list_inbox(actor, InboxQuery(limit=60))
        assert len(found) == 60, f"{len(found)} tasks are listed"
        return (time.perf_counter() - start) * 1000

    def counted() -> float:
        start = time.perf_counter()
        count_inbox(actor)
        return (time.perf_counter() - start) * 1000

    note = f"{OWN} open tasks of one's own and {FREE} for whoever takes them"
    return {
        "inbox": figure_of(repeat(times, listed), note=note),
        "inbox_counts": figure_of(repeat(times, counted), note=note),
    }
