"""What becomes of runs with time: lost ones are taken up again, rows of old ones are dropped."""

from datetime import timedelta

from django.db import transaction

from trassa.imports.actions.locks import order_work
from trassa.imports.actions.runs import KEPT
from trassa.imports.models import Outcome, Run
from trassa.imports.types import WORKING
from trassa.kernel import now

#: A run that works and that nobody has touched for so long has lost its job.
LOST = timedelta(minutes=5)


def take_up_lost_runs() -> int:
    """Order work on runs whose job is gone; says how many. A job too many finds nothing to do."""
    lost = Run.objects.filter(state__in=WORKING, touched_at__lt=now() - LOST)
    ids = list(lost.values_list("id", flat=True))
    with transaction.atomic():
        for id in ids:
            order_work(id)
    return len(ids)


def forget_old_runs() -> int:
    """Drop the rows of runs whose file is gone; the runs stay in the list. Says how many."""
    old = Run.objects.filter(created_at__lt=now() - KEPT, forgotten_at__isnull=True).exclude(
        state__in=WORKING
    )
    ids = list(old.values_list("id", flat=True))
    for id in ids:
        with transaction.atomic():
            Outcome.objects.filter(run_id=id).delete()
            Run.objects.filter(id=id).update(sample=[], file_id=None, forgotten_at=now())
    return len(ids)
