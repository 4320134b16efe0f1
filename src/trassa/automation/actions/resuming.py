"""Goes on with runs: after a pause, in a job, after a failure, by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Row as Place
from trassa.access.types import Verb
from trassa.automation.actions.mirroring import KEPT, give_again
from trassa.automation.actions.running import PURPOSE, occasion_of, resume, start_runs
from trassa.automation.actions.timers import cancel_timers
from trassa.automation.models import Rule, Run
from trassa.automation.rulebook import compile_row
from trassa.automation.types import DueTimer
from trassa.kernel import Forbidden, NotFound
from trassa.people.queries import require_administrator
from trassa.records.queries import get_record
from trassa.records.types import Record
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec


def wake_runs(timers: Sequence[DueTimer]) -> None:
    """Runs whose pause is over, and steps that are tried again."""
    ids = [int(timer.subject) for timer in timers]
    for run in Run.objects.select_for_update().filter(id__in=ids).order_by("id"):
        if run.state in (Run.State.WAITING, Run.State.FAILED):
            go_on(run)


@transaction.atomic
def resume_run(id: int) -> None:
    """Carry out the slow step to which a run has come; nothing when somebody else has done so."""
    run = Run.objects.select_for_update().filter(id=id, state=Run.State.QUEUED).first()
    if run is not None:
        resume(run, in_job=True)


@transaction.atomic
def retry_run(id: int, *, actor_id: int | None) -> None:
    """Go on with a run that failed from the step at which it did. Administrators only."""
    require_administrator(actor_id)
    run = Run.objects.select_for_update().filter(id=id, state=Run.State.FAILED).first()
    if run is None:
        raise NotFound(_("There is nothing to go on with."))
    cancel_timers(PURPOSE, [str(id)])
    run.attempts = 0
    go_on(run)


def go_on(run: Run) -> None:
    """Go on where a run stands: with the steps of its rule, or with fields that are to be kept in step."""
    if run.event == KEPT:
        give_again(run)
    else:
        resume(run)


@transaction.atomic
def run_rule(code: str, record_id: int, *, actor: Actor, cause: Mapping[str, Any]) -> Run:
    """Carry a rule out for a record by hand: its condition counts, its trigger does not.

    Administrators may with every rule, others press those that are buttons on records they may change.
    """
    pin_for_write()
    row = Rule.objects.filter(code=code, retired_at=None).first()
    spec = current_generation().types_by_id.get(row.type_id) if row else None
    if row is None or spec is None:
        raise NotFound(_("There is no such rule."))
    check_pressing(row, spec, record_id, actor)
    [run] = start_runs(compile_row(row), spec, [record_id], occasion_of("hand", actor, cause))
    return run


def place_of(spec: TypeSpec, record: Record) -> Place:
    """What rights need to know of a record."""
    taking_part = (record.values.get(field.code) for field in spec.participant_fields)
    return Place(
        spec.id,
        record.owner_id,
        record.department_id,
        record.pipeline_id,
        record.stage_id,
        frozenset(id for id in taking_part if id is not None),
    )


def check_pressing(row: Rule, spec: TypeSpec, record_id: int, actor: Actor) -> None:
    """Raise NotFound for a record out of sight, and Forbidden for what this person may not do with it."""
    record = get_record(actor, spec, record_id)
    place = place_of(spec, record)
    is_button = row.definition["when"]["event"] == "button"
    if not actor.everything and not (is_button and row.is_active and actor.may(Verb.EDIT, place)):
        raise Forbidden(_("Your role does not allow this."))
