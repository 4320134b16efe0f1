"""Third phase: owners and everything that fields point at must exist and be visible."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from trassa.people.queries import departments_of, existing_department_ids
from trassa.records.actions.batch import Batch, Item
from trassa.records.queries.names import ids_in, titles_in, visible_titles
from trassa.records.types import COMING, GOING
from trassa.schema.types import FieldSpec


def set_owners(batch: Batch) -> None:
    """Give new records their owner (the writer unless named), and the department with the owner."""
    wanted = {item.write.owner for item in batch.live if item.write.owner is not None}
    known: dict[int, int | None] = {}
    if batch.actor.id is not None:
        known[batch.actor.id] = batch.actor.department_id
    known |= departments_of(wanted - known.keys())
    for item in batch.live:
        owner = item.write.owner
        if owner is None and item.is_new:
            owner = batch.actor.id
        if owner is None:
            continue
        if owner not in known:
            item.refuse("owner", "unknown_person", _("There is no such active person."))
        else:
            item.after |= {"owner_id": owner, "department_id": known[owner]}


def check_references(batch: Batch) -> None:
    """Refuse ids that name nobody, and links to records that this person cannot see."""
    live = [item for item in batch.live if item.write.change not in GOING | COMING]
    check_linked_records(batch, live)
    check_ids(live, "person", departments_of)
    check_ids(live, "department", existing_department_ids)


def check_linked_records(batch: Batch, items: list[Item]) -> None:
    """Read titles of newly linked records, whatever is not found is refused."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for item in items:
        for field in item.spec.linking_fields:
            if field.target_type_id is not None:
                wanted[field.target_type_id] |= new_ids(item, field)
    found = visible_titles(batch.actor, wanted)
    batch.titles |= titles_in(found)
    for item in items:
        for field in item.spec.linking_fields:
            known = found.get(field.target_type_id or 0, {}).keys()
            if new_ids(item, field) - known:
                item.refuse(field.code, "unknown_record", _("There is no such record to link to."))


def new_ids(item: Item, field: FieldSpec) -> set[int]:
    """Ids that this write puts into a field and that were not there before."""
    return {*ids_in(item.value(field))} - {*ids_in(item.value_before(field))}


def check_ids(items: list[Item], kind: str, existing: Any) -> None:
    """Refuse ids of persons or departments that do not exist; `existing(ids)` gives those that do."""
    pairs = [(item, field) for item in items for field in item.spec.fields if field.kind == kind]
    wanted = {id for item, field in pairs for id in new_ids(item, field)}
    if not wanted:
        return
    found = existing(wanted)
    for item, field in pairs:
        if new_ids(item, field) - set(found):
            item.refuse(field.code, f"unknown_{kind}", _("Choose one from the list."))
