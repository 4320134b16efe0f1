"""Work of this room that follows a change elsewhere. Every job can run twice."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.automation.actions.arrivals import take_arrival
from trassa.automation.actions.calls import make_call
from trassa.automation.actions.forgetting import forget_traces
from trassa.automation.actions.resuming import resume_run
from trassa.automation.actions.sweeping import sweep_records
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


@app.task(name="automation.call", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def call(call: int) -> None:
    """Tell another system."""
    make_call(call)


@app.task(name="automation.take_arrival", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def take(arrival: int) -> None:
    """Do what came in over the web asks for."""
    take_arrival(arrival)


@app.task(name="automation.sweep", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def sweep(rule: int, key: str, after: int) -> None:
    """Go through some records of a rule."""
    sweep_records(rule, key, after)


@app.periodic(cron="47 3 * * *")
@app.task(name="automation.forget", queueing_lock="automation.forget")
def forget_daily(timestamp: int) -> None:
    """Drop old traces, calls and arrivals."""
    forget_traces()


@app.task(name="automation.resume", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def resume(run: int) -> None:
    """Go on with a run whose next step takes time."""
    resume_run(run)
