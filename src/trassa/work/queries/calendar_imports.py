"""What taking over a file would do: what is new, what is another, what went, what is refused."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import NotFound, company_zone, now
from trassa.work.ics import IcsEvent, Refused, read_ics
from trassa.work.models import CalendarImport, Task

#: What lies between is taken over.
BEFORE, AHEAD = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Change:
    """A task that is to be another."""

    task: Task
    event: IcsEvent

    @property
    def values(self) -> dict[str, Any]:
        """By the names of `change_task`."""
        return values_of(self.event)


@dataclass(slots=True)
class ImportPlan:
    """What would happen."""

    new: list[IcsEvent] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    #: Tasks whose event was called off, or is in the file no more.
    gone: list[Task] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    same: int = 0
    elsewhere: int = 0

    @property
    def does_anything(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def get_import(actor: Actor, id: int, *, lock: bool = False) -> CalendarImport:
    """One's own file; raises NotFound."""
    rows = CalendarImport.objects.filter(id=id, person_id=actor.id or 0)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound(_("There is no such file."))
    return row


def last_import(actor: Actor) -> CalendarImport | None:
    """What one took over last, when that was not taken back."""
    if actor.id is None:
        return None
    rows = CalendarImport.objects.filter(person_id=actor.id, done_at__isnull=False)
    row = rows.defer("content").order_by("-id").first()
    return row if row is not None and row.undone_at is None else None


def plan_import(actor: Actor, content: bytes) -> ImportPlan:
    """What taking over would do; raises Invalid for what cannot be read."""
    since, until = now() - BEFORE, now() + AHEAD
    file = read_ics(content, since, until, company_zone())
    plan = ImportPlan(refused=list(file.refused), elsewhere=file.elsewhere)
    known = known_tasks(actor)
    keys: set[str] = set()
    for event in file.events:
        key = key_of(actor, event)
        if key in keys:
            continue
        keys.add(key)
        sort(plan, event, known.get(key))
    plan.gone += missing(known, keys, {part_of(event.uid) for event in file.events}, (now(), until))
    return plan


def sort(plan: ImportPlan, event: IcsEvent, task: Task | None) -> None:
    """Put an event where it belongs."""
    if task is None:
        if event.is_cancelled:
            plan.refused.append(Refused(event.title, _("It was called off.")))
        else:
            plan.new.append(event)
    elif not task.is_open:
        plan.refused.append(Refused(event.title, _("It has ended here.")))
    elif event.is_cancelled:
        plan.gone.append(task)
    elif differs(task, values_of(event)):
        plan.changed.append(Change(task, event))
    else:
        plan.same += 1


def missing(
    known: Mapping[str, Task], keys: set[str], parts: set[str], period: tuple[datetime, datetime]
) -> Sequence[Task]:
    """Open tasks to come of events that the file has, at times that it has no more."""
    return [
        task
        for key, task in known.items()
        if key not in keys
        and key.split()[2] in parts
        and task.is_open
        and task.due_at is not None
        and period[0] <= task.due_at < period[1]
    ]


def known_tasks(actor: Actor) -> dict[str, Task]:
    """What was taken over from files before, by key."""
    rows = Task.objects.filter(key__startswith=f"ics {actor.id} ", owner_id=actor.id)
    return {row.key: row for row in rows if row.key is not None}


def values_of(event: IcsEvent) -> dict[str, Any]:
    """What a task has of an event."""
    return {
        "title": event.title,
        "text": event.text,
        "due_at": event.start,
        "estimate_minutes": event.minutes,
    }


def differs(task: Task, values: Mapping[str, Any]) -> bool:
    return any(getattr(task, name) != value for name, value in values.items())


def key_of(actor: Actor, event: IcsEvent) -> str:
    """Names the task of an event, once for all: another file with the same event is about the same task."""
    return f"ics {actor.id} {part_of(event.uid)} {part_of(event.recurrence) if event.recurrence else '-'}"


def part_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
