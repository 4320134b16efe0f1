"""Taking back what a run has done to records: an import, a change in bulk.

A run is told in history by its cause. What others have changed since stays and is named; everything else goes
back by ordinary writes, so that rights, rules and stages apply.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.journal import Entry, Stream, list_entries, list_newest_entries
from trassa.kernel import TrassaError
from trassa.records.actions.reverting import Reversal, undoing
from trassa.records.actions.write import Hooks, write_records
from trassa.records.queries.frozen import KEPT
from trassa.records.queries.names import base_labels
from trassa.records.types import RENEWED, Change, Write
from trassa.schema.types import TypeSpec

#: Keys of history that say nothing about what people see.
_SILENT = frozenset(("version", "department"))
#: Entries of each record that are read together.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Origin:
    """How history tells the entries of a run: by a cause such as `{"kind": "import", "import": 3}`."""

    kind: str
    run: int

    def wrote(self, entry: Entry) -> bool:
        return entry.cause.get("kind") == self.kind and entry.cause.get(self.kind) == self.run


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one record: the change that took it back (None: it was left); what stayed and why."""

    change: Change | None
    because: str = ""


def take_back_records(
    origin: Origin,
    spec: TypeSpec,
    counts: Mapping[int, int],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    hooks: Hooks = "all",
) -> dict[int, Taken]:
    """Take a run back on these records; `counts` says how many times it wrote each of them.

    At most `MAX_BATCH` records. What is refused is left, with the reason.
    """
    results: dict[int, Taken] = {}
    plans: list[tuple[int, Past, Write]] = []
    newest = list_newest_entries("record", counts, limit=_AHEAD)
    for id, count in counts.items():
        past = read_past(origin, id, count, newest[id])
        write = past.write(spec, actor)
        if write is None:
            results[id] = Taken(None, past.in_words(spec))
        else:
            plans.append((id, past, write))
    writes = [write for _id, _past, write in plans]
    outcomes = write_records(writes, actor=actor, cause=cause, atomic=False, hooks=hooks)
    for (id, past, write), outcome in zip(plans, outcomes, strict=True):
        results[id] = judge(past, write, outcome.error, spec)
    return results


def judge(past: "Past", write: Write, error: TrassaError | None, spec: TypeSpec) -> Taken:
    """What became of one record."""
    if error is not None:
        return Taken(None, error.reasons)
    return Taken(write.change, past.in_words(spec) if past.foreign else "")


def label_of(key: str, spec: TypeSpec) -> str:
    """What people call a key of history."""
    found = next((each for each in spec.fields if each.column == key), None)
    return str(found.label) if found else base_labels().get(key, key)


@dataclass(slots=True)
class Past:
    """What a record's history says about a run: values before it, and what others did since."""

    id: int
    #: Key → value before the run, for what nobody has changed since.
    before: dict[str, Any] = field(default_factory=dict)
    #: Keys that the run wrote and others have changed since.
    foreign: set[str] = field(default_factory=set)
    #: The run has made this record.
    is_new: bool = False
    #: The run has put this record into the bin.
    is_binned: bool = False
    #: The run has taken this record out of the bin.
    is_restored: bool = False
    #: Somebody has done anything with it since.
    is_touched: bool = False
    version: int | None = None
    newest: Entry | None = None

    def write(self, spec: TypeSpec, actor: Actor) -> Write | None:
        """The write that takes the run back; None when nothing is left to take back."""
        if self.is_new or self.is_restored:
            if self.is_touched:
                return None
            return Write(Change.BIN, spec.code, id=self.id, version=self.version)
        if self.is_binned:
            return None if self.is_touched else Write(Change.RESTORE, spec.code, id=self.id)
        if not self.before or self.newest is None:
            return None
        changes = {key: (value, None) for key, value in self.before.items()}
        entry = replace(self.newest, changes={**changes, "version": (None, self.version)})
        try:
            return undoing(actor, spec, entry, Reversal(spec.code, self.id, entry.seq))
        except TrassaError:
            return None

    def in_words(self, spec: TypeSpec) -> str:
        """What others have changed since."""
        if self.newest is not None and self.newest.kind == Change.BIN:
            return _("It is in the bin already.")
        labels = ", ".join(label_of(key, spec) for key in sorted(self.foreign) if not key.startswith(KEPT))
        return _("Changed since: %s.") % labels if labels else _("Changed since.")


def read_past(origin: Origin, id: int, writes: int, newest: Sequence[Entry]) -> Past:
    """Walk through the history of a record from its end to the first of so many entries of the run.

    `newest` are its newest entries; older ones are read when they are needed.
    """
    past, frozen, changed_since = Past(id), set[str](), set[str]()
    for entry in entries_of(id, newest):
        if entry.kind == RENEWED:
            continue
        past.newest = past.newest or entry
        past.version = past.version or version_after(entry)
        keys = entry.changes.keys() - _SILENT
        if not origin.wrote(entry):
            past.is_touched = True
            # What the run wrote after this goes back to what this one left.
            frozen |= keys & past.before.keys()
            changed_since |= keys - past.before.keys()
            continue
        past.is_new = past.is_new or entry.kind == Change.CREATE
        past.is_binned = past.is_binned or entry.kind == Change.BIN
        past.is_restored = past.is_restored or entry.kind == Change.RESTORE
        past.foreign |= keys & changed_since
        past.before |= {key: entry.changes[key][0] for key in keys - frozen - changed_since}
        writes -= 1
        if past.is_new or writes <= 0:
            break
    return past


def entries_of(id: int, newest: Sequence[Entry]) -> Iterable[Entry]:
    """The history of a record, newest first, of which the `newest` are known."""
    found = newest
    while found:
        yield from found
        found = list_entries(Stream("record", id), before_seq=found[-1].seq, limit=20)


def version_after(entry: Entry) -> int | None:
    version = entry.changes.get("version", (None, None))[1]
    return version if isinstance(version, int) else None
