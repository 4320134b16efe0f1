"""Drops what rules did long ago."""

from datetime import timedelta

from trassa.automation.models import Arrival, Call, Run
from trassa.kernel import now

#: Days that traces, calls and arrivals are kept; what has not ended, and what came in and waits for an
#: administrator, stays.
KEPT_DAYS = 90


def forget_traces() -> None:
    """Drop what ended long ago."""
    before = now() - timedelta(days=KEPT_DAYS)
    Run.objects.filter(at__lt=before, state__in=[Run.State.DONE, Run.State.SKIPPED]).delete()
    Call.objects.filter(created_at__lt=before).exclude(state=Call.State.DUE).delete()
    Arrival.objects.filter(at__lt=before, state=Arrival.State.DONE).delete()
