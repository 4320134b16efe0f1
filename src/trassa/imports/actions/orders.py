"""What a person orders of a run: check it, start it, stop it, take everything back."""

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.actions.locks import lock_run, move_to, order_work
from trassa.imports.actions.runs import clear_results
from trassa.imports.models import Run
from trassa.imports.queries.runs import run_of
from trassa.imports.types import OPEN, STARTABLE, STOPPED, ImportRun, State
from trassa.kernel import Invalid, now


@transaction.atomic
def check_run(id: int, *, actor: Actor, by_job: bool = True) -> ImportRun:
    """Have the whole file tried: nothing is written, and every line says what would become of it.

    Without `by_job` the caller does the work itself (`working.work`).
    """
    row = lock_run(actor, id, OPEN)
    require_columns(row)
    clear_results(row)
    row.save()
    move_to(row, State.CHECKING, actor.id)
    if by_job:
        order_work(id)
    return run_of(row)


@transaction.atomic
def start_run(id: int, *, actor: Actor, by_job: bool = True) -> ImportRun:
    """Have the file imported; one that was stopped goes on behind the last line that came in.

    Without `by_job` the caller does the work itself (`working.work`).
    """
    row = lock_run(actor, id, STARTABLE)
    require_columns(row)
    if State(row.state) in OPEN:
        clear_results(row)
    row.error, row.attempts = "", 0
    row.save()
    move_to(row, State.IMPORTING, actor.id, started_at=row.started_at or now(), finished_at=None)
    if by_job:
        order_work(id)
    return run_of(row)


@transaction.atomic
def cancel_run(id: int, *, actor: Actor) -> ImportRun:
    """Stop a check or an import behind the batch that is being written; what has come in stays."""
    row = lock_run(actor, id, (State.CHECKING, State.IMPORTING))
    if row.state == State.CHECKING:
        clear_results(row)
        row.save()
        move_to(row, State.NEW, actor.id)
    else:
        move_to(row, State.CANCELLED, actor.id, finished_at=now())
    return run_of(row)


@transaction.atomic
def undo_run(id: int, *, actor: Actor) -> ImportRun:
    """Have everything taken back that the import has written and that nobody has changed since."""
    row = lock_run(actor, id, STOPPED)
    if not run_of(row).is_undoable:
        raise Invalid(_("There is nothing to take back."), code="nothing_to_undo")
    move_to(row, State.UNDOING, actor.id, returned=0, kept=0, attempts=0)
    order_work(id)
    return run_of(row)


def require_columns(row: Run) -> None:
    """Raise Invalid unless some column fills something."""
    if not any(column["target"] for column in row.columns):
        message = _("No column of the file is known. Say what at least one of them fills.")
        raise Invalid(message, code="no_columns")
