"""Reminders that fall due one after the other, served by one worker that is killed: how late each is."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from bench.figures import Figure, figure_of
from trassa.automation.actions import set_timers
from trassa.automation.types import NewTimer
from trassa.kernel import now
from trassa.people.queries import list_people
from trassa.work.actions.reminders import PURPOSE
from trassa.work.models import Reminder

_BATCH = 5_000
#: Seconds before the first one is due: all are set and the worker runs by then.
_AHEAD = 60
KILLS = 3
_DELAYS = """
    SELECT extract(epoch FROM n.created_at - r.at) * 1000
    FROM work_reminder r JOIN work_notice n ON n.person_id = r.person_id
        AND n.key LIKE 'reminder:%%' AND (n.data->>'reminder')::bigint = r.id
"""


def measure_reminders(count: int, seconds: int, data: Path) -> Figure:
    """So many reminders due evenly within so many seconds; the worker is killed three times: delays in ms."""
    people = [profile.person.id for profile in list_people(is_active=True)]
    first = now() + timedelta(seconds=_AHEAD)
    for start in range(0, count, _BATCH):
        made = Reminder.objects.bulk_create(
            Reminder(
                person_id=people[number % len(people)],
                at=first + timedelta(seconds=seconds * number / count, microseconds=number),
            )
            for number in range(start, min(start + _BATCH, count))
        )
        set_timers([NewTimer(PURPOSE, str(row.id), due_at=row.at) for row in made])
    worker = start_worker(data)
    for kill in range(1, KILLS + 1):
        time.sleep(max(0.0, (first - now()).total_seconds() + seconds * kill / (KILLS + 1)))
        worker.kill()
        worker.wait()
        worker = start_worker(data)
    while told() < count and (now() - first).total_seconds() < seconds * 2 + 600:
        time.sleep(1)
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=60)
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS)
        delays = [float(delay) for (delay,) in cursor.fetchall()]
    assert len(delays) == count, f"{len(delays)} reminders were told, {count} were set"
    note = f"{count} reminders due within {seconds} s, the worker killed {KILLS} times; delays"
    return figure_of(delays, seconds=seconds, note=note)


def told() -> int:
    return Reminder.objects.exclude(told_for=None).count()


def start_worker(data: Path) -> "subprocess.Popen[bytes]":
    trassa = Path(sys.executable).parent / "trassa"
    log = (data / "bench.log").open("ab")
    return subprocess.Popen([str(trassa), "--data", str(data), "worker"], stdout=log, stderr=log)
