"""Taking an import back: created records go into the bin, changed ones get their former values.

What somebody has changed since stays, and is reported. Each record is dealt with once, however many lines
concerned it; what became of it is noted in the same transaction.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import move_to
from trassa.imports.actions.passages import BATCH, Superseded, repeated
from trassa.imports.models import Outcome, Run
from trassa.imports.types import Fate, ImportRun, Return, State
from trassa.journal import Entry, Stream, list_entries
from trassa.kernel import NotFound, TrassaError, now
from trassa.records.actions.reverting import Reversal, undoing
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.queries import pin_for_write
from trassa.schema.types import TypeSpec

_WRITTEN = (Fate.CREATED, Fate.UPDATED)
#: Keys of history that say nothing about what people see.
_SILENT = frozenset(("version", "department"))


def undo_rows(run: ImportRun, actor: Actor) -> Generator[int, None, None]:
    """Take everything back that can be; gives the records done after every batch."""
    done = 0
    with suppress(Superseded):
        while count := undo_batch(run, actor):
            done += count
            yield done


def undo_batch(run: ImportRun, actor: Actor) -> int:
    """Take the next records back; says how many. The last batch, of none, ends the run."""
    count = 0

    def write() -> None:
        nonlocal count
        generation = pin_for_write()
        row = Run.objects.select_for_update().get(id=run.id)
        if row.state != State.UNDOING:
            raise Superseded
        ids = next_records(run.id)
        count = len(ids)
        if not ids:
            move_to(row, State.UNDONE, run.person_id, finished_at=now())
            return
        spec = generation.types_by_id.get(run.type_id)
        if spec is None:
            raise NotFound(_("There is no such type of record."))
        results = take_back(run, spec, ids, actor)
        for id, (returned, because) in results.items():
            lines = Outcome.objects.filter(run_id=run.id, record_id=id, fate__in=_WRITTEN)
            lines.update(returned=returned.value, kept_because=because)
        row.returned += sum(1 for returned, _because in results.values() if returned is not Return.KEPT)
        row.kept += sum(1 for _returned, because in results.values() if because)
        row.attempts, row.touched_at = 0, now()
        row.save(update_fields=["returned", "kept", "attempts", "touched_at"])

    repeated(write)
    return count


def next_records(run_id: int) -> list[int]:
    """Records that the run has written and that are not dealt with, the newest first."""
    rows = Outcome.objects.filter(run_id=run_id, fate__in=_WRITTEN, returned=Return.NONE)
    ids = rows.order_by("-record_id").values_list("record_id", flat=True).distinct()[:BATCH]
    return [id for id in ids if id is not None]


def count_writes(run_id: int, ids: Sequence[int]) -> dict[int, int]:
    """How many lines of the run wrote each record."""
    rows = Outcome.objects.filter(run_id=run_id, record_id__in=ids, fate__in=_WRITTEN)
    return dict(rows.values_list("record_id").annotate(count=Count("line")).order_by())


def take_back(
    run: ImportRun, spec: TypeSpec, ids: Sequence[int], actor: Actor
) -> dict[int, tuple[Return, str]]:
    """What became of each record, and why it was left, wholly or in part."""
    results: dict[int, tuple[Return, str]] = {}
    plans: list[tuple[int, Past, Write]] = []
    counts = count_writes(run.id, ids)
    for id in ids:
        past = read_past(run.id, id, counts[id])
        write = past.write(spec, actor)
        if write is None:
            results[id] = (Return.KEPT, past.in_words(spec))
        else:
            plans.append((id, past, write))
    cause = {"kind": "import_undo", "import": run.id, "file": run.file_name}
    outcomes = write_records(
        [write for _id, _past, write in plans], actor=actor, cause=cause, atomic=False, hooks="none"
    )
    for (id, past, write), outcome in zip(plans, outcomes, strict=True):
        results[id] = judge(past, write, outcome.error, spec)
    return results


def judge(past: "Past", write: Write, error: TrassaError | None, spec: TypeSpec) -> tuple[Return, str]:
    """What became of one record."""
    if error is not None:
        return Return.KEPT, str(error)
    if write.change is Change.BIN:
        return Return.BINNED, ""
    return (Return.PARTLY, past.in_words(spec)) if past.foreign else (Return.REVERTED, "")


def label_of(key: str, spec: TypeSpec) -> str:
    """What people call a key of history."""
    names = {"owner": _("Owner"), "pipeline": _("Pipeline"), "stage": _("Stage"), "reason": _("Reason")}
    found = next((each for each in spec.fields if each.column == key), None)
    return str(found.label) if found else names.get(key, key)


@dataclass(slots=True)
class Past:
    """What a record's history says about an import: values before it, and what others did since."""

    id: int
    #: Key → value before the import, for what nobody has changed since.
    before: dict[str, Any] = field(default_factory=dict)
    #: Keys that the import wrote and others have changed since.
    foreign: set[str] = field(default_factory=set)
    #: The import has made this record.
    is_new: bool = False
    #: Somebody has done anything with it since.
    is_touched: bool = False
    version: int | None = None
    newest: Entry | None = None

    def write(self, spec: TypeSpec, actor: Actor) -> Write | None:
        """The write that takes the import back; None when nothing is left to take back."""
        if self.is_new:
            if self.is_touched:
                return None
            return Write(Change.BIN, spec.code, id=self.id, version=self.version)
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
        labels = ", ".join(label_of(key, spec) for key in sorted(self.foreign))
        return _("Changed since: %s.") % labels if labels else _("Changed since.")


def read_past(run_id: int, id: int, writes: int) -> Past:
    """Walk through the history of a record from its end to the first of so many entries of the import."""
    past, frozen, changed_since = Past(id), set[str](), set[str]()
    for entry in entries_of(id):
        past.newest = past.newest or entry
        past.version = past.version or version_after(entry)
        keys = entry.changes.keys() - _SILENT
        if entry.cause.get("import") != run_id or entry.cause.get("kind") != "import":
            past.is_touched = True
            # What the import wrote after this goes back to what this one left.
            frozen |= keys & past.before.keys()
            changed_since |= keys - past.before.keys()
            continue
        past.is_new = past.is_new or entry.kind == Change.CREATE
        past.foreign |= keys & changed_since
        past.before |= {key: entry.changes[key][0] for key in keys - frozen - changed_since}
        writes -= 1
        if past.is_new or writes <= 0:
            break
    return past


def entries_of(id: int) -> Iterable[Entry]:
    """The history of a record, newest first."""
    stream, before = Stream("record", id), None
    while found := list_entries(stream, before_seq=before, limit=20):
        yield from found
        before = found[-1].seq


def version_after(entry: Entry) -> int | None:
    version = entry.changes.get("version", (None, None))[1]
    return version if isinstance(version, int) else None
