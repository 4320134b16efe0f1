"""What a schema change leaves to durable jobs, and the marks that say so on fields."""

from collections.abc import Mapping

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from trassa.schema.actions.ledger import Ledger
from trassa.schema.models import Field

FINISH_TYPE = "schema.finish_type"
DROP_DOOMED = "schema.drop_doomed"


def plan_finishing(change: Ledger, left: Mapping[int, set[int]]) -> None:
    """Mark fields that wait for a job, unmark those that do not any more, and enqueue the jobs."""
    waiting = {id for ids in left.values() for id in ids}
    fields = Field.objects.filter(type_id__in=change.touched)
    fields.filter(id__in=waiting).update(finishing=True)
    fields.exclude(id__in=waiting).filter(finishing=True).update(finishing=False, problem="")
    for type_id in left:
        enqueue(FINISH_TYPE, f"{FINISH_TYPE}.{type_id}", type_id=type_id)
    if change.dooming:
        enqueue(DROP_DOOMED, DROP_DOOMED)


def enqueue(task: str, lock: str, *, seconds: int = 0, **arguments: int) -> None:
    """Put a job into the queue with this transaction, unless the same one waits there already."""
    delay = {"seconds": seconds} if seconds else None
    deferrer = app.configure_task(task, lock=lock, queueing_lock=lock, schedule_in=delay)
    try:
        with transaction.atomic():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        pass
