"""What the relay and the worker would do, at once and in this transaction."""

import json
from collections.abc import Iterable

from django.db import connection
from procrastinate.contrib.django import app

from trassa.journal import Job, Notice
from trassa.journal.dispatch import Message, dispatch


def follow(*, only: Iterable[str] = ("work.",), twice: bool = False) -> list[Notice]:
    """Hand on everything in the outbox and carry out the jobs whose names begin so, until nothing is left.

    With `twice` every job runs two times. Gives the notices for browsers.
    """
    told: list[Notice] = []
    while messages := take():
        delivery = dispatch(messages)
        assert not delivery.failed
        told += delivery.notices
        for job in delivery.jobs:
            if job.task.startswith(tuple(only)):
                for _time in range(2 if twice else 1):
                    run(job)
    return told


def take() -> list[Message]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_outbox RETURNING id, event, payload::text")
        return [Message(id, event, json.loads(payload)) for id, event, payload in sorted(cursor.fetchall())]


def run(job: Job) -> None:
    app.tasks[job.task].func(**job.args)
