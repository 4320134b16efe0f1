"""Last phase: history of what was stored, and one outbox row that tells the rest of the world."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from trassa.journal import Json, NewEntry, Stream, append_statement, publish_statement
from trassa.records.actions.attachments import beside_changes
from trassa.records.actions.batch import JOURNALLED, Batch, Item
from trassa.records.events import RECORDS_CHANGED
from trassa.records.queries.attachments import BESIDE_KEY
from trassa.records.queries.names import id_of
from trassa.records.types import GOING
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, LinkPeriod


def write_history(batch: Batch) -> None:
    """One entry a record, and one on the other end of every many-relation that changed."""
    entries = [
        NewEntry(Stream("record", item.id), item.write.change.value, changes_of(item))
        for item in batch.stored
    ]
    entries += [
        NewEntry(Stream("record", id), "linked", changes) for id, changes in far_end_changes(batch).items()
    ]
    if entries:
        batch.statements.add(*append_statement(entries, actor_id=batch.actor.id, cause=batch.cause))


def changes_of(item: Item) -> dict[str, tuple[Any, Any]]:
    """What changed, as JSON values before and after, by physical names of fields."""
    before = item.before or {}
    changes: dict[str, tuple[Any, Any]] = {}
    for key, column in JOURNALLED.items():
        old, new = before.get(column), item.after.get(column)
        if old != new:
            changes[key] = (plain(old), plain(new))
    if (beside := beside_changes(item)) is not None:
        changes[BESIDE_KEY] = beside
    for field in item.spec.fields:
        old, new = item.value_before(field), item.value(field)
        if old != new and field.is_journalled:
            changes[field.column] = (to_json(old, field), to_json(new, field))
    return changes | item.turns


def to_json(value: Any, field: FieldSpec) -> Any:
    return None if value is None else field_kinds.get(field.kind).to_json(value, field)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def far_end_changes(batch: Batch) -> Mapping[int, dict[str, tuple[Any, Any]]]:
    """For each record on the far end of a changed many-relation: who was unlinked, who was linked.

    Links with periods are told as they were and as they are, as JSON with the id of the near end.
    """
    changes: dict[int, dict[str, tuple[list[Json], list[Json]]]] = defaultdict(dict)
    for item in batch.stored:
        for field_id, targets in item.links.items():
            old, new = set(item.links_before.get(field_id, ())), set(targets)
            for link in sorted(old ^ new, key=link_order):
                gone, come = changes[id_of(link)].setdefault(f"l_{field_id}", ([], []))
                (come if link in new else gone).append(near_end(item.id, link))
    return {far: dict(pairs) for far, pairs in sorted(changes.items())}


def link_order(link: int | LinkPeriod) -> tuple[Any, ...]:
    return link.sort_key if isinstance(link, LinkPeriod) else (link,)


def near_end(id: int, link: int | LinkPeriod) -> Json:
    """What the far end remembers of a link: the id of the record that has it, with its period."""
    return replace(link, id=id).json if isinstance(link, LinkPeriod) else id


def announce(batch: Batch, *, tells: bool = True) -> None:
    """Publish one message for the whole batch: ids, versions and whose lists they touch, no values.

    `tells` says whether new owners are to hear of it.
    """
    items = [announcement(item) for item in batch.stored]
    if items:
        who = batch.actor.id if batch.actor.id is not None else batch.cause.get("person")
        payload: dict[str, Any] = {"actor": batch.actor.id, "items": items}
        if tells and (given := [gift(item) for item in batch.stored if is_given(item, who)]):
            payload |= {"who": who, "given": given}
        batch.statements.add(*publish_statement(RECORDS_CHANGED, payload))


def announcement(item: Item) -> dict[str, Any]:
    """One changed record as `records.events.RECORDS_CHANGED` describes it."""
    before = item.before or {}
    owners = {before.get("owner_id"), item.after.get("owner_id")}
    owners |= item.participants_before | item.participants_after
    departments = {before.get("department_id"), item.after.get("department_id")}
    return {
        "type": item.spec.id,
        "id": item.id,
        "version": item.after["version"],
        "change": item.write.change.value,
        "owners": sorted(owners - {None}),
        "departments": sorted(departments - {None}),
        "retitled": not item.is_new and before.get("title") != item.after.get("title"),
    }


def is_given(item: Item, who: int | None) -> bool:
    """Whether the record became somebody's by the hand of another one."""
    owner = item.after.get("owner_id")
    return owner not in (None, who, (item.before or {}).get("owner_id")) and item.write.change not in GOING


def gift(item: Item) -> dict[str, Any]:
    """Whose a record became, as `records.events.RECORDS_CHANGED` describes it."""
    after = item.after
    return {"type": item.spec.id, "id": item.id, "version": after["version"], "owner": after["owner_id"]}
