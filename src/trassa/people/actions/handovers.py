"""Handing over the work of a person: in one transaction, and back again.

Which work there is, other rooms tell by `handover_sources`; each moves its own with the rights of who hands
over and says what stays and why. A trial is the same with its transaction taken back, so a preview tells
exactly what would happen. Much work is left to a job, still in one transaction. See
docs/decisions/0037-hand-over.md.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Any

from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.journal import Json, publish
from trassa.kernel import Conflict, FieldError, Forbidden, Invalid, TrassaError, now
from trassa.people.actions.progress import reporting
from trassa.people.events import HAND_OVER_ORDERED
from trassa.people.history import write_entry
from trassa.people.models import HandOver, Person
from trassa.people.queries import people_by_ids
from trassa.people.queries.handovers import get_hand_over, list_work, may_hand_over
from trassa.people.registries import (
    Assignment,
    HandedWork,
    HandoverOrder,
    HandoverSource,
    Report,
    WorkPart,
    handover_sources,
    unreported,
)
from trassa.people.types import NO_CAUSE, Cause

#: Up to so much work the person waits; of so much a trial is made.
AT_ONCE = 200
TRIED = 1000
MAX_SHARE = 1000

Results = Mapping[str, HandedWork]


class _Trial(Exception):
    """Takes a trial back."""


def try_hand_over(
    person: Person, assignments: Sequence[Assignment], *, actor_id: int | None
) -> Results | None:
    """What handing over would do, by sources; None for more work than is tried. Nothing stays of it.

    Raises as `hand_over` does.
    """
    work = check_order(person, assignments, actor_id)
    if total_of(work, assignments) > TRIED:
        return None
    results: Results = {}
    try:
        with transaction.atomic():
            row = store_order(person, assignments, work, actor_id)
            results = move_work(order_of(row))
            raise _Trial
    except _Trial:
        return results


def hand_over(
    person: Person, assignments: Sequence[Assignment], *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> HandOver:
    """Hand work over to others; of little work it is done when this returns, see `AT_ONCE`.

    What cannot be moved stays and is told in the result. Raises Forbidden for who is neither an administrator
    nor a head of the person, Invalid for nobody to take over and for nothing to hand over.
    """
    work = check_order(person, assignments, actor_id)
    with transaction.atomic():
        row = store_order(person, assignments, work, actor_id)
        changes = {"to": (None, sorted({id for each in assignments for id in each.shares}))}
        told = {**cause, "hand_over": row.id}
        write_entry("work_handed_over", ("person", person.id), changes, actor_id=actor_id, cause=told)
    return begin(row)


def undo_hand_over(id: int, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> HandOver:
    """Give back what nobody has changed since; the result tells the rest. Raises NotFound, Conflict."""
    get_hand_over(id, actor_id)
    with transaction.atomic():
        row = HandOver.objects.select_for_update().get(id=id)
        if row.state != HandOver.State.DONE:
            raise Conflict(_("This hand-over cannot be undone now. Load the page again."), code="wrong_state")
        row.state, row.problem = HandOver.State.UNDOING, ""
        row.save(update_fields=["state", "problem"])
        told = {**cause, "hand_over": id}
        write_entry("hand_over_undone", ("person", row.person_id), {}, actor_id=actor_id, cause=told)
    return begin(row)


def begin(row: HandOver) -> HandOver:
    """Carry out little work at once, and leave much to a job; also what others are in the way of."""
    if row.total <= AT_ONCE:
        try:
            carry_out(row.id)
        except OperationalError:
            order_job(row.id)
    else:
        order_job(row.id)
    row.refresh_from_db()
    return row


@transaction.atomic
def order_job(id: int) -> None:
    publish(HAND_OVER_ORDERED, {"hand_over": id})


def carry_out(id: int) -> None:
    """Do what the state of a hand-over asks for, in one transaction. Can run twice."""
    row = HandOver.objects.get(id=id)
    with translation.override(row.language):
        try:
            told = reporting(id) if row.total > AT_ONCE else nullcontext(unreported)
            with told as report, transaction.atomic():
                finish(HandOver.objects.select_for_update().get(id=id), report)
        except TrassaError as error:
            row = HandOver.objects.get(id=id)
            back = HandOver.State.DONE if row.state == HandOver.State.UNDOING else HandOver.State.FAILED
            row.state, row.problem, row.finished_at = back, str(error), now()
            row.save(update_fields=["state", "problem", "finished_at"])


def finish(row: HandOver, report: Report) -> None:
    """Move or give back, and note what became of it."""
    order = replace(order_of(row), report=report)
    if row.state == HandOver.State.ORDERED:
        row.result = as_json(move_work(order))
        row.state = HandOver.State.DONE
    elif row.state == HandOver.State.UNDOING:
        row.undone = as_json(give_back(order, row.result))
        row.state = HandOver.State.UNDONE
    else:
        return
    row.finished_at = now()
    row.save()


def move_work(order: HandoverOrder) -> Results:
    """Have every source move what is its own, in the order of their registration."""
    return {name: source.move(part_of(order, name)) for name, source in concerned(order)}


def give_back(order: HandoverOrder, result: Mapping[str, Any]) -> Results:
    """Have every source give back, in the same order: who sees a record by owning it gets its tasks then."""
    return {
        name: source.undo(part_of(order, name), result[name]["memo"])
        for name, source in concerned(order)
        if name in result
    }


def concerned(order: HandoverOrder) -> list[tuple[str, HandoverSource]]:
    """The sources of which anything is handed over."""
    named = {each.part.partition(":")[0] for each in order.assignments}
    return [(name, source) for name, source in handover_sources.items() if name in named]


def part_of(order: HandoverOrder, name: str) -> HandoverOrder:
    """What an order says to one source."""
    own = (each for each in order.assignments if each.part.partition(":")[0] == name)
    assignments = [Assignment(each.part.partition(":")[2], each.shares, each.where) for each in own]
    return replace(order, assignments=assignments)


def check_order(
    person: Person, assignments: Sequence[Assignment], actor_id: int | None
) -> Mapping[str, WorkPart]:
    """Refuse what cannot be handed over at all; gives the work of the person."""
    if not may_hand_over(actor_id, person.id):
        raise Forbidden(_("Only a head of this person or an administrator hands over their work."))
    if not assignments or any(not each.shares for each in assignments):
        raise refuse("to", "required", _("Choose who takes over."))
    if any(not 1 <= share <= MAX_SHARE for each in assignments for share in each.shares.values()):
        raise refuse("to", "invalid", _("A share is a whole number from 1 to 1,000."))
    receivers = {id for each in assignments for id in each.shares}
    here = {each.id for each in people_by_ids(receivers)}
    if person.id in receivers or receivers - here:
        raise refuse("to", "unsuitable", _("Choose others who work here."))
    work = list_work(person.id, actor_id)
    if not any(each.part in work for each in assignments):
        raise refuse("parts", "nothing", _("There is nothing of this to hand over."))
    for each in assignments:
        if each.where and each.part in work and not work[each.part].type:
            raise refuse("parts", "no_condition", _("This work cannot be chosen by a condition."))
    return work


def refuse(field: str, code: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, code, message)])


def total_of(work: Mapping[str, WorkPart], assignments: Sequence[Assignment]) -> int:
    """How much may be moved at most."""
    return sum(work[part].count for part in {each.part for each in assignments} if part in work)


def store_order(
    person: Person, assignments: Sequence[Assignment], work: Mapping[str, WorkPart], actor_id: int | None
) -> HandOver:
    return HandOver.objects.create(
        person_id=person.id,
        actor_id=actor_id,
        language=(translation.get_language() or "ru")[:2],
        assignments=[
            {
                "part": each.part,
                "shares": {str(id): share for id, share in each.shares.items()},
                "where": each.where,
            }
            for each in assignments
            if each.part in work
        ],
        labels={part: str(each.label) for part, each in work.items()},
        total=total_of(work, assignments),
    )


def order_of(row: HandOver) -> HandoverOrder:
    """A stored order as sources understand it."""
    assignments = [
        Assignment(each["part"], {int(id): share for id, share in each["shares"].items()}, each["where"])
        for each in row.assignments
    ]
    return HandoverOrder(row.id, row.person_id, row.actor_id, assignments)


def as_json(results: Results) -> dict[str, Json]:
    """Results as the row keeps them."""
    return {
        name: {
            "given": {
                part: {str(id): count for id, count in counts.items()} for part, counts in each.given.items()
            },
            "left": [asdict(left) for left in each.left],
            "memo": each.memo,
        }
        for name, each in results.items()
    }
