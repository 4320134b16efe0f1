"""Importing: the lines of a file become records, a batch a transaction, from the cursor on."""

from collections.abc import Generator, Sequence
from contextlib import suppress

from trassa.access.queries import Actor
from trassa.imports.actions.passages import (
    Passage,
    Superseded,
    advance,
    finish,
    lock_working,
    store_outcomes,
)
from trassa.imports.sheets import Row
from trassa.imports.types import ImportRun, State
from trassa.records.actions.repeating import repeated
from trassa.schema.queries import pin_for_write


def import_rows(run: ImportRun, actor: Actor) -> Generator[int, None, None]:
    """Import what is behind the cursor; gives the lines done so far after every batch."""
    passage = Passage(run, actor, cursor=run.cursor, done=run.counts.total)
    with suppress(Superseded):
        for rows, share in passage.batches():
            write_batch(passage, rows, share)
            yield passage.move(rows)
        finish(run.id, State.IMPORTING, State.DONE, actor_id=run.person_id, cursor=passage.cursor)


def write_batch(passage: Passage, rows: Sequence[Row], share: float) -> None:
    """Write lines, what became of them, and the cursor, or nothing of it; raises Superseded."""

    def write() -> None:
        generation = pin_for_write()
        row = lock_working(passage.run.id, State.IMPORTING, passage.cursor)
        outcomes = passage.filling(generation).fill(rows)
        store_outcomes(row.pk, outcomes)
        advance(row, rows[-1].line, share, outcomes)

    repeated(write)
