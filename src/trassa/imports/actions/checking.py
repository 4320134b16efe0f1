"""Trying a file: every line goes through all checks, nothing is written, and what is wrong is noted."""

from collections.abc import Generator, Sequence
from contextlib import suppress

from django.db import transaction

from trassa.access.queries import Actor
from trassa.imports.actions.passages import (
    Passage,
    Superseded,
    advance,
    finish,
    lock_working,
    store_outcomes,
)
from trassa.imports.actions.runs import clear_results
from trassa.imports.matching import Seen
from trassa.imports.models import Run
from trassa.imports.sheets import Row
from trassa.imports.types import Fate, ImportRun, State
from trassa.records.actions.repeating import repeated
from trassa.schema.queries import pin_for_write


def check_rows(run: ImportRun, actor: Actor) -> Generator[int, None, None]:
    """Try the whole file from its beginning; gives the lines done so far after every batch."""
    begin_anew(run.id)
    passage = Passage(run, actor, cursor=0, done=0, seen=Seen())
    with suppress(Superseded):
        for rows, share in passage.batches():
            check_batch(passage, rows, share)
            yield passage.move(rows)
        finish(run.id, State.CHECKING, State.CHECKED, actor_id=run.person_id, cursor=passage.cursor)


@transaction.atomic
def begin_anew(id: int) -> None:
    """Forget what a job before this one has found: what it had seen of the file went with it."""
    row = Run.objects.select_for_update().get(id=id)
    attempts = row.attempts
    clear_results(row)
    row.attempts = attempts
    row.save()


def check_batch(passage: Passage, rows: Sequence[Row], share: float) -> None:
    """Try lines and note those that would make no record; raises Superseded."""
    outcomes = repeated(lambda: passage.filling(pin_for_write()).fill(rows))
    with transaction.atomic():
        row = lock_working(passage.run.id, State.CHECKING, passage.cursor)
        store_outcomes(row.pk, [each for each in outcomes if each.fate is not Fate.CREATED])
        advance(row, rows[-1].line, share, outcomes)
