"""Durable jobs of the schema. Each can run twice and continues where another one died."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.schema.actions.destroying import drop_doomed_fields
from trassa.schema.actions.finishing import finish_type
from trassa.schema.events import FINISH_TYPE

#: Some hours in all: long enough for the longest report to end.
_PATIENTLY = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name=FINISH_TYPE, retry=_PATIENTLY)
def finish_type_job(type_id: int) -> None:
    """Build the indexes and validate the foreign keys that a schema change left over."""
    finish_type(type_id)


@app.periodic(cron="* * * * *")
@app.task(name="schema.drop_doomed_fields", queueing_lock="schema.drop_doomed_fields")
def drop_doomed_fields_job(timestamp: int) -> None:
    """Drop the columns of destroyed fields that nobody reads any more."""
    drop_doomed_fields()
