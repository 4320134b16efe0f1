"""Heaps: tasks that are due in the same half hour stand in a day as one; so many columns could not be hit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import ngettext

from trassa.ui import address_of, number
from trassa.work.calendar_types import USUAL_MARK, Entry
from trassa.work.queries.calendars import MEETING
from trassa.work.screens.calendars import local

#: Most tasks without a length that stand beside one another.
MOST_ABREAST = 2


def heaped(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries, each alone but those of a heap together; they come by their beginning and stay so."""
    heaps: list[list[Entry]] = []
    alone: list[list[Entry]] = []
    for entry in entries:
        if not is_mark(entry):
            alone.append([entry])
        elif heaps and entry.start < begin_of(heaps[-1]) + USUAL_MARK:
            heaps[-1].append(entry)
        else:
            heaps.append([entry])
    for heap in heaps:
        alone += [heap] if len(heap) > MOST_ABREAST else [[each] for each in heap]
    return sorted(alone, key=lambda each: each[0].start)


def begin_of(heap: Sequence[Entry]) -> datetime:
    """The minute in which a heap begins."""
    return heap[0].start.replace(second=0, microsecond=0)


def is_mark(entry: Entry) -> bool:
    """Whether it only marks the moment at which something is due."""
    task = entry.task
    return task is not None and task.kind != MEETING and not task.estimate_minutes


def heap_title(count: int) -> str:
    return ngettext("%(count)s task", "%(count)s tasks", count) % {"count": number(count)}


def heap_url(since: datetime, people: Sequence[int]) -> str:
    """Where the tasks of a heap are listed."""
    given = {"since": local(since), "who": ",".join(str(id) for id in people)}
    query = urlencode({key: value for key, value in given.items() if value})
    return f"{address_of('work:calendar_heap')}?{query}"
