"""Handing over records and watches: the owner and people in fields, by the one write path.

Who hands over does it with their own rights: what they do not see is not there, what they may not change
stays and is told. So does what the person who takes over would not see.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_by_id, actors_of, restrict
from trassa.access.types import Row, Verb
from trassa.journal import Json
from trassa.people.queries import people_by_ids
from trassa.people.registries import HandedWork, HandoverOrder, LeftWork
from trassa.people.types import share_out
from trassa.records.actions.bulk_runs import reason_of
from trassa.records.actions.taking_back import Origin, take_back_records
from trassa.records.actions.write import write_records
from trassa.records.queries.audience import read_places
from trassa.records.queries.workloads import OWNER, OwnWork, ids_of_work, read_work_key
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation, pin_generation
from trassa.schema.types import TypeSpec

_KIND = "handover"
#: Records of one batch.
_BATCH = 500


@dataclass(slots=True)
class Plan:
    """What becomes of the records of one type: by record, who gets which of its places."""

    spec: TypeSpec
    #: Record → place ("owner" or the code of a field) → person.
    gifts: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    #: Record → the parts of the order that it came by.
    parts: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(slots=True)
class Handing:
    """An order with the rights of who gives it; what went where, and what stayed."""

    order: HandoverOrder
    actor: Actor
    given: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    left: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def give(self, parts: Mapping[str, int]) -> None:
        for part, person in parts.items():
            self.given[part][person] += 1

    def leave(self, parts: Iterable[str], reason: str, title: str) -> None:
        for part in parts:
            self.left[part, reason].append(title)

    def result(self, memo: Json) -> HandedWork:
        left = [LeftWork.of(part, reason, titles) for (part, reason), titles in self.left.items()]
        return HandedWork({part: dict(counts) for part, counts in self.given.items()}, left, memo)


@pin_generation()
def move_records(order: HandoverOrder) -> HandedWork:
    """Give records to others; the memo has the ids that were written, by the codes of their types."""
    handing = Handing(order, actor_by_id(order.actor_id))
    moved = {plan.spec.code: carry_out(plan, handing) for plan in make_plans(handing)}
    return handing.result({"records": moved})


def make_plans(handing: Handing) -> list[Plan]:
    """Whom each record goes to; what an earlier assignment has taken is not there for a later one.

    Who would not see a record gets none while others can have it; what nobody would see stays.
    """
    plans: dict[int, Plan] = {}
    person_id = handing.order.person_id
    for each in handing.order.assignments:
        work = read_work_key(each.part)
        if work is None:
            continue
        plan = plans.setdefault(work.spec.id, Plan(work.spec))
        taken = {id for id, places in plan.gifts.items() if work.place in places}
        found = ids_of_work(handing.actor, work, person_id, each.where)
        ids = [id for id in found if id not in taken]
        receivers = Receivers(each.shares, work, read_places(ids))
        gifts = share_out(ids, each.shares, receivers.would_see)
        for id, person in gifts.items():
            plan.gifts[id][work.place] = person
            plan.parts[id][each.part] = person
        leave_unseen(handing, work, each.part, [id for id in ids if id not in gifts], receivers)
    return list(plans.values())


class Receivers:
    """People who may get records of a kind of work, with their rights."""

    def __init__(self, person_ids: Iterable[int], work: OwnWork, places: Mapping[int, Row]) -> None:
        people = people_by_ids(person_ids)
        self.names = ", ".join(person.name for person in people)
        self._actors = actors_of(people)
        self._departments = {person.id: person.department_id for person in people}
        self._work, self._places = work, places

    def would_see(self, id: int, person_id: int) -> bool:
        """Whether somebody would see the record once it is theirs."""
        actor, place = self._actors.get(person_id), self._places.get(id)
        if place is None or actor is None:
            return False
        if self._work.place == OWNER:
            place = replace(place, owner_id=person_id, department_id=self._departments[person_id])
        elif self._work.makes_participant:
            place = replace(place, participant_ids=place.participant_ids | {person_id})
        return actor.may(Verb.SEE, place)


def leave_unseen(
    handing: Handing, work: OwnWork, part: str, ids: Sequence[int], receivers: Receivers
) -> None:
    """Tell what stays because nobody of those who take over would see it."""
    reason = _("%(names)s: would not see it") % {"names": receivers.names}
    for title in work.spec.model._default_manager.filter(pk__in=ids).values_list("title", flat=True):
        handing.leave([part], reason, title)


def carry_out(plan: Plan, handing: Handing) -> list[int]:
    """Write the records of one type; gives the ids of those that changed."""
    changed: list[int] = []
    ids = sorted(plan.gifts)
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        titles = dict(plan.spec.model._default_manager.filter(pk__in=some).values_list("pk", "title"))
        writes = [write_of(plan.spec, id, plan.gifts[id]) for id in some]
        changed += store(plan, writes, handing, titles)
        handing.order.report(sum(len(plan.parts[id]) for id in some))
    return changed


def write_of(spec: TypeSpec, id: int, places: Mapping[str, int]) -> Write:
    """The write that gives one record away."""
    fields = {code: person for code, person in places.items() if code != "owner"}
    return Write(Change.EDIT, spec.code, id=id, owner=places.get("owner"), fields=fields)


def store(plan: Plan, writes: Sequence[Write], handing: Handing, titles: Mapping[int, str]) -> list[int]:
    """Write a batch and note what became of each record; gives the ids of those that changed."""
    changed = []
    cause = {"kind": _KIND, _KIND: handing.order.id}
    outcomes = write_records(writes, actor=handing.actor, cause=cause, atomic=False)
    for write, outcome in zip(writes, outcomes, strict=True):
        id = write.id or 0
        if outcome.error is not None:
            handing.leave(plan.parts[id], reason_of(outcome, plan.spec), titles[id])
        else:
            handing.give(plan.parts[id])
            changed.append(id)
    return changed


@pin_generation()
def undo_records(order: HandoverOrder, memo: Any) -> HandedWork:
    """Give records back to whom they belonged, unless somebody has given them on since.

    Who handed over may have lost sight of them by that; giving back what one gave away oneself needs no more.
    """
    handing = Handing(order, actor_by_id(order.actor_id))
    for code, ids in memo["records"].items():
        spec = current_generation().types.get(code)
        if spec is not None:
            for start in range(0, len(ids), _BATCH):
                take_back(spec, ids[start : start + _BATCH], handing)
                order.report(len(ids[start : start + _BATCH]))
    return handing.result(None)


def take_back(spec: TypeSpec, ids: Sequence[int], handing: Handing) -> None:
    """Take back one batch; what stays is named as far as the person sees it."""
    order, actor = handing.order, handing.actor
    origin, cause = Origin(_KIND, order.id), {"kind": "handover_undo", "handover": order.id}
    giver = Actor(id=actor.id, name=actor.name, everything=True)
    taken = take_back_records(origin, spec, dict.fromkeys(ids, 1), actor=giver, cause=cause)
    rows = restrict(spec.model._default_manager.filter(pk__in=ids), actor.reach(Verb.SEE, spec))
    titles = dict(rows.values_list("pk", "title"))
    for id in ids:
        if taken[id].because:
            handing.leave([spec.code], taken[id].because, titles.get(id, ""))
        elif taken[id].change is not None:
            handing.given[spec.code][order.person_id] += 1
