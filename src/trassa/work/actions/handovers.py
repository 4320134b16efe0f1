"""Handing over tasks: what somebody is to do goes to others, all of them at once."""

from collections import Counter, defaultdict
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_by_id
from trassa.journal import Json
from trassa.people.registries import HandedWork, HandoverOrder, LeftWork, WorkPart
from trassa.people.types import share_out
from trassa.work.actions.holding import delegate_tasks
from trassa.work.queries.sight import Sight
from trassa.work.queries.tasks import own_open_tasks, read_tasks
from trassa.work.types import Cause

_PART = "tasks"


def count_open_tasks(person_id: int, actor_id: int | None) -> list[WorkPart]:
    """The open tasks that somebody owns, of those about records that the actor sees."""
    return [WorkPart(_PART, _("Open tasks"), len(own_open_tasks(actor_by_id(actor_id), person_id)))]


def pass_tasks_on(order: HandoverOrder) -> HandedWork:
    """Delegate tasks to others; the memo says which went to whom."""
    actor = actor_by_id(order.actor_id)
    shares = {id: share for each in order.assignments for id, share in each.shares.items()}
    ids = own_open_tasks(actor, order.person_id)
    tasks = read_tasks(ids)
    sight = Sight.of(shares, (line.record_id for line in tasks.values()))
    names = ", ".join(str(actor.name) for actor in sight.actors.values())
    shared = share_out(ids, shares, lambda id, person_id: sight.is_seen_by(person_id, tasks[id].record_id))
    left: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        if id not in shared:
            left[_("%(names)s: would not see it") % {"names": names}].append(tasks[id].title)
    cause: Cause = {"kind": "handover", "handover": order.id}
    refused = delegate_tasks(shared, actor=actor, cause=cause)
    order.report(len(ids))
    for id, reasons in refused.items():
        left[reasons].append(tasks[id].title)
    memo: list[Json] = [[id, person_id] for id, person_id in shared.items() if id not in refused]
    given = Counter(person_id for id, person_id in shared.items() if id not in refused)
    return HandedWork({_PART: dict(given)}, told(left), memo)


def return_tasks(order: HandoverOrder, memo: Any) -> HandedWork:
    """Give back the tasks that are still open and with whom they went to.

    Who handed over may have lost sight of them by that; giving back what one gave away needs no more.
    """
    actor = actor_by_id(order.actor_id)
    back = Actor(id=actor.id, name=actor.name, everything=True)
    cause: Cause = {"kind": "handover_undo", "handover": order.id}
    tasks = read_tasks(id for id, _person in memo)
    left: dict[str, list[str]] = defaultdict(list)
    owners: dict[int, int] = {}
    for id, person_id in memo:
        line = tasks.get(id)
        if line is None or not line.is_open or line.owner_id != person_id:
            left[_("Changed since.")].append(line.title if line else "")
        else:
            owners[id] = order.person_id
    refused = delegate_tasks(owners, actor=back, cause=cause)
    order.report(len(memo))
    for id, reasons in refused.items():
        left[reasons].append(tasks[id].title)
    return HandedWork({_PART: {order.person_id: len(owners) - len(refused)}}, told(left))


def told(left: dict[str, list[str]]) -> list[LeftWork]:
    """What stays, with some of it by name."""
    return [LeftWork.of(_PART, reason, titles) for reason, titles in left.items()]
