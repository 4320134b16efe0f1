"""Who holds a task: it is taken, given back, delegated, put off.

The row is locked first: of many who take a task at the same moment one gets it, and the others are told who.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.automation.actions import cancel_timers, set_timers
from trassa.automation.types import DueTimer, NewTimer
from trassa.journal import Entry, Json, Stream, list_entries
from trassa.kernel import Conflict, FieldError, Invalid, TrassaError, now
from trassa.people.queries import names_of
from trassa.work.actions.drafts import Faults, check_holders, check_moment, check_people
from trassa.work.actions.noting import (
    Held,
    Kept,
    announce,
    as_json,
    hold_task,
    hold_tasks,
    holders_json,
    keep,
    keep_all,
    replace_seats,
)
from trassa.work.actions.series import change_following
from trassa.work.models import Seat, Task
from trassa.work.queries.parts import Standing
from trassa.work.queries.sight import Sight
from trassa.work.queries.tasks import read_tasks
from trassa.work.types import NO_CAUSE, Cause, Holders

#: Timers that bring back what was put off.
SNOOZE = "work.snooze"


@transaction.atomic
def take_task(id: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Own a task that waits for several. Raises Conflict naming who was quicker, Forbidden for others."""
    held = hold_task(id, actor)
    row = held.row
    if row.owner_id is not None and row.owner_id == actor.id:
        return row
    held.require("take")
    held.require_open()
    if row.owner_id is not None:
        name = names_of([row.owner_id])[row.owner_id]
        raise Conflict(_("%s has taken this task already.") % name, code="taken")
    row.owner_id = actor.id
    return keep(held, "taken", cause, {"owner": actor.id})


@transaction.atomic
def release_task(id: int, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Give a task back to its candidates; raises Conflict where there are none."""
    held = hold_task(id, actor)
    held.require("release")
    held.require_open()
    row = held.row
    if row.owner_id is None:
        return row
    if not held.line.holders(Seat.Part.CANDIDATE):
        raise Conflict(_("Nobody else could take this task. Delegate it."), code="no_candidates")
    row.owner_id, row.snoozed_until = None, None
    cancel_timers(SNOOZE, [str(row.id)])
    return keep(held, "released", cause, {"owner": None})


@transaction.atomic
def delegate_task(
    id: int,
    *,
    actor: Actor,
    owner_id: int | None = None,
    candidates: Holders | None = None,
    due_at: datetime | None = None,
    version: int | None = None,
    following: bool = False,
    cause: Cause = NO_CAUSE,
) -> Task:
    """Give a task to somebody else, or let others take it. Raises Invalid when they do not see its record.

    With `due_at` it is due then. With `version` a task that was changed meanwhile is refused with Conflict.
    With `following` those that follow in its series go there as well.
    """
    held = hold_task(id, actor)
    held.require("delegate")
    held.require_open()
    held.require_version(version)
    row = held.row
    if (owner_id is None) is (not candidates):
        message = _("Say who is to do it: one person, or several who may take it.")
        raise Invalid(message, errors=[FieldError("owner", "required", message)])
    faults = Faults()
    people = {"owner": [owner_id] if owner_id else [], "candidates": (candidates or Holders()).people}
    sight = Sight.of((id for ids in people.values() for id in ids), [row.record_id])
    check_holders(candidates or Holders(), faults)
    for field, ids in people.items():
        check_people(sight, ids, field, row.record_id, faults)
    row.due_at = check_moment(due_at, faults) or row.due_at
    faults.refuse()
    row.owner_id, row.snoozed_until = owner_id, None
    cancel_timers(SNOOZE, [str(row.id)])
    gone: list[str] = []
    if following:
        change_following(row, {"owner_id": owner_id, "candidates": candidates or Holders()})
    told = {"owner": owner_id, "due_at": as_json(row.due_at)}
    if candidates:
        gone = replace_seats(held, Seat.Part.CANDIDATE, candidates)
        return keep(held, "delegated", cause, {**told, "candidates": holders_json(candidates)}, gone)
    return keep(held, "delegated", cause, told)


@transaction.atomic
def take_back_task(id: int, *, version: int, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Undo what one has just passed on to a person, with the moment that went along.

    Whoever did that may, though they may have no part in the task any more, as long as nothing has happened
    to it since; raises Conflict else.
    """
    row = Task.objects.select_for_update().filter(id=id, state=Task.State.OPEN).first()
    newest = next(iter(list_entries(Stream("task", id), limit=1)), None)
    if row is None or newest is None or row.version != version or not is_own_delegation(newest, actor):
        raise Conflict(_("Something has happened to this task since. Ask whoever has it now."), code="stale")
    before = {key: pair[0] for key, pair in newest.changes.items()}
    held = Held(row, read_tasks([id])[id], actor)
    faults = Faults()
    former = before.get("owner")
    if isinstance(former, int):
        check_people(Sight.of([former], [row.record_id]), [former], "owner", row.record_id, faults)
    faults.refuse()
    row.owner_id = former if isinstance(former, int) else None
    if "due_at" in before:
        row.due_at = read_json_moment(before["due_at"])
    return keep(held, "delegated", cause, {"owner": row.owner_id, "due_at": as_json(row.due_at)})


def is_own_delegation(entry: Entry, actor: Actor) -> bool:
    """Whether the actor gave a task to one person then."""
    return entry.kind == "delegated" and entry.actor_id == actor.id and "candidates" not in entry.changes


def read_json_moment(value: Json) -> datetime | None:
    """A moment as history keeps it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None


@transaction.atomic
def delegate_tasks(owners: Mapping[int, int], *, actor: Actor, cause: Cause = NO_CAUSE) -> Mapping[int, str]:
    """Give tasks to people, by task id, with those that follow in their series; gives why some of them stay.

    As many statements for many as for one, but for series.
    """
    helds = {held.row.id: held for held in hold_tasks(sorted(owners), actor)}
    sight = Sight.of(owners.values(), [held.row.record_id for held in helds.values()])
    standing = Standing(actor)
    left: dict[int, str] = {id: _("There is no such task.") for id in owners if id not in helds}
    kept: list[Kept] = []
    for id, held in helds.items():
        faults = Faults()
        try:
            if not standing.may("delegate", held.line):
                held.require("delegate")
            held.require_open()
            check_people(sight, [owners[id]], "owner", held.row.record_id, faults)
            faults.refuse()
        except TrassaError as refused:
            left[id] = refused.reasons
            continue
        held.row.owner_id, held.row.snoozed_until = owners[id], None
        if held.row.series_id is not None:
            change_following(held.row, {"owner_id": owners[id], "candidates": Holders()})
        kept.append(Kept(held, {"owner": owners[id]}))
    cancel_timers(SNOOZE, [str(each.held.row.id) for each in kept])
    keep_all(kept, "delegated", cause)
    return left


@transaction.atomic
def snooze_task(id: int, until: datetime | None, *, actor: Actor, cause: Cause = NO_CAUSE) -> Task:
    """Put a task out of its owner's sight until a moment to come; None brings it back."""
    held = hold_task(id, actor)
    held.require("snooze")
    held.require_open()
    if until is not None and (until.tzinfo is None or until <= now()):
        message = _("Choose a moment to come.")
        raise Invalid(message, errors=[FieldError("until", "past", message)])
    row = held.row
    row.snoozed_until = until.astimezone(UTC) if until else None
    cancel_timers(SNOOZE, [str(row.id)])
    if row.snoozed_until is not None:
        set_timers([NewTimer(SNOOZE, str(row.id), due_at=row.snoozed_until)])
    told = {"snoozed_until": row.snoozed_until.isoformat() if row.snoozed_until else None}
    return keep(held, "snoozed", cause, told)


def bring_back(timers: Sequence[DueTimer]) -> None:
    """Tell open inboxes of tasks that were put off until now."""
    ids = [int(timer.subject) for timer in timers]
    announce(list(Task.objects.filter(id__in=ids, state=Task.State.OPEN)), "snoozed")
