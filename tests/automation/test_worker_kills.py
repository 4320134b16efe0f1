"""Whatever kills the worker: timers fire once, steps have one effect, every call arrives under one id."""

import subprocess
import time
from pathlib import Path

import pytest
from django.db import connection
from tests import killed
from tests.automation.faulty_server import FaultySystem, faulty_system
from tests.factories.records import create, make_garage

from trassa.automation.actions import save_rule
from trassa.automation.models import Call, Companion, Run, Timer
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import now
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECORDS, KILLS = 120, 50
#: Seconds for the last worker to finish; it takes back jobs of dead ones once a minute.
PATIENCE = 240
FAULTS: list[int | str] = [500, "drop", 429, "cut"]


def bad_manners(path: str, count: int) -> int | str:
    """Half of what comes is met by a fault first, and everything takes its time."""
    time.sleep(0.05)
    return FAULTS[count % 4] if count % 2 and count < 4 else 200


def start_killing() -> subprocess.Popen[str]:
    return killed.start(
        Path(__file__).with_name("killed_worker.py"),
        KILLS,
        env={"TRASSA_CALLS_INSIDE": "127.0.0.0/8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def hurry() -> None:
    """The moments of all pauses have come, and dead workers are known to be dead."""
    Timer.objects.exclude(wake_at=None).update(wake_at=now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
            " WHERE last_heartbeat < now() - interval '12 seconds'"
        )


def settle(process: subprocess.Popen[str], system: FaultySystem) -> list[int]:
    """Wait until everything is done; gives for each kill how much had arrived by then."""
    assert process.stdout is not None
    arrived: list[int] = []
    while len(arrived) < KILLS and process.stdout.readline():
        arrived.append(len(system.got))
        hurry()
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and (
        Call.objects.exclude(state=Call.State.DELIVERED).exists()
        or Call.objects.count() < RECORDS
        or Run.objects.exclude(state=Run.State.DONE).exists()
    ):
        hurry()
        time.sleep(0.5)
    process.communicate("", timeout=30)
    return arrived


def set_up(system: FaultySystem) -> list[int]:
    """Records whose rule waits, makes another one, counts up and calls."""
    steps = [
        {"wait": {"time": "1 minute"}},
        {"create": {"type": "car", "fields": {"make": "УАЗ"}, "into": "car"}},
        {"set": {"fields": {"amount": "=amount + 1"}}},
        {"call": {"url": f"{system.url}/hook", "fields": ["amount"]}},
    ]
    save_rule(RuleDraft("rule", "deal", Label("Правило"), {"event": "created"}, steps), actor_id=None)
    return [create("deal", fields={"amount": "1"}) for _record in range(RECORDS)]


def test_fifty_kills_lose_nothing_and_repeat_nothing() -> None:
    make_garage()
    with faulty_system(bad_manners) as system:
        ids = set_up(system)
        arrived = settle(start_killing(), system)
    assert len(arrived) == KILLS
    assert len(set(arrived)) > 10, "the kills should hit while calls are made"
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}
    assert sorted(Companion.objects.values_list("source_id", flat=True)) == sorted(ids)
    assert current_generation().types["car"].model._default_manager.count() == RECORDS
    deals = current_generation().types["deal"]
    amounts = deals.model._default_manager.values_list(deals.by_code["amount"].column, flat=True)
    assert set(amounts) == {2}, "a step that was repeated would have counted twice"
    assert {len(list_entries(Stream("record", id))) for id in ids} == {3}, "created, the car, the amount"
    assert sorted(Call.objects.values_list("record_id", flat=True)) == sorted(ids)
    assert set(Call.objects.values_list("state", flat=True)) == {"delivered"}
    assert system.ids == {str(key) for key in Call.objects.values_list("key", flat=True)}
    assert len({(id, body) for _path, id, body in system.got}) == RECORDS, "one id has one content"
    assert len(system.got) > RECORDS, "faults and kills should make some calls again"
    assert not Timer.objects.exists()
