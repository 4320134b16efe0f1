"""Two records of one type become one: the survivor takes the other one in.

One transaction: the loser goes into the bin first, so that unique values are free; the survivor gets what was
chosen and all files; links of other records are turned; comments and whatever upper rooms keep move. History
of both tells it, and `unmerging` takes it back. See docs/decisions/0027-merges.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Verb
from trassa.journal import publish
from trassa.kernel import Conflict, Forbidden, Invalid, now
from trassa.records.actions import preparing
from trassa.records.actions.attachments import complete_files
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.conditions import check_locked, judge_items
from trassa.records.actions.deadlines import set_deadlines
from trassa.records.actions.formulas import work_out_values
from trassa.records.actions.freezing import kept_by
from trassa.records.actions.joining import Pick, join_values
from trassa.records.actions.relinking import turn_links
from trassa.records.actions.repeating import repeated
from trassa.records.actions.required import check_required
from trassa.records.actions.uniqueness import check_unique, explain_violation
from trassa.records.actions.write import Hooks, store_batch
from trassa.records.events import RECORDS_MERGED
from trassa.records.models import Merge
from trassa.records.queries.merges import standing_merges
from trassa.records.registries import record_references
from trassa.records.types import Change, Outcome, Write
from trassa.schema.queries import current_generation, pin_for_write

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merging:
    """What is to become one: record `source` goes into record `into`, both of the type with this code.

    `versions` are those that the person looked at, by record id. `picks` say whose value stays, by the code
    of a field or "owner"; what is not named keeps the survivor's value, or the other one where that is empty,
    and where a field takes several it keeps all of them. So it is with every masked field.
    """

    type: str
    into: int
    source: int
    versions: Mapping[int, int] = field(default_factory=dict)
    picks: Mapping[str, Pick] = field(default_factory=dict)


def merge_records(
    merging: Merging, *, actor: Actor, cause: Mapping[str, Any], hooks: Hooks = "all"
) -> tuple[Merge, Outcome]:
    """Merge two records in one transaction; gives the merge and what became of the survivor.

    Asks for the right to edit both and to delete the one that goes. Raises NotFound, Forbidden, Invalid
    (fields), Conflict when one of them changed since `versions` or has been merged meanwhile.
    """
    if merging.into == merging.source:
        raise Invalid(_("Choose two different records."), code="same_record")
    return in_one_go(lambda: carry_out(merging, actor, cause, hooks))


def in_one_go(work: Callable[[], T]) -> T:
    """Carry out in one transaction, again after a lost race; a value taken meanwhile is told by its field."""

    def once() -> T:
        try:
            return work()
        except IntegrityError as error:
            refusal = explain_violation(error, current_generation())
            raise (refusal or error) from error

    return repeated(once)


def carry_out(
    merging: Merging, actor: Actor, cause: Mapping[str, Any], hooks: Hooks, *, is_last: bool = True
) -> tuple[Merge, Outcome]:
    """Merge the two; when further records are to follow, what is still empty is not asked for yet."""
    pair = load_together(
        merging.type, merging.into, [merging.source], merging.versions, actor=actor, cause=cause
    )
    survivor, loser = pair.items
    before = [(id, each) for id, files in loser.files_before.items() for each in files]
    join_values(survivor, loser, merging.picks, actor)
    loser.after["deleted_at"] = pair.moment
    check_survivor(pair, survivor, loser, is_last=is_last)
    merge = Merge.objects.create(
        survivor_id=survivor.id,
        loser_id=loser.id,
        merged_at=pair.moment,
        merged_by_id=actor.id,
        version=survivor.after["version"] + 1,
        files=[
            {"id": each.id, "field": key, "kind": each.kind, "position": place}
            for place, (key, each) in enumerate(before)
        ],
    )
    told = {**cause, "merge": merge.id}
    store_one(pair, loser, {**told, "merged_into": survivor.id}, hooks)
    store_one(pair, survivor, {**told, "merged_from": loser.id}, hooks)
    merge.links = turn_links(survivor.spec, loser.id, survivor.id, actor=actor, cause=told, hooks=hooks)
    merge.references = {
        name: [*reference.move(loser.id, survivor.id)] for name, reference in record_references.items()
    }
    merge.save(update_fields=["links", "references"])
    publish(RECORDS_MERGED, {"merge": merge.id})
    return merge, survivor.outcome


def follow_merge(id: int) -> None:
    """Turn links that others made to the loser while it was being merged. Can run twice.

    Such a write found the loser alive and waited for the merge. It holds the loser's row by now, so that
    whoever locks the row sees what it has stored.
    """
    in_one_go(lambda: turn_stragglers(id))


def turn_stragglers(id: int) -> None:
    generation = pin_for_write()
    found = Merge.objects.filter(id=id, undone_at__isnull=True).values_list(
        "survivor_id", "loser_id", "loser__type_id"
    )
    for survivor, loser, type_id in found:
        target = generation.types_by_id[type_id]
        preparing.lock_rows(target, sorted((survivor, loser)))
        merge = Merge.objects.select_for_update().get(id=id)
        if merge.undone_at is None:
            cause = {"kind": "merge", "merge": id}
            merge.links += turn_links(target, loser, survivor, actor=system_actor(), cause=cause, hooks="all")
            merge.save(update_fields=["links"])


def load_together(
    type: str,
    into: int,
    sources: Sequence[int],
    versions: Mapping[int, int],
    *,
    actor: Actor,
    cause: Mapping[str, Any],
) -> Batch:
    """All these records, locked, with everything that may move; refuses what must not be merged."""
    writes = [
        Write(change, type, id=id, version=versions.get(id))
        for change, id in ((Change.MERGE, into), *((Change.JOIN, source) for source in sources))
    ]
    batch = Batch(pin_for_write(), actor, cause, now(), items=[])
    preparing.resolve_items(batch, writes)
    preparing.load_rows(batch)
    refuse_merged(batch)
    preparing.authorise(batch)
    for item in batch.live:
        if not actor.may(Verb.EDIT, item.row_before):
            item.fail(Forbidden(_("Your role does not allow this change.")))
    preparing.check_versions(batch)
    batch.close_checks(atomic=True)
    complete_files(batch.items)
    return batch


def refuse_merged(batch: Batch) -> None:
    """Whoever comes late hears that one of them has been merged, not that it is gone."""
    merges = standing_merges(item.id for item in batch.live)
    for item in batch.live:
        if item.id in merges and batch.actor.may(Verb.SEE, item.row_before):
            message = _("“%(name)s” has been merged into another record meanwhile. Read it again.")
            item.fail(Conflict(message % {"name": (item.before or {})["title"]}, code="merged"))


def check_survivor(pair: Batch, survivor: Item, loser: Item, *, is_last: bool) -> None:
    """What holds for every write: deadlines that follow, locked and required fields, unique values.

    Where the other record brings what lets a value stay, it brings the value that stays.
    """
    alone = Batch(pair.generation, pair.actor, pair.cause, pair.moment, [survivor])
    survivor.kept = kept_by(pair.generation, loser)
    work_out_values(alone)
    set_deadlines(alone)
    judge_items(alone)
    check_locked(alone)
    if is_last:
        check_required(alone)
    check_unique(pair)
    pair.close_checks(atomic=True)


def store_one(pair: Batch, item: Item, cause: Mapping[str, Any], hooks: Hooks) -> None:
    """Store one of the two, with a cause of its own."""
    store_batch(Batch(pair.generation, pair.actor, cause, pair.moment, [item]), hooks)
