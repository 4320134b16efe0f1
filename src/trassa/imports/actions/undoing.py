"""Taking an import back: created records go into the bin, changed ones get their former values.

What somebody has changed since stays, and is reported. Each record is dealt with once, however many lines
concerned it; what became of it is noted in the same transaction.
"""

from collections.abc import Generator, Sequence
from contextlib import suppress

from django.db.models import Count
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import move_to
from trassa.imports.actions.passages import BATCH, Superseded
from trassa.imports.models import Outcome, Run
from trassa.imports.types import Fate, ImportRun, Return, State
from trassa.kernel import NotFound, now
from trassa.records.actions.repeating import repeated
from trassa.records.actions.taking_back import Origin, Taken, take_back_records
from trassa.records.types import Change
from trassa.schema.queries import pin_for_write
from trassa.schema.types import TypeSpec

_WRITTEN = (Fate.CREATED, Fate.UPDATED)


def undo_rows(run: ImportRun, actor: Actor) -> Generator[int, None, None]:
    """Take everything back that can be; gives the records done after every batch."""
    done = 0
    with suppress(Superseded):
        while count := undo_batch(run, actor):
            done += count
            yield done


def undo_batch(run: ImportRun, actor: Actor) -> int:
    """Take the next records back; says how many. The last batch, of none, ends the run."""

    def write() -> int:
        generation = pin_for_write()
        row = Run.objects.select_for_update().get(id=run.id)
        if row.state != State.UNDOING:
            raise Superseded
        ids = next_records(run.id)
        if not ids:
            move_to(row, State.UNDONE, run.person_id, finished_at=now())
            return 0
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
        return len(ids)

    return repeated(write)


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
    cause = {"kind": "import_undo", "import": run.id, "file": run.file_name}
    origin, counts = Origin("import", run.id), count_writes(run.id, ids)
    taken = take_back_records(origin, spec, counts, actor=actor, cause=cause, hooks="none")
    return {id: (return_of(each), each.because) for id, each in taken.items()}


def return_of(taken: Taken) -> Return:
    """How a run calls what became of a record."""
    if taken.change is None:
        return Return.KEPT
    if taken.change is Change.BIN:
        return Return.BINNED
    return Return.PARTLY if taken.because else Return.REVERTED
