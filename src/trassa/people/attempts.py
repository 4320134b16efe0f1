"""How often somebody may try: a sliding window in memory, one per process.

Nothing is written to the database, so that guessing passwords costs the guesser and not us; memory is
bounded too. Several processes allow as many times the limit.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock


class Attempts:
    """At most `limit` attempts per key within `window` seconds."""

    def __init__(
        self,
        limit: int,
        window: float,
        *,
        capacity: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._window = window
        self._capacity = capacity
        self._clock = clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> int:
        """Count an attempt before it is made. Returns 0, or the seconds to wait when there are too many."""
        with self._lock:
            moment = self._clock()
            times = self._taken.setdefault(key, deque())
            self._taken.move_to_end(key)
            while times and times[0] <= moment - self._window:
                times.popleft()
            if len(times) >= self._limit:
                return max(1, round(times[0] + self._window - moment))
            times.append(moment)
            if len(self._taken) > self._capacity:
                self._taken.popitem(last=False)
            return 0

    def give_back(self, key: str) -> None:
        """Undo the last attempt: it turned out to be honest."""
        with self._lock:
            times = self._taken.get(key)
            if times:
                times.pop()

    def forget(self, key: str | None = None) -> None:
        """Start over for this key, or for all."""
        with self._lock:
            if key is None:
                self._taken.clear()
            else:
                self._taken.pop(key, None)
