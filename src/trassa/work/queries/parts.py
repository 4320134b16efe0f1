"""What somebody has to do with a task, and as whom they hold seats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from trassa.access.queries import Actor
from trassa.kernel import today
from trassa.people.queries import department_tree, list_absences, manages, substitutes_of
from trassa.work.events import common_topic, topics_of
from trassa.work.types import Part, SeatLine, TaskLine


def holder_of(seat: SeatLine) -> str:
    """Whose seat it is, in a word: "p5", "r3" or "d2"."""
    if seat.person_id is not None:
        return f"p{seat.person_id}"
    return f"r{seat.role_id}" if seat.role_id is not None else f"d{seat.department_id}"


def holders_of(actor: Actor) -> list[str]:
    """As whom somebody holds seats: as a person, by roles, by their department and those above it."""
    if actor.id is None:
        return []
    above = []
    if actor.department_id is not None:
        above = sorted(id for id, below in department_tree().items() if actor.department_id in below)
    return [f"p{actor.id}", *(f"r{id}" for id in sorted(actor.role_ids)), *(f"d{id}" for id in above)]


def principals_of(person_id: int) -> list[int]:
    """For whom a person stands in today, by id."""
    day = today()
    away = [each.person_id for each in list_absences(since=day, until=day)]
    if not away:
        return []
    return sorted(id for id, stands_in in substitutes_of(away, day).items() if stands_in == person_id)


_HOLDING = frozenset((Part.OWNER, Part.SUBSTITUTE, Part.HEAD, Part.EVERYTHING))
#: What can be done with a task, and who may.
_MAY: Mapping[str, frozenset[Part]] = {
    "take": frozenset((Part.CANDIDATE,)),
    "release": _HOLDING,
    "complete": frozenset((Part.OWNER, Part.CO_WORKER, Part.SUBSTITUTE, Part.EVERYTHING)),
    "tick": frozenset((Part.OWNER, Part.CO_WORKER, Part.AUTHOR, Part.SUBSTITUTE, Part.HEAD, Part.EVERYTHING)),
    "snooze": frozenset((Part.OWNER, Part.SUBSTITUTE)),
    "delegate": _HOLDING | {Part.AUTHOR},
    "change": _HOLDING | {Part.AUTHOR},
    "cancel": frozenset((Part.AUTHOR, Part.HEAD, Part.EVERYTHING)),
    "reopen": _HOLDING | {Part.AUTHOR},
}


def parts_that_may(act: str, task: TaskLine) -> frozenset[Part]:
    """Which parts allow an act: take, release, complete, tick, snooze, delegate, change, cancel or reopen."""
    parts = _MAY[act]
    if act in ("complete", "tick") and task.owner_id is None:
        return parts | {Part.CANDIDATE}
    if act == "cancel" and task.author_id is None:
        return parts | {Part.OWNER}
    return parts


def acts_of(actor: Actor, task: TaskLine) -> set[str]:
    """What somebody can do with a task as it stands."""
    parts = parts_of(actor, task)
    fitting = {"reopen"}
    if task.is_open:
        fitting = _MAY.keys() - {"reopen", "take" if task.owner_id is not None else "release"}
        if not task.holders("candidate"):
            fitting.discard("release")
    return {act for act in fitting if parts & parts_that_may(act, task)}


def parts_of(actor: Actor, task: TaskLine, among: Iterable[Part] = Part) -> set[Part]:
    """Which of these parts somebody has in a task; of what costs a query only what is asked for."""
    wanted = set(among)
    found: set[Part] = set()
    if actor.everything:
        found.add(Part.EVERYTHING)
    if actor.id is None:
        return found & wanted
    if task.owner_id == actor.id:
        found.add(Part.OWNER)
    if task.author_id == actor.id:
        found.add(Part.AUTHOR)
    found |= seat_parts(actor, task.seats)
    if task.owner_id is not None and task.owner_id != actor.id:
        if Part.SUBSTITUTE in wanted and actor.id in substitutes_of([task.owner_id]).values():
            found.add(Part.SUBSTITUTE)
        if Part.HEAD in wanted and not actor.everything and manages(actor.id, task.owner_id):
            found.add(Part.HEAD)
    return found & wanted


class Standing:
    """What somebody may do with many tasks: who the owner is to them is asked once for each owner."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._by_owner: dict[int, set[Part]] = {}

    def may(self, act: str, task: TaskLine) -> bool:
        """Whether an owner, author, substitute, head or administrator may; seats are not looked at."""
        allowed = parts_that_may(act, task)
        return bool(self.parts_of(task) & allowed)

    def parts_of(self, task: TaskLine) -> set[Part]:
        """The parts that somebody has without seats."""
        actor, found = self._actor, set()
        if actor.everything:
            found.add(Part.EVERYTHING)
        if actor.id is None:
            return found
        if task.author_id == actor.id:
            found.add(Part.AUTHOR)
        if task.owner_id is not None:
            if task.owner_id not in self._by_owner:
                bare = replace(task, seats=(), author_id=None)
                self._by_owner[task.owner_id] = parts_of(actor, bare) - {Part.EVERYTHING}
            found |= self._by_owner[task.owner_id]
        return found


def seat_parts(actor: Actor, seats: Sequence[SeatLine]) -> set[Part]:
    """The parts that somebody has by seats."""
    if not seats:
        return set()
    held = set(holders_of(actor))
    return {Part(seat.part) for seat in seats if holder_of(seat) in held}


def own_task_topics(actor: Actor) -> list[str]:
    """Where somebody hears of tasks: their own, those of their roles and departments, and those of whom they
    stand in for; and that there are others."""
    principals = principals_of(actor.id) if actor.id is not None else []
    return [*topics_of([*holders_of(actor), *(f"p{id}" for id in principals)]), common_topic()]
