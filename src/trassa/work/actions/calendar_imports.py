"""Taking over a file of another calendar, whose events become meetings of whoever brings it; taking it back.

A task knows by its key which event it came from, so the same file changes nothing and a newer one changes
what is another. See docs/decisions/0039-calendar.md.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import Conflict, Forbidden, NotFound, now
from trassa.work.actions.drafts import clean
from trassa.work.actions.tasks import cancel_tasks, change_task, create_tasks, reopen_task
from trassa.work.models import CalendarImport, Task
from trassa.work.queries.calendar_imports import ImportPlan, get_import, key_of, plan_import
from trassa.work.types import Cause, TaskDraft

#: Files that nobody took over are forgotten then.
KEPT = timedelta(hours=24)
_BEFORE = ("title", "text", "due_at", "estimate_minutes")


@transaction.atomic
def keep_file(content: bytes, name: str, *, actor: Actor) -> CalendarImport:
    """Keep a file until it is taken over; raises Invalid when it is no calendar."""
    if actor.id is None:
        raise Forbidden("The system has no calendar.")
    plan_import(actor, content)
    CalendarImport.objects.filter(done_at=None, created_at__lt=now() - KEPT).delete()
    CalendarImport.objects.filter(done_at=None, person_id=actor.id).delete()
    return CalendarImport.objects.create(
        person_id=actor.id, name=clean(name)[:200], content=content, created_at=now()
    )


@transaction.atomic
def take_over(id: int, *, actor: Actor) -> ImportPlan:
    """Do what the file says, all of it or nothing; raises Conflict when that was done already."""
    row = get_import(actor, id, lock=True)
    if row.done_at is not None:
        raise Conflict(_("This file was taken over already."), code="done")
    plan = plan_import(actor, bytes(row.content))
    cause: Cause = {"kind": "calendar", "import": row.id}
    drafts = [
        TaskDraft(
            event.title,
            kind="meeting",
            text=event.text,
            owner_id=actor.id,
            due_at=event.start,
            estimate_minutes=event.minutes,
            key=key_of(actor, event),
        )
        for event in plan.new
    ]
    row.made = [task.id for task in create_tasks(drafts, actor=actor, cause=cause)] if drafts else []
    for change in plan.changed:
        before = {name: as_text(getattr(change.task, name)) for name in _BEFORE}
        task = change_task(change.task.id, change.values, actor=actor, cause=cause)
        row.changed.append({"id": task.id, "version": task.version, "before": before})
    words, gone = _("Called off in the other calendar."), [task.id for task in plan.gone]
    ended = cancel_tasks(gone, words=words, actor=actor, cause=cause)
    row.ended += [{"id": task.id, "version": task.version} for task in ended]
    row.content, row.done_at = b"", now()
    row.save()
    return plan


@transaction.atomic
def take_back(id: int, *, actor: Actor) -> int:
    """Undo what taking over did; gives how many tasks stay, as somebody has changed them since."""
    row = get_import(actor, id, lock=True)
    if row.done_at is None or row.undone_at is not None:
        raise Conflict(_("There is nothing to take back."), code="nothing")
    cause: Cause = {"kind": "calendar", "import": row.id, "undo": True}
    tasks = {task.id: task for task in Task.objects.filter(id__in=ids_of(row))}
    untouched = [id for id in row.made if id in tasks and tasks[id].version == 1]
    left = len(row.made) - len(untouched)
    cancel_tasks(untouched, words=_("The file was taken back."), actor=actor, cause=cause)
    # Their events are not here any more: taking the file over again makes other tasks.
    Task.objects.filter(id__in=untouched).update(key=None)
    for each in row.changed:
        is_same = is_untouched(each, tasks)
        left += not is_same
        if is_same:
            change_task(each["id"], restored(each["before"]), actor=actor, cause=cause)
    for each in row.ended:
        is_same = is_untouched(each, tasks)
        left += not is_same
        if is_same:
            reopen_task(each["id"], actor=actor, cause=cause)
    row.undone_at = now()
    row.save(update_fields=["undone_at"])
    return left


def forget_file(id: int, *, actor: Actor) -> None:
    """Give up a file that was not taken over."""
    row = get_import(actor, id)
    if row.done_at is not None:
        raise NotFound(_("There is no such file."))
    row.delete()


def ids_of(row: CalendarImport) -> list[int]:
    return [*row.made, *(each["id"] for each in row.changed), *(each["id"] for each in row.ended)]


def is_untouched(each: dict[str, Any], tasks: dict[int, Task]) -> bool:
    task = tasks.get(each["id"])
    return task is not None and task.version == each["version"]


def as_text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """What was before, as `change_task` takes it."""
    from_text = Task._meta.get_field("due_at").to_python
    return {**before, "due_at": from_text(before["due_at"])}
