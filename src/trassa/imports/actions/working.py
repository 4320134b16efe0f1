"""Work on a run, batch by batch, whatever its state asks for. Can be begun any number of times."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_by_id
from trassa.imports.actions.checking import check_rows
from trassa.imports.actions.deciding import decide_rows
from trassa.imports.actions.importing import import_rows
from trassa.imports.actions.locks import move_to, order_work
from trassa.imports.actions.undoing import undo_rows
from trassa.imports.models import Run
from trassa.imports.queries.runs import run_of
from trassa.imports.types import WORKING, ImportRun, State
from trassa.kernel import TrassaError, now

#: Jobs that end without having moved the cursor before the run is given up.
MAX_ATTEMPTS = 5

#: Gives lines that are done, after every batch that is in the database.
Phase = Callable[[ImportRun, Actor], Generator[int, None, None]]

PHASES: Mapping[State, Phase] = {
    State.CHECKING: check_rows,
    State.IMPORTING: import_rows,
    State.DECIDING: decide_rows,
    State.UNDOING: undo_rows,
}
#: Phases that must be gone through in one piece.
WHOLE = (State.CHECKING,)


def work(id: int, *, seconds: float | None = None, progress: Callable[[int], None] | None = None) -> bool:
    """Do what the state of a run asks for, for some seconds; says whether there is more to do.

    `progress` is told the number of lines done after every batch.
    """
    run = begin(id)
    if run is None:
        return False
    until = None if seconds is None or run.state in WHOLE else time.monotonic() + seconds
    with translation.override(run.language):
        try:
            with closing(PHASES[run.state](run, actor_by_id(run.person_id))) as phase:
                for done in phase:
                    if progress is not None:
                        progress(done)
                    if until is not None and time.monotonic() > until:
                        return True
        except TrassaError as error:
            give_up(id, error)
    return False


@transaction.atomic
def begin(id: int) -> ImportRun | None:
    """The run, if there is anything to do; a run whose jobs keep ending is given up."""
    row = Run.objects.select_for_update().filter(id=id).first()
    if row is None or State(row.state) not in WORKING:
        return None
    row.attempts += 1
    row.touched_at = now()
    row.save(update_fields=["attempts", "touched_at"])
    if row.attempts > MAX_ATTEMPTS:
        message = _("The import was tried several times and did not get on. Tell your administrator.")
        end_in_failure(row, message)
        return None
    return run_of(row)


@transaction.atomic
def give_up(id: int, error: TrassaError) -> None:
    """Stop a run with what went wrong."""
    row = Run.objects.select_for_update().get(id=id)
    if State(row.state) in WORKING:
        end_in_failure(row, str(error))


def end_in_failure(row: Run, message: str) -> None:
    """A check that fails leaves a run as it was; an undoing can be begun again."""
    states = {State.CHECKING: State.NEW, State.UNDOING: State.DONE, State.DECIDING: State.DONE}
    state = states.get(State(row.state), State.FAILED)
    move_to(row, state, row.person_id, error=message, finished_at=now())


@transaction.atomic
def order_more(id: int) -> None:
    """Have another job go on."""
    order_work(id)
