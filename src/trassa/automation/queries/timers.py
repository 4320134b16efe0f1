"""Reads of timers. What they are about is told by those who set them; these reads are for administrators."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from trassa.automation.models import Timer
from trassa.kernel import now


@dataclass(frozen=True, slots=True)
class Waiting:
    """Timers of one purpose: how many wait, how many of them failed, the next one's moment."""

    purpose: str
    count: int
    failed: int
    next_at: datetime | None


def list_waiting() -> list[Waiting]:
    """All timers by purpose."""
    failed = Count("id", filter=Q(attempts__gt=0))
    rows = Timer.objects.values("purpose").annotate(count=Count("id"), failed=failed, next_at=Min("due_at"))
    return [Waiting(**row) for row in rows.order_by("purpose")]


def list_failed(limit: int) -> list[Timer]:
    """Timers that failed and wait for another attempt, the latest first."""
    return list(Timer.objects.filter(attempts__gt=0).order_by("-id")[:limit])


def find_late(limit: int) -> int:
    """How many timers that never failed are due, no further than `limit`: is a worker missing?"""
    late = Timer.objects.filter(wake_at__lte=now(), attempts=0).values("id")[:limit]
    return len(late)


def due_of_timers(purpose: str, subjects: Iterable[str]) -> dict[str, datetime]:
    """Subject → moment of the timers of a purpose that wait awake; one query."""
    rows = Timer.objects.filter(purpose=purpose, subject__in=list(subjects), wake_at__isnull=False)
    return {subject: due for subject, due in rows.values_list("subject", "due_at") if due is not None}


def list_timers_of(record_id: int) -> list[Timer]:
    """The timers of a record by their moment, those that sleep last."""
    return list(Timer.objects.filter(record_id=record_id).order_by("wake_at", "id"))
