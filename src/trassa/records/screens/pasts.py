"""The moments at which a card changed, for moving through its past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trassa.access.queries import Actor
from trassa.records.queries import list_history
from trassa.records.queries.cards import HistoryEntry
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.histories import Event, make_events, want_names
from trassa.records.types import Change, Record
from trassa.schema.types import TypeSpec

#: So many changes back; older days are asked for by their date.
REACH = 100
#: Keys of history, beside fields, that a card shows as of a moment.
_SHOWN = frozenset(("stage", "pipeline", "owner", "reason"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A change: the moment as addresses write it, and when, who and what in words."""

    as_of: str
    words: str


@dataclass(frozen=True, slots=True)
class Course:
    """The moments of a card, the oldest first, and the place among them of the one that is shown."""

    moments: Sequence[Moment]
    place: int

    @property
    def last(self) -> int:
        return len(self.moments) - 1

    @property
    def words(self) -> str:
        return self.moments[self.place].words


def make_course(actor: Actor, spec: TypeSpec, record: Record, moment: datetime) -> Course | None:
    """The latest changes that this person may see; None where a card has never changed."""
    found = list_history(actor, spec, record.id, limit=REACH, show="changes")
    entries = [entry for entry in found if entry.record_id is None and is_shown(spec, entry)]
    wanted = NamesWanted()
    want_names(spec, entries, wanted)
    events = {event.seq: event for event in make_events(spec, entries, wanted.read(actor))}
    told = [(entry.at, events[entry.seq]) for entry in reversed(entries) if entry.seq in events]
    if len(told) < 2:
        return None
    moments = [Moment(at.isoformat(), words_of(event)) for at, event in told]
    return Course(moments, max(0, sum(at <= moment for at, _event in told) - 1))


def is_shown(spec: TypeSpec, entry: HistoryEntry) -> bool:
    """Whether the card looks different behind an entry."""
    return entry.kind == Change.CREATE or any(
        key in _SHOWN or key in spec.by_code for key, _pair in entry.changes
    )


def words_of(event: Event) -> str:
    """ "26 ноября 2026, 12:05 · Белова А. · Сумма, Телефон"."""
    what = event.headline or ", ".join(change.label for change in event.changes)
    return " · ".join(filter(None, (event.at_exact, event.who, what)))
