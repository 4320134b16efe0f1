"""Whatever kills the worker, a run goes on where it stood, and each step has its effect once."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection, connections
from tests.factories.records import create, make_garage

from trassa.automation.actions import fire_due, save_rule
from trassa.automation.models import Call, Companion, Run, Timer
from trassa.automation.types import RuleDraft
from trassa.kernel import now
from trassa.schema.types import Label

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECORDS, KILLS = 40, 12


def serve_until_killed() -> None:
    connections.close_all()
    while True:
        if fire_due(3) == 0:
            time.sleep(0.01)


def test_every_step_has_one_effect_however_often_the_worker_is_killed() -> None:
    make_garage()
    steps = [
        {"wait": {"time": "1 minute"}},
        {"create": {"type": "car", "fields": {"make": "УАЗ"}, "into": "car"}},
        {"set": {"fields": {"amount": "=amount + 1"}}},
        {"call": {"url": "https://example.com/hook"}},
    ]
    save_rule(RuleDraft("rule", "deal", Label("Правило"), {"event": "created"}, steps), actor_id=None)
    ids = [create("deal", fields={"amount": "1"}) for _record in range(RECORDS)]
    Timer.objects.update(wake_at=now() - timedelta(seconds=1))
    connections.close_all()
    chance = random.Random(7)
    for _kill in range(KILLS):
        child = os.fork()
        if child == 0:
            serve_until_killed()
        time.sleep(chance.uniform(0.05, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while fire_due():
        pass
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}
    assert sorted(Companion.objects.values_list("source_id", flat=True)) == sorted(ids)
    assert sorted(Call.objects.values_list("record_id", flat=True)) == sorted(ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM automation_run WHERE steps::text LIKE '%%error%%'")
        assert cursor.fetchone() == (0,)
