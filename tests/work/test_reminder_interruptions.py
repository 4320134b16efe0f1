"""A thousand reminders fall due in an hour, the worker is killed three times, and each comes once."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests import killed
from tests.factories.people import make_person

from trassa.automation.actions import set_timers
from trassa.automation.models import Timer
from trassa.automation.types import NewTimer
from trassa.kernel import now
from trassa.work.actions.reminders import PURPOSE
from trassa.work.models import Notice, Reminder

COUNT, KILLS, HOUR = 1_000, 3, 3_600
#: The hour passes in some five seconds.
SPEED = 700


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_reminder_comes_once_however_often_the_worker_is_killed() -> None:
    people = [make_person() for _number in range(5)]
    began = now()
    made = Reminder.objects.bulk_create(
        Reminder(person=people[number % 5], at=began + timedelta(seconds=HOUR * number / COUNT))
        for number in range(COUNT)
    )
    set_timers([NewTimer(PURPOSE, str(row.id), due_at=row.at) for row in made])
    said = killed.run(Path(__file__).with_name("killed_reminders.py"), KILLS, SPEED)
    assert said.count("killed") == KILLS + 1
    assert Timer.objects.filter(purpose=PURPOSE).count() == 0, "the last worker should have finished"
    told = Counter(Notice.objects.values_list("data__reminder", flat=True))
    assert told == Counter(row.id for row in made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM journal_outbox WHERE event = %s", ["work.notices_changed"])
        told_of = [id for (payload,) in cursor.fetchall() for id in json.loads(payload)["notices"]]
    assert len(told_of) == COUNT
