"""Checklists of stages: things are ticked one by one, and required ones keep a record from going on.

Who may edit or move a record ticks. Each tick is an entry of the record's history; versions stay.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.journal import NewEntry, Stream, append
from trassa.kernel import Forbidden, NotFound, now
from trassa.records.actions.batch import Batch, Item
from trassa.records.actions.conditions import changing
from trassa.records.actions.preparing import lock_rows
from trassa.records.actions.touching import touch_records
from trassa.records.models import Tick
from trassa.records.queries.checklists import ticked
from trassa.records.queries.comments import may_with_record
from trassa.records.queries.files import sees_record
from trassa.schema.queries import current_generation
from trassa.schema.types import ChecklistItem, StageSpec, TypeSpec

#: Kinds of history, and the key of an item in it.
TICKED, UNTICKED = "ticked", "unticked"
KEY = "check:{}"


@transaction.atomic
def set_tick(
    actor: Actor, spec: TypeSpec, record_id: int, code: str, *, is_done: bool, cause: Mapping[str, Any]
) -> None:
    """Note that something of the present stage's checklist is done, or is not after all.

    Raises NotFound for what the actor does not see or what is no item of the stage, Forbidden.
    """
    row = lock_rows(spec, [record_id]).rows.get(record_id)
    if row is None or row["deleted_at"] is not None or not sees_record(actor, spec, record_id):
        raise NotFound(_("There is no such record."))
    stage = current_generation().stages_by_id.get(row["stage_id"] or 0)
    item = next((each for each in stage.checklist if each.code == code), None) if stage else None
    if item is None:
        raise NotFound(_("This stage has no such item; the record may have moved on."))
    if not any(may_with_record(actor, verb, spec, record_id) for verb in (Verb.EDIT, Verb.MOVE)):
        raise Forbidden(_("Your role does not allow this change."))
    if store(record_id, item, actor, is_done=is_done):
        words = {"ru": item.label.ru, "en": item.label.en}
        change = (None, words) if is_done else (words, None)
        entry = NewEntry(
            Stream("record", record_id), TICKED if is_done else UNTICKED, {KEY.format(item.id): change}
        )
        append([entry], actor_id=actor.id, cause=cause)
        touch_records([record_id])


def store(record_id: int, item: ChecklistItem, actor: Actor, *, is_done: bool) -> bool:
    """Keep or drop the tick; False when it was so already."""
    if not is_done:
        deleted, _rows = Tick.objects.filter(record_id=record_id, item_id=item.id).delete()
        return bool(deleted)
    _tick, is_new = Tick.objects.get_or_create(
        record_id=record_id, item_id=item.id, defaults={"person_id": actor.id, "at": now()}
    )
    return is_new


def move_ticks(source: int, target: int) -> list[int]:
    """Give a record what only the other one has ticked; gives the items. What both have stays with both."""
    mine = Tick.objects.filter(record_id=target).values("item_id")
    moving = Tick.objects.filter(record_id=source).exclude(item_id__in=mine)
    items = list(moving.order_by("item_id").values_list("item_id", flat=True))
    hand_over(items, source, target)
    return items


def move_ticks_back(items: Sequence[int], target: int, source: int) -> None:
    """Give back those of these items that are still ticked on `target`."""
    hand_over(items, target, source)


def hand_over(items: Sequence[int], source: int, target: int) -> None:
    Tick.objects.filter(record_id=source, item_id__in=items).update(record_id=target)


def check_left_stages(batch: Batch) -> None:
    """Refuse to go on from stages whose required things are not done. Back, and into a loss, is free."""
    going: list[tuple[Item, list[ChecklistItem]]] = []
    for item in changing(batch):
        present, following = stages_of(batch, item)
        if present is None or following is None or not goes_on(present, following):
            continue
        required = [each for each in present.checklist if each.required]
        if required:
            going.append((item, required))
    if not going:
        return
    done = ticked(item.id for item, _required in going)
    for item, required in going:
        left = [str(each.label) for each in required if (item.id, each.id) not in done]
        if left:
            message = _("First do and tick: %(what)s.") % {"what": "; ".join(left)}
            item.refuse("stage", "checklist", message)


def stages_of(batch: Batch, item: Item) -> tuple[StageSpec | None, StageSpec | None]:
    """The stage that a record stands in and the one it is to stand in."""
    stages = batch.generation.stages_by_id
    before = (item.before or {}).get("stage_id")
    return stages.get(before or 0), stages.get(item.after.get("stage_id") or 0)


def goes_on(present: StageSpec, following: StageSpec) -> bool:
    """Whether a move leads on in the same pipeline."""
    return (
        present.pipeline_id == following.pipeline_id
        and following.position > present.position
        and following.meaning != "lost"
    )
