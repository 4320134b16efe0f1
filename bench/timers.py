"""Timers that fall due one after the other, served by one worker: how late each is served."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import connections

from bench.figures import Figure, figure_of
from trassa.automation.actions import run_timers, set_timers
from trassa.automation.models import Timer
from trassa.automation.registries import timer_handlers
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import now

_PURPOSE = "bench"
_BATCH = 5_000
#: Seconds before the first one is due: all are set by then.
_AHEAD = 60


def measure_timers(count: int, seconds: int) -> Figure:
    """So many timers due evenly within so many seconds, each leaving a line of history: delays in ms."""
    delays: list[float] = []

    def leave_lines(timers: Sequence[DueTimer]) -> None:
        entries = [NewEntry(Stream("bench_timer", int(timer.subject)), "served", {}) for timer in timers]
        append(entries, actor_id=None, cause={"kind": "bench"})
        moment = now()
        delays.extend((moment - timer.due_at).total_seconds() * 1000 for timer in timers)

    timer_handlers.register(_PURPOSE, leave_lines)
    first = now() + timedelta(seconds=_AHEAD)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        set_timers(
            [
                NewTimer(_PURPOSE, str(number), first + timedelta(seconds=seconds * number / count))
                for number in numbers
            ]
        )
    stop = threading.Event()
    worker = threading.Thread(target=_serve, args=(stop,))
    worker.start()
    while Timer.objects.filter(purpose=_PURPOSE).exists():
        time.sleep(1)
    stop.set()
    worker.join()
    assert len(delays) == count, f"{len(delays)} timers were served, {count} were set"
    return figure_of(delays, seconds=seconds, note=f"{count} timers due within {seconds} s; delays")


def _serve(stop: threading.Event) -> None:
    try:
        run_timers(stop)
    finally:
        connections.close_all()
