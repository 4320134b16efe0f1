"""A merge is taken back: both records are their own again, as far as nobody has changed it since.

One transaction, the mirror of `merging`: the survivor gives back values first, then the other record comes
out of the bin. What was changed or added since stays with the survivor and is named.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.journal import Entry, Stream, list_entries
from trassa.kernel import Conflict, Forbidden, NotFound, now
from trassa.records.actions import preparing
from trassa.records.actions.attachments import complete_files
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.deadlines import set_deadlines
from trassa.records.actions.formulas import work_out_values
from trassa.records.actions.freezing import kept_in
from trassa.records.actions.merging import in_one_go, store_one
from trassa.records.actions.relinking import joined_links, set_value, turn_back
from trassa.records.actions.uniqueness import check_unique
from trassa.records.actions.write import Hooks
from trassa.records.models import Merge
from trassa.records.queries.names import titles_in, visible_titles
from trassa.records.queries.past import former
from trassa.records.registries import record_references
from trassa.records.types import Attached, Change, Write
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import FieldSpec


@dataclass(frozen=True, slots=True)
class Stayed:
    """Something that was changed since a merge and did not go back: a key of a record, "" for its files."""

    type: str
    id: int
    key: str


@dataclass(slots=True)
class Unmerged:
    """What came of taking a merge back, or all merges that were made in one go with it."""

    survivor: int
    #: The records that are their own again.
    losers: list[int] = dataclass_field(default_factory=list)
    #: Version of the survivor now.
    version: int = 0
    stayed: list[Stayed] = dataclass_field(default_factory=list)


def unmerge_records(
    type: str,
    survivor: int,
    source: int,
    *,
    actor: Actor,
    cause: Mapping[str, Any],
    hooks: Hooks = "all",
) -> Unmerged:
    """Take `source` out of `survivor` again, and what was merged in one go with it; asks for the rights that
    merging asks for.

    Raises NotFound when they are not merged, Conflict when the survivor has itself been merged since (that
    comes first), Invalid when somebody else has a unique value by now.
    """

    def take_apart() -> Unmerged:
        result = Unmerged(survivor)
        losers = list_losers(survivor, source)
        load_together(type, survivor, losers, actor, cause)
        merges = frozenset(lock_merge(survivor, loser).id for loser in losers)
        for loser in losers:
            carry_out(load_together(type, survivor, [loser], actor, cause), hooks, merges, result)
        return result

    return in_one_go(take_apart)


def carry_out(pair: Batch, hooks: Hooks, merges: Collection[int], result: Unmerged) -> None:
    """Part the two. What only other ones of these merges changed since comes back all the same."""
    survivor, loser = pair.items
    actor, cause = pair.actor, pair.cause
    merge = lock_merge(survivor.id, loser.id)
    give_back(survivor, merge, merges, result)
    take_back_files(survivor, loser, merge, result)
    loser.after["deleted_at"] = None
    work_out_values(pair)
    set_deadlines(pair)
    check_unique(pair)
    pair.close_checks(atomic=True)
    told = {**cause, "merge": merge.id}
    store_one(pair, survivor, {**told, "parted_from": loser.id}, hooks)
    store_one(pair, loser, {**told, "parted_from": survivor.id}, hooks)
    kept = turn_back(merge.links, loser.id, survivor.id, actor=actor, cause=told, hooks=hooks)
    result.stayed += [Stayed(spec.code, id, field.code) for spec, field, id in kept]
    for name, ids in merge.references.items():
        if (reference := record_references.find(name)) is not None:
            reference.move_back(ids, survivor.id, loser.id)
    merge.undone_at, merge.undone_by_id = pair.moment, actor.id
    merge.save(update_fields=["undone_at", "undone_by_id"])
    result.losers.append(loser.id)
    result.version = survivor.after["version"]


def seen_of(actor: Actor, stayed: Sequence[Stayed]) -> list[Stayed]:
    """What of it the actor may know: neither masked fields nor records out of reach."""
    types = current_generation().types
    wanted: dict[int, set[int]] = {}
    for each in stayed:
        wanted.setdefault(types[each.type].id, set()).add(each.id)
    seen = titles_in(visible_titles(actor, wanted))
    return [
        each
        for each in stayed
        if each.id in seen
        and ((field := types[each.type].by_code.get(each.key)) is None or actor.sees_field(field))
    ]


def list_losers(survivor: int, source: int) -> list[int]:
    """The record and those that were merged in one go with it, the last one first."""
    standing = Merge.objects.filter(survivor_id=survivor, undone_at__isnull=True)
    together = standing.filter(loser_id=source).values_list("together", flat=True).first()
    if together is None:
        return [source]
    standing = standing.filter(together=together)
    return list(standing.order_by("-id").values_list("loser_id", flat=True))


def load_together(
    type: str, survivor: int, sources: Sequence[int], actor: Actor, cause: Mapping[str, Any]
) -> Batch:
    """All these records, locked; refuses whoever may not have them apart."""
    batch = Batch(pin_for_write(), actor, cause, now(), items=[])
    parted = [Write(Change.PART, type, id=source) for source in sources]
    writes = [Write(Change.UNMERGE, type, id=survivor), *parted]
    preparing.resolve_items(batch, writes)
    preparing.load_rows(batch)
    for item in batch.live:
        refuse_chained(batch, item)
    preparing.authorise(batch)
    for item in batch.live:
        if not actor.may(Verb.EDIT, item.row_before):
            item.fail(Forbidden(_("Your role does not allow this change.")))
    batch.close_checks(atomic=True)
    complete_files(batch.items)
    return batch


def refuse_chained(batch: Batch, item: Item) -> None:
    """A survivor that became part of another record must come back first."""
    if item.write.change is not Change.UNMERGE or not batch.actor.may(Verb.SEE, item.row_before):
        return
    if Merge.objects.filter(loser_id=item.id, undone_at__isnull=True).exists():
        message = _("“%(name)s” has itself been merged since. Take that merge back first.")
        item.fail(Conflict(message % {"name": item.after["title"]}, code="merged"))


def lock_merge(survivor: int, source: int) -> Merge:
    """The merge that stands; raises NotFound."""
    found = Merge.objects.select_for_update().filter(
        survivor_id=survivor, loser_id=source, undone_at__isnull=True
    )
    merge = found.first()
    if merge is None:
        raise NotFound(_("These records are not merged."))
    return merge


def give_back(survivor: Item, merge: Merge, merges: Collection[int], result: Unmerged) -> None:
    """Put the survivor's values before the merge into its row to be, unless others changed them since."""
    entry = find_entry(survivor.id, merge.id)
    survivor.kept = kept_in(entry.changes, survivor.spec)
    found = preparing.changes_since(survivor, merge.version)
    since = {key for key, last in found.items() if last.cause.get("merge") not in merges}
    for field in survivor.spec.fields:
        if field.column not in entry.changes or field.kind == "files" or field.formula is not None:
            continue
        before, after = entry.changes[field.column]
        if field.has_links:
            set_value(survivor, field, parted_links(field, survivor.value(field), before, after))
        elif field.column not in since:
            set_value(survivor, field, former_value(field, before))
        else:
            result.stayed.append(Stayed(survivor.spec.code, survivor.id, field.code))
    if "owner" in entry.changes or "department" in entry.changes:
        if {"owner", "department"} & since:
            result.stayed.append(Stayed(survivor.spec.code, survivor.id, "owner"))
        else:
            keys = (key for key in ("owner", "department") if key in entry.changes)
            survivor.after |= {f"{key}_id": entry.changes[key][0] for key in keys}


def find_entry(survivor: int, merge: int) -> Entry:
    """The entry with which the survivor's history tells of a merge."""
    for entry in entries_of_merges(survivor):
        if entry.cause.get("merge") == merge:
            return entry
    raise NotFound(_("There is no such entry in this history."))


def entries_of_merges(id: int) -> Iterator[Entry]:
    before = None
    while entries := list_entries(Stream("record", id), before_seq=before, only=(Change.MERGE.value,)):
        yield from entries
        before = entries[-1].seq


def former_value(field: FieldSpec, before: Any) -> Any:
    value = former(before, field)
    return value or () if field.has_links else value


def parted_links(field: FieldSpec, present: Sequence[Any], before: Any, after: Any) -> tuple[Any, ...]:
    """Links without those that the merge brought and with those that it took; what came since stays."""
    old, new = (former_value(field, value) for value in (before, after))
    brought = [link for link in new if link not in old]
    taken = [link for link in old if link not in new and link not in present]
    return joined_links([*(link for link in present if link not in brought), *taken])


def take_back_files(survivor: Item, loser: Item, merge: Merge, result: Unmerged) -> None:
    """Files that moved return to their places, wherever they lie on the survivor by now."""
    moved = {each["id"]: each for each in merge.files}
    coming: dict[int, list[tuple[int, Attached]]] = {}
    found: set[int] = set()
    for key, files in survivor.files_before.items():
        survivor.files[key] = tuple(each for each in files if each.id not in moved)
        for each in files:
            if (place := moved.get(each.id)) is not None:
                found.add(each.id)
                back = replace(each, kind=place["kind"])
                coming.setdefault(place["field"], []).append((place["position"], back))
    for key, placed in coming.items():
        ordered = [each for _place, each in sorted(placed, key=lambda pair: pair[0])]
        loser.files[key] = (*loser.files_before.get(key, ()), *ordered)
    if found != moved.keys():
        result.stayed.append(Stayed(survivor.spec.code, survivor.id, ""))
