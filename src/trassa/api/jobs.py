"""Housekeeping of the room `api`."""

from procrastinate.contrib.django import app

from trassa.api.idempotency import forget_old_keys


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget_old_keys", queueing_lock="api.forget_old_keys")
def forget_old_keys_hourly(timestamp: int) -> None:
    """Drop the answers of idempotent requests after a day."""
    forget_old_keys()
