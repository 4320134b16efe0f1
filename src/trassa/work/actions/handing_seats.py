"""Handing over places in tasks: who helps, may take, or watches, is somebody else from then on.

The places are the person's own, so whoever hands over their work needs no part in these tasks; they see the
records that these are about.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_by_id
from trassa.journal import Json
from trassa.people.registries import HandedWork, HandoverOrder, LeftWork, WorkPart
from trassa.people.types import share_out
from trassa.work.actions.noting import SEAT_KEYS, Held, Kept, holders_json, keep_all, seats_for
from trassa.work.models import Seat, Task
from trassa.work.queries.sight import Sight
from trassa.work.queries.tasks import open_tasks_with_seats_of, read_tasks
from trassa.work.types import Cause, Holders, TaskLine

_PART = "seats"
#: A task, a part in it, and the person who has it.
Place = tuple[int, str, int]


def count_seats(person_id: int, actor_id: int | None) -> list[WorkPart]:
    """The open tasks in which somebody has a place by name, of those that the actor sees."""
    tasks = open_tasks_with_seats_of(actor_by_id(actor_id), person_id)
    return [WorkPart(_PART, _("Tasks to help with, to take or to watch"), len(tasks))]


def pass_seats_on(order: HandoverOrder) -> HandedWork:
    """Give places to others; the memo says which, to whom, and whether they had not had them before."""
    actor = actor_by_id(order.actor_id)
    shares = {id: share for each in order.assignments for id, share in each.shares.items()}
    ids = open_tasks_with_seats_of(actor, order.person_id)
    tasks = read_tasks(ids)
    sight = Sight.of(shares, (line.record_id for line in tasks.values()))
    shared = share_out(ids, shares, lambda id, person_id: sight.is_seen_by(person_id, tasks[id].record_id))
    gone = {(id, part, order.person_id) for id in shared for part in parts_in(tasks[id], order.person_id)}
    come = {(id, part, shared[id]) for id, part, _person in gone}
    new = {place for place in come if place[1] not in parts_in(tasks[place[0]], place[2])}
    exchange(gone, new, tasks, actor, {"kind": "handover", "handover": order.id})
    order.report(len(ids))
    names = ", ".join(str(each.name) for each in sight.actors.values())
    unseen = [tasks[id].title for id in ids if id not in shared]
    reason = _("%(names)s: would not see it") % {"names": names}
    left = [LeftWork.of(_PART, reason, unseen)] if unseen else []
    memo: list[Json] = [[*place, place in new] for place in sorted(come)]
    return HandedWork({_PART: dict(Counter(shared.values()))}, left, memo)


def return_seats(order: HandoverOrder, memo: Any) -> HandedWork:
    """Give places back in tasks that are open and in which those who got them still have them."""
    tasks = read_tasks(id for id, _part, _person, _is_new in memo)
    gone: set[Place] = set()
    come: set[Place] = set()
    changed: dict[int, str] = {}
    for id, part, person_id, is_new in memo:
        line = tasks.get(id)
        if line is None or not line.is_open or person_id not in line.holders(part).people:
            changed[id] = line.title if line else ""
            continue
        come.add((id, part, order.person_id))
        if is_new:
            gone.add((id, part, person_id))
    exchange(gone, come, tasks, actor_by_id(order.actor_id), {"kind": "handover_undo", "handover": order.id})
    order.report(len({id for id, *_place in memo}))
    left = [LeftWork.of(_PART, _("Changed since."), list(changed.values()))] if changed else []
    return HandedWork({_PART: {order.person_id: len({id for id, *_place in come})}}, left)


def exchange(
    gone: Set[Place], come: Set[Place], tasks: Mapping[int, TaskLine], actor: Actor, cause: Cause
) -> None:
    """Take some places away and give others: as many statements for many tasks as for one."""
    newcomers: dict[tuple[int, str], list[int]] = defaultdict(list)
    touched: dict[int, set[str]] = defaultdict(set)
    for id, part, person in sorted(gone | come):
        touched[id].add(part)
        if (id, part, person) in come:
            newcomers[id, part].append(person)
    made: list[Seat] = []
    kept: list[Kept] = []
    for row in Task.objects.select_for_update().filter(id__in=touched).order_by("id"):
        line = tasks[row.id]
        changes: dict[str, Json] = {}
        for key, part in SEAT_KEYS.items():
            if part not in touched[row.id]:
                continue
            before = line.holders(part)
            stay = [id for id in before.people if (row.id, part, id) not in gone]
            new = [id for id in newcomers[row.id, part] if id not in stay]
            changes[key] = holders_json(Holders([*stay, *new], before.roles, before.departments))
            made += seats_for(row, part, Holders(new))
        kept.append(Kept(Held(row, line, actor), changes))
    people = {person for _id, _part, person in gone}
    seats = Seat.objects.filter(task_id__in=touched, person_id__in=people)
    places = seats.values_list("pk", "task_id", "part", "person_id")
    Seat.objects.filter(pk__in=[pk for pk, *place in places if tuple(place) in gone]).delete()
    Seat.objects.bulk_create(made, ignore_conflicts=True)
    keep_all(kept, "changed", cause)


def parts_in(task: TaskLine, person_id: int) -> Sequence[str]:
    """The places that somebody has in a task by name."""
    return [part for part in SEAT_KEYS.values() if person_id in task.holders(part).people]
