"""Whatever kills the worker, every timer has its effect once."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from tests import killed

from trassa.automation.actions import fire_due, run_timers, set_timers
from trassa.automation.models import Timer
from trassa.automation.registries import timer_handlers
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import NewEntry, Stream, append, verify

pytestmark = pytest.mark.django_db(transaction=True)
KILLS, TIMERS = 50, 6_000
PAST = datetime(2026, 6, 1, tzinfo=UTC)


def leave_lines(timers: Sequence[DueTimer]) -> None:
    append(
        [NewEntry(Stream("timer", int(each.subject)), "served", {}) for each in timers],
        actor_id=None,
        cause={},
    )


@pytest.fixture(autouse=True)
def _handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timer_handlers, "_entries", dict(timer_handlers.items()))
    timer_handlers.register("test", leave_lines)
    set_timers([NewTimer("test", f"{number}", PAST + timedelta(seconds=number)) for number in range(TIMERS)])


def effects() -> Counter[int]:
    """How often each timer has had its effect."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream_id, count(*) FROM journal_entry WHERE stream_kind = 'timer' GROUP BY 1")
        return Counter(dict(cursor.fetchall()))


@pytest.mark.slow
def test_every_timer_fires_once_however_often_the_worker_is_killed() -> None:
    said = killed.run(Path(__file__).with_name("killed_main.py"), KILLS, timeout=300)
    assert said.count("killed") == KILLS
    before = effects()
    assert 0 < len(before) < TIMERS, "the kills should hit while timers are served"
    assert Timer.objects.count() == TIMERS - len(before)
    while fire_due():
        pass
    assert effects() == Counter(range(TIMERS))
    assert verify().is_clean


def test_two_workers_share_the_timers() -> None:
    stop = threading.Event()

    def serve() -> None:
        try:
            run_timers(stop)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=serve) for _each in range(2)]
    for worker in workers:
        worker.start()
    for _look in range(300):
        if not Timer.objects.exists():
            break
        stop.wait(0.1)
    stop.set()
    for worker in workers:
        worker.join()
    assert effects() == Counter(range(TIMERS))
