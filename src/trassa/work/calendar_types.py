"""What calendars are made of: what stands in them, who is away, when there is work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

#: How long a task takes that does not say so; what else than a meeting is only a mark at its moment.
USUAL_MEETING: Final = timedelta(hours=1)
USUAL_MARK: Final = timedelta(minutes=30)
#: Longest period that is read at once.
LONGEST: Final = timedelta(days=62)
#: Most that stands in one answer.
MOST_ENTRIES: Final = 2000
#: Tasks that began earlier than so long before a period do not reach into it.
REACH: Final = timedelta(days=7)

#: Moments from and to.
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class CalendarTask:
    """A task as its reader may see it in a calendar."""

    id: int
    kind: str
    title: str
    text: str
    record_id: int | None
    type_id: int | None
    record_title: str
    owner_id: int | None
    estimate_minutes: int | None
    priority: str
    state: str
    version: int
    created_at: datetime
    updated_at: datetime
    #: The reader may move and stretch it.
    can_change: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """Something at a time; `task` is None where the reader may only know that the time is taken."""

    person_ids: Sequence[int]
    start: datetime
    end: datetime
    #: It takes the time: a meeting that has not been called off.
    is_busy: bool
    task: CalendarTask | None
    #: The records in whose rows it stands, where rows are records.
    record_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """What stands in some calendars; `more` says that there is more than was read."""

    items: Sequence[Entry]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, both included; `kind` and its words only for whom it concerns."""

    id: int
    person_id: int
    since: date
    until: date
    kind: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When people have time: by person, what is taken, when they work, and when they are away."""

    busy: Mapping[int, Sequence[Span]]
    work: Mapping[int, Sequence[Span]]
    away: Mapping[int, Sequence[Away]]
