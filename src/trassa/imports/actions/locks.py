"""A run under its lock: whoever changes it, or writes rows for it, holds its row until the end."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.errors import WrongState
from trassa.imports.events import IMPORT_ORDERED
from trassa.imports.models import Run
from trassa.imports.queries.runs import visible_runs
from trassa.imports.types import State
from trassa.journal import Changes, NewEntry, Stream, append, publish
from trassa.kernel import NotFound, now

CAUSE: Mapping[str, Any] = {"kind": "import"}


def lock_run(actor: Actor, id: int, states: Iterable[State] = State) -> Run:
    """The row of a run that this person may see; raises NotFound, WrongState when it is in none of these."""
    row = visible_runs(actor).select_for_update().filter(id=id).first()
    if row is None:
        raise NotFound(_("There is no such import."))
    if State(row.state) not in tuple(states):
        raise WrongState(_("The import is not at a point where this can be done. Load the page again."))
    return row


def move_to(row: Run, state: State, actor_id: int | None, **columns: Any) -> None:
    """Bring a locked run into a state, with an entry in its history."""
    before, row.state, row.touched_at = row.state, state.value, now()
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "touched_at", *columns])
    write_entry(row.pk, state.value, {"state": (before, state.value)}, actor_id)


def write_entry(id: int, kind: str, changes: Changes, actor_id: int | None) -> None:
    append([NewEntry(Stream("import", id), kind, changes)], actor_id=actor_id, cause=CAUSE)


def order_work(id: int) -> None:
    """Have a job work on the run once this transaction has been committed."""
    publish(IMPORT_ORDERED, {"run": id})
