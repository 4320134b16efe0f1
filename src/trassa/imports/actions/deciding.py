"""Carrying out what people decide about duplicates that an import has only asked about."""

from collections.abc import Generator, Sequence
from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import lock_run, move_to, order_work
from trassa.imports.actions.passages import BATCH, COUNTED, Passage, Superseded
from trassa.imports.models import Outcome, Run
from trassa.imports.queries.runs import get_run, run_of
from trassa.imports.sheets import Row
from trassa.imports.types import STOPPED, Decision, Fate, How, ImportRun, RowOutcome, State, as_json
from trassa.kernel import Invalid
from trassa.records.actions.repeating import repeated
from trassa.schema.queries import pin_for_write


def decide(id: int, decision: Decision, *, lines: Sequence[int] | None = None, actor: Actor) -> ImportRun:
    """Settle these undecided lines at once; all of them by a job, where none is named.

    Raises NotFound, WrongState, and Invalid for a record that the line does not fit.
    """
    with transaction.atomic():
        row = lock_run(actor, id, STOPPED)
        waiting = Outcome.objects.filter(run_id=id, fate=Fate.UNDECIDED)
        if lines is not None:
            waiting = waiting.filter(line__in=lines[:BATCH])
            check_candidates(decision, list(waiting))
        waiting.update(decision=decision.how.value, chosen_id=decision.record_id)
        if lines is None and waiting.exists():
            move_to(row, State.DECIDING, actor.id, attempts=0)
            order_work(id)
    if lines is not None:
        carry_out(Passage(run_of(row), actor, cursor=0, done=0), STOPPED)
    return get_run(actor, id)


def check_candidates(decision: Decision, outcomes: Sequence[Outcome]) -> None:
    """Raise Invalid when a line was not found to fit the record that is named."""
    named = decision.record_id
    if named is not None and any(named not in (each.candidates or ()) for each in outcomes):
        raise Invalid(_("The line does not fit this record."), code="not_a_candidate")


def decide_rows(run: ImportRun, actor: Actor) -> Generator[int, None, None]:
    """Carry out everything that has been decided; gives the lines done after every batch."""
    passage, done = Passage(run, actor, cursor=0, done=0), 0
    with suppress(Superseded):
        while count := carry_out(passage, (State.DECIDING,)):
            done += count
            yield done
        with transaction.atomic():
            row = Run.objects.select_for_update().get(id=run.id)
            if row.state == State.DECIDING:
                move_to(row, State.DONE, run.person_id)


def carry_out(passage: Passage, states: Sequence[State]) -> int:
    """Write a batch of decided lines and what became of them; says how many. Raises Superseded."""

    def write() -> int:
        generation = pin_for_write()
        row = Run.objects.select_for_update().get(id=passage.run.id)
        if State(row.state) not in states:
            raise Superseded
        decided = Outcome.objects.filter(run_id=row.pk, fate=Fate.UNDECIDED).exclude(decision="")
        stored = {each.line: each for each in decided.order_by("line")[:BATCH]}
        filling = passage.filling(generation)
        filling.decisions = {line: decision_of(each) for line, each in stored.items()}
        rows = [Row(each.line, tuple(each.cells or ())) for each in stored.values()]
        outcomes = filling.fill(rows)
        settle(row, stored, outcomes)
        return len(stored)

    return repeated(write)


def decision_of(row: Outcome) -> Decision:
    return Decision(How(row.decision), row.chosen_id)


def settle(row: Run, stored: dict[int, Outcome], outcomes: Sequence[RowOutcome]) -> None:
    """Note what became of undecided lines, and count it."""
    for each in outcomes:
        known = stored[each.line]
        known.fate, known.record_id, known.version = each.fate.value, each.record_id, each.version
        known.reasons = [as_json(reason) for reason in each.reasons] or None
        known.cells = list(each.cells) or None
        name = COUNTED[each.fate]
        setattr(row, name, getattr(row, name) + 1)
    row.undecided -= len(outcomes)
    Outcome.objects.bulk_update(stored.values(), ["fate", "record_id", "version", "reasons", "cells"])
    row.save(update_fields=list(COUNTED.values()))
