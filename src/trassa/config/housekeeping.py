"""What must happen from time to time whatever the company does: checkpoints, lost jobs, rows nobody needs."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from trassa.journal import checkpoint, prune_parked
from trassa.people.actions.sessions import forget_expired_sessions
from trassa.records.actions.comments import erase_deleted_comments
from trassa.records.actions.contents import collect_files
from trassa.records.actions.viewers import forget_old_viewers


@app.periodic(cron="7 * * * *")
@app.task(name="journal.checkpoint", queueing_lock="journal.checkpoint")
def checkpoint_hourly(timestamp: int) -> None:
    """Chain the heads of history that moved, so that a cut-off tail is noticed."""
    checkpoint()


@app.periodic(cron="37 3 * * *")
@app.task(name="config.forget", queueing_lock="config.forget")
def forget_daily(timestamp: int) -> None:
    """Drop expired sessions, messages that nobody could handle for months, signs of open cards."""
    forget_expired_sessions()
    prune_parked()
    forget_old_viewers()


@app.periodic(cron="17 4 * * *")
@app.task(name="config.collect_files", queueing_lock="config.collect_files")
def collect_files_daily(timestamp: int) -> None:
    """Drop uploads that nobody attached, files removed long ago, and contents that nobody needs."""
    collect_files()
    erase_deleted_comments()


@app.periodic(cron="* * * * *")
@app.task(name="config.take_back_jobs", queueing_lock="config.take_back_jobs")
async def take_back_lost_jobs(timestamp: int) -> None:
    """Give jobs of a worker that died to another one; jobs can run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job, retry_at=timezone.now() + timedelta(seconds=1))
