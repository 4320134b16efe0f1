"""How fast the machine is at the moment: the same work of Python and of PostgreSQL, whatever Trassa does.

Shared machines differ by a factor of three from one hour to the next; runs are compared by this.
"""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection

TIMES = 15


def measure_machine() -> dict[str, float]:
    """Milliseconds of a loop in Python and of a sum in PostgreSQL, medians."""
    return {"python_ms": round(timed(loop), 2), "sql_ms": round(timed(add_up), 2)}


def timed(work: Callable[[], object]) -> float:
    """The median of some repetitions, in milliseconds."""
    times = []
    for _each in range(TIMES):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


def loop() -> int:
    return sum(number * number % 7 for number in range(300_000))


def add_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM generate_series(1, 300000) AS n")
