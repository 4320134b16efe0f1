"""Work of this room that follows a change elsewhere. Every job can run twice."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.automation.actions.resuming import resume_run
from trassa.automation.actions.timers import recount_timers

_CHUNK = 500


@app.task(name="automation.recount", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def recount(people: list[int] | None) -> None:
    """Count timers that follow working time anew after a change of calendars or absences."""
    after = 0
    while True:
        with transaction.atomic():
            after = recount_timers(people, after=after, limit=_CHUNK)
        if not after:
            return


@app.task(name="automation.resume", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def resume(run: int) -> None:
    """Go on with a run whose next step takes time."""
    resume_run(run)
