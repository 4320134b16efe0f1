"""Spans of time as pure functions: taking away, having in common, and when people are free next."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trassa.work.calendar_types import Span, Times

#: Times that are proposed begin at such a step of the clock.
STEP = timedelta(minutes=15)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of spans when others are taken away."""
    left = joined(spans)
    for start, end in joined(taken):
        parts = [
            piece for span in left for piece in ((span[0], min(span[1], start)), (max(span[0], end), span[1]))
        ]
        left = [piece for piece in parts if piece[0] < piece[1]]
    return left


def in_common(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """What lies in both."""
    theirs = joined(other)
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in joined(one) for b in theirs]
    return [span for span in pairs if span[0] < span[1]]


def overlapping(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """Those that lie at least partly between two moments."""
    return [span for span in spans if span[0] < end and start < span[1]]


def covers(spans: Iterable[Span], start: datetime, end: datetime) -> bool:
    """Whether a time lies within the spans."""
    return any(span[0] <= start and end <= span[1] for span in joined(spans))


def next_free(times: Times, person_ids: Sequence[int], start: datetime, length: timedelta) -> datetime | None:
    """The first moment from `start` on at which all these people work and nobody is taken for so long."""
    if not person_ids:
        return None
    common: list[Span] | None = None
    for id in person_ids:
        free = without(times.work.get(id, ()), times.busy.get(id, ()))
        common = free if common is None else in_common(common, free)
    for since, until in common or ():
        first = on_step(max(since, start))
        if first + length <= until:
            return first
    return None


def on_step(moment: datetime) -> datetime:
    """The moment itself, or the next step of the clock."""
    beyond = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not beyond else moment - beyond + STEP
