"""What happens when a task has been overdue for long: the head sees it in their inbox, as important."""

from collections.abc import Sequence

from trassa.access.queries import system_actor
from trassa.automation.types import DueTimer
from trassa.kernel import NotFound, now
from trassa.people.queries import head_of, list_departments, list_holders
from trassa.work.actions.noting import Held, hold_task, holders_json, keep, seats_for
from trassa.work.models import Seat, Task
from trassa.work.types import Holders


def call_in_heads(timers: Sequence[DueTimer]) -> None:
    """Make the heads co-workers of tasks that nobody has done; each is called in once."""
    for timer in timers:
        try:
            held = hold_task(int(timer.subject), system_actor())
        except NotFound:
            continue
        if held.row.is_open and held.row.due_at is not None and held.row.due_at <= now():
            call_in_head(held)


def call_in_head(held: Held) -> None:
    """The head becomes a co-worker, the task important; without a head only the latter."""
    row = held.row
    present = list(held.line.holders(Seat.Part.CO_WORKER).people)
    head = find_head(held)
    new = [head] if head is not None and head not in present and head != row.owner_id else []
    Seat.objects.bulk_create(seats_for(row, Seat.Part.CO_WORKER, Holders(people=new)))
    row.priority = Task.Priority.HIGH
    # Once is enough, even when the task is given another day.
    row.escalation = ""
    told = {"co_workers": holders_json(Holders(people=[*present, *new])), "priority": row.priority}
    keep(held, "escalated", {"kind": "escalation"}, told)


def find_head(held: Held) -> int | None:
    """The head above the owner; of what nobody owns, above a department or the first holder of a role."""
    if held.row.owner_id is not None:
        return head_of(held.row.owner_id)
    candidates = held.line.holders(Seat.Part.CANDIDATE)
    heads = {each.pk: each.head_id for each in list_departments() if each.pk in candidates.departments}
    found = next((head for head in heads.values() if head is not None), None)
    if found is not None:
        return found
    people = list(candidates.people) + [each.id for id in candidates.roles for each in list_holders(id)[:1]]
    return next((head for head in map(head_of, people) if head is not None), None)
