"""Housekeeping of the room `people`."""

from procrastinate.contrib.django import app

from trassa.people.actions import forget_expired_sessions


@app.periodic(cron="43 3 * * *")
@app.task(name="people.forget_expired_sessions", queueing_lock="people.forget_expired_sessions")
def forget_expired_sessions_nightly(timestamp: int) -> None:
    """Delete sessions that have run out."""
    forget_expired_sessions()
