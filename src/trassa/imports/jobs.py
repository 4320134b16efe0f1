"""Work on imports. A job goes on where the last one stopped, whatever became of that."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.imports.actions.retention import forget_old_runs, take_up_lost_runs
from trassa.imports.actions.working import order_more, work

#: A job works this long and then lets others have their turn.
SLICE_SECONDS = 60.0


@app.task(name="imports.work", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def work_on_run(run: int) -> None:
    """Check, import, decide or undo: whatever the run's state asks for."""
    if work(run, seconds=SLICE_SECONDS):
        order_more(run)


@app.periodic(cron="*/5 * * * *")
@app.task(name="imports.take_up", queueing_lock="imports.take_up")
def take_up_lost(timestamp: int) -> None:
    """Order work again on runs that nobody has touched for a while."""
    take_up_lost_runs()


@app.periodic(cron="47 3 * * *")
@app.task(name="imports.forget", queueing_lock="imports.forget")
def forget_daily(timestamp: int) -> None:
    """Drop the rows of imports whose time is over."""
    forget_old_runs()
