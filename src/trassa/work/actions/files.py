"""Files of a task: those that it is given with or gets on the way, and those that came of it."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from trassa.access.queries import Actor
from trassa.journal import Json
from trassa.records.actions.held_files import hold_files, let_go
from trassa.records.types import StoredFile
from trassa.work.actions.noting import Held, hold_task, keep
from trassa.work.models import Task
from trassa.work.queries.files import HOLDERS, RESULT, TASK
from trassa.work.types import NO_CAUSE, Cause


@transaction.atomic
def attach_files(id: int, files: Sequence[int], *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Add uploads of the actor to a task. Raises Invalid for what they did not upload."""
    held = hold_files_of(id, actor)
    added = hold_files(actor, TASK, id, files)
    if not added:
        return held.row
    return keep(held, "attached", cause, {"files": names(added)})


@transaction.atomic
def remove_file(id: int, file: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Take a file away; `restore_file` brings it back for a while."""
    held = hold_files_of(id, actor)
    gone = let_go(HOLDERS, id, file)
    return keep(held, "detached", cause, {"files": [gone.name]})


@transaction.atomic
def restore_file(id: int, file: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Bring a removed file back."""
    held = hold_files_of(id, actor)
    back = let_go(HOLDERS, id, file, back=True)
    return keep(held, "attached", cause, {"files": [back.name]})


def hold_files_of(id: int, actor: Actor) -> Held:
    """An open task whose files the actor may change: whoever works on it, and its author."""
    held = hold_task(id, actor)
    held.require("tick")
    held.require_open()
    return held


def hold_results(id: int, files: Sequence[int], actor: Actor) -> Json:
    """Uploads of the actor as what came of a task; gives what history says of them."""
    return names(hold_files(actor, RESULT, id, files)) or None


def hold_first(id: int, files: Sequence[int], actor: Actor) -> Json:
    """Uploads of the actor with which a task is given; gives what history says of them."""
    return names(hold_files(actor, TASK, id, files)) or None


def names(files: Iterable[StoredFile]) -> list[Json]:
    return [file.name for file in files]
