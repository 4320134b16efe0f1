"""Tasks are completed, with how they ended and what came of them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.actions import fire
from trassa.automation.types import Settings
from trassa.schema.queries import current_generation, pin_for_write
from trassa.work.actions.checklists import check_ticks
from trassa.work.actions.demands import fulfil
from trassa.work.actions.drafts import Faults, check_text
from trassa.work.actions.files import hold_results
from trassa.work.actions.noting import hold_task
from trassa.work.actions.tasks import end
from trassa.work.models import Task
from trassa.work.types import NEEDS_WORDS, NO_CAUSE, OUTCOMES, Cause, TaskEnded

NO_FIELDS: Mapping[str, Any] = MappingProxyType({})


@transaction.atomic
def complete_task(
    id: int,
    *,
    actor: Actor,
    outcome: str = "",
    result: str = "",
    fields: Mapping[str, Any] = NO_FIELDS,
    file: int | None = None,
    files: Sequence[int] = (),
    cause: Cause = NO_CAUSE,
) -> Task:
    """Close a task with an outcome of its kind, the first one when none is named, and words about it.

    `fields` are the values that a form asked for, `file` is the upload that a document asked for: both go
    into the record. `files` are uploads that came of the task and stay with it.

    A candidate who completes what nobody owns takes it with that. Raises Conflict when it has ended or
    somebody else took it, Invalid for an unknown outcome and where words are missing.
    """
    pin_for_write()
    held = hold_task(id, actor)
    row = held.row
    held.require("complete")
    held.require_open()
    outcome = outcome or OUTCOMES[row.kind][0]
    faults = Faults()
    if outcome not in OUTCOMES[row.kind]:
        faults.add("outcome", "unknown", _("A task of this kind does not end like that."))
    result = check_text(result, "result", faults)
    if outcome in NEEDS_WORDS and not result:
        faults.add("result", "required", _("Say why."))
    if outcome == OUTCOMES[row.kind][0]:
        check_ticks(row, faults)
    faults.refuse()
    if outcome == OUTCOMES[row.kind][0]:
        fulfil(row, fields, file, actor, cause)
    told = hold_results(id, files, actor) if files else None
    if row.owner_id is None:
        row.owner_id = actor.id
    end([held], Task.State.DONE, outcome, result, cause, files=told)
    tell_rules(row, actor, cause)
    return row


def tell_rules(row: Task, actor: Actor, cause: Cause) -> None:
    """Start the rules that answer to the end of a task about a record."""
    spec = current_generation().types_by_id.get(row.type_id or 0)
    if spec is None or row.record_id is None:
        return

    def fits(settings: Settings) -> bool:
        return isinstance(settings, TaskEnded) and settings.fits(row.kind, row.code, row.outcome)

    fire(
        "task_done",
        spec,
        [row.record_id],
        actor=actor,
        cause=cause,
        key=f"task {row.id} {row.version}",
        accepts=fits,
    )
