"""Rate limits: a token bucket per caller, in the memory of this process.

A bucket holds a minute's worth of requests (TRASSA_API_REQUESTS_PER_MINUTE) and refills steadily, so
short bursts pass. Every answer carries RateLimit-Limit, -Remaining and -Reset (seconds until the
bucket is full again).
"""

import math
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from trassa.api.errors import TooManyRequests

#: Buckets kept before the full ones are dropped; a full bucket says the same as none.
KEPT_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to a caller after this request."""

    limit: int
    remaining: int
    reset_seconds: int


class Buckets:
    """Token buckets by caller, safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: caller → (requests left, monotonic moment this was true)
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, key: str, per_minute: int, moment: float) -> tuple[Quota, float]:
        """Take one request; the second value is the wait in seconds, 0 when it was granted."""
        rate = per_minute / 60
        with self._lock:
            level, since = self._levels.get(key, (float(per_minute), moment))
            level = min(float(per_minute), level + (moment - since) * rate)
            wait = 0.0 if level >= 1 else (1 - level) / rate
            level -= 0 if wait else 1
            self._levels[key] = (level, moment)
            if len(self._levels) > KEPT_BUCKETS:
                self._drop_full(per_minute, rate, moment)
        return Quota(per_minute, int(level), round((per_minute - level) / rate)), wait

    def _drop_full(self, per_minute: int, rate: float, moment: float) -> None:
        self._levels = {
            key: (level, since)
            for key, (level, since) in self._levels.items()
            if level + (moment - since) * rate < per_minute
        }

    def clear(self) -> None:
        """Forget everything; for tests."""
        with self._lock:
            self._levels.clear()


buckets = Buckets()


def take_request(request: HttpRequest, key: str) -> None:
    """Count this request against the caller's limit; raises TooManyRequests."""
    quota, wait = buckets.take(key, settings.TRASSA_API_REQUESTS_PER_MINUTE, time.monotonic())
    request.trassa_quota = quota  # type: ignore[attr-defined]
    if wait:
        raise TooManyRequests(max(1, math.ceil(wait)))


def add_quota_headers(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the caller what is left."""
    quota: Quota | None = getattr(request, "trassa_quota", None)
    if quota is not None:
        response.headers["RateLimit-Limit"] = str(quota.limit)
        response.headers["RateLimit-Remaining"] = str(quota.remaining)
        response.headers["RateLimit-Reset"] = str(quota.reset_seconds)
