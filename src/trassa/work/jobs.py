"""Work of this room that follows what happened. Every job can run twice."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.work.actions.deliveries import deliver, forget_deliveries, plan_deliveries
from trassa.work.actions.following import recount_due_moments
from trassa.work.actions.notices import forget_notices, tell
from trassa.work.actions.overdue import watch_deadlines
from trassa.work.actions.reminders import follow_tasks
from trassa.work.actions.repeating import repeat_ended
from trassa.work.notice_sources import SOURCES


@app.task(name="work.tell", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def tell_people(source: str, payload: dict[str, Any]) -> None:
    """Tell those whom something concerns."""
    tell(SOURCES[source](payload))


@app.task(name="work.plan_deliveries", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def plan(notices: list[int]) -> None:
    """See who wants letters or messages about new notices."""
    plan_deliveries(notices)


@app.task(name="work.deliver", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def send(delivery: int) -> None:
    """Send a letter or a message."""
    deliver(delivery)


@app.task(name="work.follow_tasks", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def follow(tasks: list[int]) -> None:
    """Bring reminders and the timers of deadlines in line with tasks; go on with series that have ended."""
    follow_tasks(tasks)
    watch_deadlines(tasks)
    repeat_ended(tasks)


@app.task(name="work.recount_due_moments", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def recount(people: list[int] | None) -> None:
    """Count due moments that follow dates anew after a change of calendars or absences."""
    after = 0
    while after := recount_due_moments(people, after=after):
        pass


@app.periodic(cron="23 3 * * *")
@app.task(name="work.forget", queueing_lock="work.forget")
def forget_daily(timestamp: int) -> None:
    """Drop notices and deliveries of long ago."""
    forget_notices()
    forget_deliveries()
