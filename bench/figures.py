"""What a measurement comes to."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Median and 95th percentile in milliseconds, throughput, and the ratio to the same SQL."""

    p50_ms: float
    p95_ms: float
    per_second: float
    ratio_to_sql: float | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        found: dict[str, object] = {
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
            "per_second": round(self.per_second, 1),
            "ratio_to_sql": None if self.ratio_to_sql is None else round(self.ratio_to_sql, 2),
        }
        return found | ({"note": self.note} if self.note else {})


def figure_of(
    times: Sequence[float], *, sql_ms: float | None = None, seconds: float | None = None, note: str = ""
) -> Figure:
    """A figure of single times in milliseconds; `seconds` is the whole duration when work was parallel."""
    ordered = sorted(times)
    p50 = statistics.median(ordered)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    rate = len(ordered) / (seconds if seconds is not None else sum(ordered) / 1000)
    return Figure(p50, p95, rate, p50 / sql_ms if sql_ms else None, note)


def repeat(times: int, measure: Callable[[], float]) -> list[float]:
    """Measure several times after two warm-up runs."""
    for _ in range(2):
        measure()
    return [measure() for _ in range(times)]
