"""The one write path. Board, card, bulk, import, API, robots and processes all end here.

A write takes a list; one record is a batch of one. Everything is one transaction: rows, history,
search documents, hooks and the outbox row. See docs/decisions/0004-one-write-path.md.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from typing import Any, Literal

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.kernel import Conflict, Invalid, now
from trassa.records.actions import (
    announcing,
    attachments,
    checklists,
    conditions,
    deadlines,
    followers,
    formulas,
    freezing,
    preparing,
    references,
    required,
    search_documents,
    stages,
    storing,
    titles,
    uniqueness,
)
from trassa.records.actions.batch import Batch, Item, by_type
from trassa.records.actions.refreshing import refresh_dependants
from trassa.records.actions.repeating import is_lost_race
from trassa.records.registries import WriteHook, WrittenRecord, write_hooks
from trassa.records.types import Outcome, Write
from trassa.schema.queries import current_generation, pin_for_write

#: A batch of the API, of the board and of an import never exceeds this.
MAX_BATCH = 1000
_ATTEMPTS = 3

Hooks = Literal["none", "immediate", "all"]

#: In this order; each adds to what the ones before have found out.
CHECKS: tuple[Callable[[Batch], None], ...] = (
    preparing.load_rows,
    preparing.authorise,
    preparing.check_versions,
    preparing.parse_fields,
    attachments.check_files,
    references.set_owners,
    stages.place_items,
    checklists.check_left_stages,
    formulas.work_out_values,
    deadlines.set_deadlines,
    conditions.judge_items,
    conditions.check_locked,
    conditions.check_entering,
    required.check_required,
    preparing.authorise_new,
    references.check_references,
    uniqueness.check_unique,
)

#: Goes up with every batch: whether hooks have written is seen by it.
_batches_stored: ContextVar[int] = ContextVar("batches_stored", default=0)


def write_records(
    writes: Sequence[Write],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    atomic: bool = True,
    hooks: Hooks = "all",
) -> list[Outcome]:
    """Carry out a batch in one transaction and say what became of each write, in their order.

    With `atomic` the first refusal is raised (NotFound, Forbidden, Invalid, Conflict) and nothing is
    stored; otherwise refused writes carry their error and the others are stored. A record may stand
    in a batch once. `cause` goes into history: `{"kind": "api", "token": 3}`, `{"kind": "import"}`.
    Deadlocks and unique values taken at the same moment are tried again when the transaction is ours.
    """
    if len(writes) > MAX_BATCH:
        raise Invalid(_("A batch holds at most 1,000 records."), code="batch_too_large")
    ours = not connection.in_atomic_block
    attempt = 1
    while True:
        try:
            with transaction.atomic() if ours else nullcontext():
                batch = check_batch(writes, actor=actor, cause=cause, atomic=atomic)
                # Within somebody else's transaction a savepoint undoes a batch that fails half-way.
                with transaction.atomic(savepoint=not ours):
                    store_batch(batch, hooks)
                return [item.outcome for item in batch.items]
        except IntegrityError as error:
            refusal = uniqueness.explain_violation(error, current_generation())
            if refusal is None or not ours or attempt == _ATTEMPTS:
                raise (refusal or error) from error
        except OperationalError as error:
            if not is_lost_race(error) or not ours:
                raise
            if attempt == _ATTEMPTS:
                raise Conflict(_("Others are changing the same records. Try again."), code="busy") from error
        attempt += 1


def check_batch(writes: Sequence[Write], *, actor: Actor, cause: Mapping[str, Any], atomic: bool) -> Batch:
    """Pin the schema, lock the rows and check everything; nothing is written yet."""
    batch = Batch(generation=pin_for_write(), actor=actor, cause=cause, moment=now(), items=[])
    preparing.resolve_items(batch, writes)
    for check in CHECKS:
        check(batch)
    batch.close_checks(atomic=atomic)
    return batch


def check_records(writes: Sequence[Write], *, actor: Actor, cause: Mapping[str, Any]) -> list[Outcome]:
    """Say what would become of each write; nothing is stored, and hooks are not asked."""
    with transaction.atomic():
        batch = check_batch(writes, actor=actor, cause=cause, atomic=False)
    return [item.outcome for item in batch.items]


def store_batch(batch: Batch, hooks: Hooks) -> None:
    """Write what the checks let through, its history, its search documents and its outbox row."""
    _batches_stored.set(_batches_stored.get() + 1)
    storing.give_numbers(batch)
    titles.set_titles(batch)
    storing.stamp_items(batch)
    storing.store_rows(batch)
    search_documents.store_search_documents(batch)
    freezing.store_turns(batch)
    announcing.write_history(batch)
    written = [written_record(item) for item in batch.stored]
    followers.add_following(batch.statements, written, batch.beside)
    refreshed = refresh_dependants(batch)
    others_wrote = run_hooks(batch, [*written, *refreshed], hooks)
    others_wrote |= not {record.id for record in refreshed}.isdisjoint(item.id for item in batch.stored)
    announcing.announce(batch, tells=hooks != "none")
    batch.statements.run()
    versions = read_versions(batch) if others_wrote else {}
    for item in batch.live:
        item.outcome.id, item.outcome.version = item.id, versions.get(item.id, item.after["version"])
        if not others_wrote:
            item.outcome.row, item.outcome.links = item.after, item.links_before | item.links
            item.outcome.files = item.files_before | item.files
            item.outcome.participant_ids = item.participants_after


def run_hooks(batch: Batch, written: Sequence[WrittenRecord], hooks: Hooks) -> bool:
    """Let upper rooms take part, in the order of their registration; gives whether any wrote records."""
    chosen = [hook for hook in write_hooks if is_chosen(hook, hooks)]
    stored = _batches_stored.get()
    for hook in chosen if written else ():
        if hook.concerns(written):
            batch.statements.run()
            hook.handle(written, batch.actor, batch.cause)
    return _batches_stored.get() != stored


def written_record(item: Item) -> WrittenRecord:
    """What hooks are told of one record."""
    changed = frozenset(
        f"f_{id}" for id, links in item.links.items() if links != item.links_before.get(id, ())
    )
    return WrittenRecord(item.spec, item.id, item.write.change.value, item.before, item.after, changed)


def read_versions(batch: Batch) -> dict[int, int]:
    """The versions of records that hooks may have changed further; a query a type."""
    found: dict[int, int] = {}
    for spec, items in by_type(batch.live):
        rows = spec.model._default_manager.filter(pk__in=[item.id for item in items])
        found |= dict(rows.values_list("pk", "version"))
    return found


def is_chosen(hook: WriteHook, hooks: Hooks) -> bool:
    """Whether the writer wants this hook to run."""
    return hooks == "all" or (hooks == "immediate" and hook.immediate)
