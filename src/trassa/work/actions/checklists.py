"""The checklist of a task: items are ticked by whoever works on it, and keep who ticked them and when.

Items live in the row of their task and change under its lock. An item keeps its tick while its words stay.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid, NotFound, now
from trassa.work.actions.drafts import Faults, check_items
from trassa.work.actions.noting import Held, hold_task, keep
from trassa.work.models import Task
from trassa.work.types import NO_CAUSE, Cause

Items = list[dict[str, Any]]


def items_of(texts: Sequence[str], before: Items | None = None) -> Items:
    """Items as a task keeps them; those with the words of an item before stay that one, with its tick."""
    known = {item["text"]: item for item in before or ()}
    following = max((item["id"] for item in known.values()), default=0)
    found: Items = []
    for text in texts:
        if text not in known:
            following += 1
        found.append(known.get(text) or {"id": following, "text": text, "done_at": None, "done_by": None})
    return found


@transaction.atomic
def tick_item(id: int, item: int, *, done: bool, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Tick an item of a task off, or take the tick back; raises NotFound for an item that is not there."""
    held = hold_item_list(id, actor)
    items = [dict(each) for each in held.row.checklist]
    found = next((each for each in items if each["id"] == item), None)
    if found is None:
        raise NotFound(_("There is no such item."))
    if (found["done_at"] is not None) is done:
        return held.row
    found["done_at"], found["done_by"] = (now().isoformat(), actor.id) if done else (None, None)
    return keep_items(held, items, "ticked" if done else "unticked", cause)


@transaction.atomic
def add_item(id: int, text: str, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Put another item at the end; one with the same words is there already. Raises Invalid."""
    held = hold_item_list(id, actor)
    faults = Faults()
    texts = check_items([*(each["text"] for each in held.row.checklist), text], faults)
    faults.refuse()
    if not text.strip():
        message = _("Say what is to be done.")
        raise Invalid(message, errors=[FieldError("checklist", "required", message)])
    if len(texts) == len(held.row.checklist):
        return held.row
    return keep_items(held, items_of(texts, held.row.checklist), "changed", cause)


@transaction.atomic
def remove_item(id: int, item: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Take an item away; one that is not there is gone already."""
    held = hold_item_list(id, actor)
    items = [each for each in held.row.checklist if each["id"] != item]
    if len(items) == len(held.row.checklist):
        return held.row
    return keep_items(held, items, "changed", cause)


def hold_item_list(id: int, actor: Actor) -> Held:
    """An open task whose checklist the actor may work on."""
    held = hold_task(id, actor)
    held.require("tick")
    held.require_open()
    return held


def keep_items(held: Held, items: Items, kind: str, cause: Cause) -> Task:
    """Store the items; history tells of words and ticks apart."""
    held.row.checklist = items
    told = {
        "checklist": [each["text"] for each in items] or None,
        "ticked": [each["text"] for each in items if each["done_at"]] or None,
    }
    return keep(held, kind, cause, told)


def check_ticks(row: Task, faults: Faults) -> None:
    """A task whose checklist is to be whole ends well only with everything ticked."""
    left = [each["text"] for each in row.checklist if not each["done_at"]]
    if row.whole_checklist and left:
        faults.add("checklist", "unticked", _("Tick everything off first: %s.") % ", ".join(left))
