"""The one source of time: aware UTC datetimes, and the company's zone for day boundaries.

Demo history and tests inject another clock with `frozen`; nothing else asks the system for the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

_injected: ContextVar[datetime | None] = ContextVar("trassa_clock", default=None)


def now() -> datetime:
    """The current moment in UTC, or the injected one."""
    return _injected.get() or datetime.now(UTC)


def company_zone() -> ZoneInfo:
    """The zone that decides where a day begins for dates, reports and deadlines."""
    return ZoneInfo(settings.TRASSA_COMPANY_ZONE)


def today() -> date:
    """The current date in the company's zone."""
    return now().astimezone(company_zone()).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Make `now()` return `moment` (aware) inside the block, in this thread or task only."""
    if moment.tzinfo is None:
        raise ValueError("the injected moment must be aware")
    token = _injected.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _injected.reset(token)
