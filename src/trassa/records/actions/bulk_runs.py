"""Changing many records at once, and taking all of it back.

A run writes its records down when it begins, then deals with them batch by batch through the one write path:
rights, rules and stages apply to each record, and what is refused is noted and holds up nothing.
See docs/decisions/0025-bulk.md.
"""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of
from trassa.access.types import Verb
from trassa.journal import publish
from trassa.kernel import Conflict, FieldError, Forbidden, Invalid, NotFound, TrassaError, now
from trassa.people.queries import get_person
from trassa.records.actions.preparing import is_empty, why_refused
from trassa.records.actions.repeating import repeated
from trassa.records.actions.taking_back import Origin, take_back_records
from trassa.records.actions.write import write_records
from trassa.records.events import BULK_ORDERED
from trassa.records.models import BulkItem, BulkRun
from trassa.records.queries.bins import restorable_ids
from trassa.records.queries.bulk_runs import find_ids, visible_ids
from trassa.records.queries.lists import live_rows
from trassa.records.queries.rows import columns_of, make_records
from trassa.records.types import BulkChange, Change, ListQuery, Outcome, Write
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import TypeSpec

#: Up to so many records the person waits.
AT_ONCE = 200
#: More records than this want a smaller filter.
MAX_RECORDS = 100_000
#: Records of one transaction.
BATCH = 500
#: Runs are kept, and can be undone, for so long.
KEPT = timedelta(days=30)
#: A run that nobody has touched for so long has lost its job.
LOST = timedelta(minutes=5)
#: Jobs that end without a batch before the run is given up.
MAX_ATTEMPTS = 5
_WORKING = (BulkRun.State.RUNNING, BulkRun.State.UNDOING)
#: Runs that can be undone.
_ENDED = (BulkRun.State.DONE, BulkRun.State.CANCELLED, BulkRun.State.FAILED)
#: The right without which nothing of a type can be changed so.
_VERBS = {
    Change.EDIT: Verb.EDIT,
    Change.MOVE: Verb.MOVE,
    Change.BIN: Verb.DELETE,
    Change.RESTORE: Verb.DELETE,
}


def start_bulk_run(
    spec: TypeSpec, change: BulkChange, records: Collection[int] | ListQuery, *, actor: Actor
) -> BulkRun:
    """Change the records with these ids, or all that a list finds; few are done when this returns.

    Restoring looks into the bin, where a list finds by its text alone. Ids that the person does not see are
    left out. Raises Forbidden where no record of the type could be changed so, Invalid for a change that
    makes no sense, for no records and for too many.
    """
    if actor.id is None or actor.reach(_VERBS[change.change], spec).nothing:
        raise Forbidden(_("Your role does not allow this change."))
    check_change(spec, change, actor)
    ids = ids_meant(spec, change, records, actor)
    if not ids:
        raise Invalid(_("There are no such records."), code="no_records")
    if len(ids) > MAX_RECORDS:
        raise Invalid(_("These are more than 100,000 records. Narrow the filter."), code="too_many_records")
    with transaction.atomic():
        run = BulkRun.objects.create(
            person_id=actor.id,
            type_id=spec.id,
            change=change.change.value,
            wish=wish_of(change),
            language=(translation.get_language() or "ru")[:2],
            total=len(ids),
        )
        items = [BulkItem(run_id=run.pk, record_id=id) for id in ids]
        BulkItem.objects.bulk_create(items, batch_size=5_000)
        if len(ids) > AT_ONCE:
            publish(BULK_ORDERED, {"run": run.pk})
    return finish_small(run)


def ids_meant(
    spec: TypeSpec, change: BulkChange, records: Collection[int] | ListQuery, actor: Actor
) -> list[int]:
    """Ids of the records to be changed, as far as the person sees them, at most one too many."""
    limit = MAX_RECORDS + 1
    if change.change is Change.RESTORE:
        if isinstance(records, ListQuery):
            return restorable_ids(actor, spec, text=records.text, limit=limit)
        return restorable_ids(actor, spec, among=set(records), limit=limit)
    if isinstance(records, ListQuery):
        return find_ids(actor, spec, records, limit)
    return visible_ids(actor, spec, set(records))


def finish_small(run: BulkRun) -> BulkRun:
    """Work on a run of few records at once; gives it as it stands."""
    if run.total <= AT_ONCE:
        work(run.pk)
    run.refresh_from_db()
    return run


def check_change(spec: TypeSpec, change: BulkChange, actor: Actor) -> None:
    """Refuse at once what every single record would refuse."""
    errors = []
    for code in change.fields:
        if refusal := why_refused(actor, spec.by_code.get(code)):
            errors.append(FieldError(code, *refusal))
    if change.change is Change.EDIT and not change.fields and change.owner is None:
        errors.append(FieldError("fields", "required", _("Say what is to be changed.")))
    if change.change is Change.MOVE:
        pipeline = next((each for each in spec.pipelines if each.code == change.pipeline), None)
        if pipeline is None:
            errors.append(FieldError("pipeline", "unknown_pipeline", _("This type has no such pipeline.")))
        elif all(stage.code != change.stage for stage in pipeline.stages):
            errors.append(FieldError("stage", "unknown_stage", _("This pipeline has no such stage.")))
        elif pipeline.get_stage(change.stage or "").reason_required and change.reason is None:
            errors.append(FieldError("reason", "required", _("Say why: this stage needs a reason.")))
    if errors:
        raise Invalid(_("Some fields need your attention."), errors=errors)


def wish_of(change: BulkChange) -> dict[str, object]:
    """A change as a run keeps it."""
    return {
        "fields": dict(change.fields),
        "pipeline": change.pipeline,
        "stage": change.stage,
        "reason": change.reason,
        "owner": change.owner,
    }


def change_of(run: BulkRun) -> BulkChange:
    """The inverse of `wish_of`."""
    return BulkChange(Change(run.change), **run.wish)


@transaction.atomic
def cancel_bulk_run(id: int, *, actor: Actor) -> None:
    """Stop a run behind its present batch; what is done stays, and can be undone."""
    run = lock_own(id, actor)
    if run.state == BulkRun.State.RUNNING:
        move_to(run, BulkRun.State.CANCELLED)


def undo_bulk_run(id: int, *, actor: Actor) -> BulkRun:
    """Take a run back; of few records it is done when this returns. Raises NotFound, Conflict."""
    with transaction.atomic():
        run = lock_own(id, actor)
        if run.state not in _ENDED:
            raise Conflict(_("This change cannot be undone now. Load the page again."), code="wrong_state")
        run.attempts, run.problem = 0, ""
        move_to(run, BulkRun.State.UNDOING)
        if run.total > AT_ONCE:
            publish(BULK_ORDERED, {"run": run.pk})
    return finish_small(run)


def lock_own(id: int, actor: Actor) -> BulkRun:
    """The locked row of a run of this person; raises NotFound."""
    run = BulkRun.objects.select_for_update().filter(id=id, person_id=actor.id or 0).first()
    if run is None:
        raise NotFound(_("There is no such change."))
    return run


def move_to(run: BulkRun, state: BulkRun.State) -> None:
    """Bring a locked run into a state."""
    run.state, run.touched_at = state, now()
    run.finished_at = None if state in _WORKING else now()
    run.save()


def work(id: int, *, seconds: float | None = None) -> bool:
    """Do what a run's state asks for, for some seconds; says whether there is more to do.

    Can be begun any number of times. The person's rights of the moment apply.
    """
    run = begin(id)
    if run is None:
        return False
    until = None if seconds is None else time.monotonic() + seconds
    with translation.override(run.language):
        try:
            actor = actor_of(get_person(run.person_id))
            while repeated(lambda: do_next(id, actor)):
                if until is not None and time.monotonic() > until:
                    return True
        except TrassaError as error:
            give_up(id, str(error))
    return False


@transaction.atomic
def begin(id: int) -> BulkRun | None:
    """The run, if there is anything to do; one whose jobs keep ending is given up."""
    run = BulkRun.objects.select_for_update().filter(id=id, state__in=_WORKING).first()
    if run is None:
        return None
    run.attempts, run.touched_at = run.attempts + 1, now()
    run.save(update_fields=["attempts", "touched_at"])
    if run.attempts > MAX_ATTEMPTS:
        give_up(id, _("The change was tried several times and did not get on. Tell your administrator."))
        return None
    return run


@transaction.atomic
def give_up(id: int, problem: str) -> None:
    """Stop a run with what went wrong."""
    run = BulkRun.objects.select_for_update().get(id=id)
    if run.is_working:
        run.problem = problem
        move_to(run, BulkRun.State.FAILED)


def do_next(id: int, actor: Actor) -> bool:
    """Deal with the next records and note what became of them; the last batch, of none, ends the run."""
    pin_for_write()
    run = BulkRun.objects.select_for_update().get(id=id)
    if not run.is_working:
        return False
    spec = current_generation().types_by_id.get(run.type_id)
    if spec is None:
        raise NotFound(_("There is no such type of record."))
    undoing = run.state == BulkRun.State.UNDOING
    wanted = BulkItem.Fate.CHANGED if undoing else BulkItem.Fate.DUE
    items = BulkItem.objects.filter(run_id=id, fate=wanted).order_by("record_id")
    ids = list(items.values_list("record_id", flat=True)[:BATCH])
    if not ids:
        move_to(run, BulkRun.State.UNDONE if undoing else BulkRun.State.DONE)
        return False
    if undoing:
        take_back(run, spec, ids, actor)
    else:
        carry_out(run, spec, ids, actor)
    run.attempts, run.touched_at = 0, now()
    run.save()
    return True


def carry_out(run: BulkRun, spec: TypeSpec, ids: Sequence[int], actor: Actor) -> None:
    """Change records and note what became of each."""
    change = change_of(run)
    rows = live_rows(spec).filter(pk__in=ids).select_for_update().order_by("pk")
    versions = dict(rows.values_list("pk", "version"))
    writes = writes_of(spec, change, ids, actor)
    cause = {"kind": "bulk", "bulk": run.pk}
    outcomes = write_records(writes, actor=actor, cause=cause, atomic=False)
    fates: dict[BulkItem.Fate, list[int]] = {}
    refusals: list[BulkItem] = []
    for id, outcome in zip(ids, outcomes, strict=True):
        if outcome.error is not None:
            reason = reason_of(outcome, spec)
            refusals.append(BulkItem(run_id=run.pk, record_id=id, fate=BulkItem.Fate.REFUSED, reason=reason))
        else:
            is_same = change.change in (Change.EDIT, Change.MOVE) and outcome.version == versions.get(id)
            fates.setdefault(BulkItem.Fate.SAME if is_same else BulkItem.Fate.CHANGED, []).append(id)
    store_fates(run, fates, refusals)
    run.done += len(ids)
    run.changed += len(fates.get(BulkItem.Fate.CHANGED, ()))
    run.refused += len(refusals)


def take_back(run: BulkRun, spec: TypeSpec, ids: Sequence[int], actor: Actor) -> None:
    """Take records back and note which were left, wholly or in part."""
    cause = {"kind": "bulk_undo", "bulk": run.pk}
    taken = take_back_records(Origin("bulk", run.pk), spec, dict.fromkeys(ids, 1), actor=actor, cause=cause)
    returned = [id for id in ids if taken[id].change is not None and not taken[id].because]
    kept = [
        BulkItem(run_id=run.pk, record_id=id, fate=BulkItem.Fate.KEPT, reason=taken[id].because)
        for id in ids
        if taken[id].because
    ]
    store_fates(run, {BulkItem.Fate.RETURNED: returned}, kept)
    run.returned += len(returned)
    run.kept += len(kept)


def store_fates(run: BulkRun, fates: dict[BulkItem.Fate, list[int]], told: Sequence[BulkItem]) -> None:
    """Note what became of records; `told` are those with a reason."""
    for fate, ids in fates.items():
        BulkItem.objects.filter(run_id=run.pk, record_id__in=ids).update(fate=fate)
    by_reason: dict[tuple[str, str], list[int]] = {}
    for item in told:
        by_reason.setdefault((item.fate, item.reason), []).append(item.record_id)
    for (told_fate, reason), ids in by_reason.items():
        BulkItem.objects.filter(run_id=run.pk, record_id__in=ids).update(fate=told_fate, reason=reason)


def writes_of(spec: TypeSpec, change: BulkChange, ids: Sequence[int], actor: Actor) -> list[Write]:
    """A write for every record; a move fills in only what is empty."""
    filled: dict[int, set[str]] = {}
    if change.change is Change.MOVE and change.fields:
        fields = [spec.by_code[code] for code in change.fields if code in spec.by_code]
        rows = live_rows(spec).filter(pk__in=ids).values(*columns_of(fields))
        for record in make_records(actor, spec, list(rows), fields):
            filled[record.id] = {code for code, value in record.values.items() if not is_empty(value)}
    return [
        Write(
            change.change,
            spec.code,
            id=id,
            fields={code: raw for code, raw in change.fields.items() if code not in filled.get(id, ())},
            pipeline=change.pipeline,
            stage=change.stage,
            reason=change.reason,
            owner=change.owner,
        )
        for id in ids
    ]


def reason_of(outcome: Outcome, spec: TypeSpec) -> str:
    """Why a record was refused, with the names of the fields at fault."""
    error = outcome.error
    if error is None:
        return ""
    told = []
    for fault in error.errors:
        field = spec.by_code.get(fault.field)
        told.append(f"{field.label}: {fault.message}" if field else str(fault.message))
    return "; ".join(told) or str(error)


@transaction.atomic
def order_work(id: int) -> None:
    """Have a job go on with a run."""
    publish(BULK_ORDERED, {"run": id})


def take_up_lost_runs() -> int:
    """Order work on runs whose job is gone; says how many. A job too many finds nothing to do."""
    lost = BulkRun.objects.filter(state__in=_WORKING, touched_at__lt=now() - LOST)
    ids = list(lost.values_list("id", flat=True))
    for id in ids:
        order_work(id)
    return len(ids)


def forget_old_runs() -> None:
    """Drop runs that nobody undoes any more, with what became of their records."""
    old = BulkRun.objects.filter(created_at__lt=now() - KEPT).exclude(state__in=_WORKING)
    for id in list(old.values_list("id", flat=True)):
        with transaction.atomic():
            BulkItem.objects.filter(run_id=id).delete()
            BulkRun.objects.filter(id=id).delete()
