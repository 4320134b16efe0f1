"""People hear that a task is overdue: timers follow the deadlines behind every change of tasks."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from trassa.automation.actions import cancel_timers, set_timers
from trassa.automation.types import DueTimer, NewTimer
from trassa.work.actions.escalations import plan_escalations
from trassa.work.actions.notices import tell
from trassa.work.models import Task
from trassa.work.notice_types import NewNotice
from trassa.work.queries.circles import circles_around
from trassa.work.queries.tasks import read_tasks

#: Timers of deadlines, and as what those are told for whom the task waits.
PURPOSE = "work.overdue"
TASK_LATE = "task_late"


@transaction.atomic
def watch_deadlines(task_ids: Iterable[int]) -> None:
    """Bring the timers of deadlines and escalations in line with tasks that changed. Can run twice.

    A deadline that had passed already when it was set is no news.
    """
    rows = list(Task.objects.filter(id__in=list(task_ids)))
    open_ones = [row for row in rows if row.is_open and row.due_at is not None]
    coming = [row for row in open_ones if row.due_at is not None and row.due_at > row.updated_at]
    ended = {row.id for row in rows} - {row.id for row in open_ones}
    cancel_timers(PURPOSE, [str(id) for id in ended])
    set_timers([NewTimer(PURPOSE, str(row.id), due_at=row.due_at, record_id=row.record_id) for row in coming])
    plan_escalations(rows)


def tell_overdue(timers: Sequence[DueTimer]) -> None:
    """Tell those for whom these tasks still wait; a handful of statements for all together."""
    due = {int(timer.subject): timer.due_at for timer in timers}
    late = [task for task in read_tasks(due).values() if task.is_open and task.due_at == due[task.id]]
    circles = circles_around(task for task in late if task.owner_id is None)
    notices: list[NewNotice] = []
    for task in late:
        named = [task.owner_id] if task.owner_id is not None else task.holders("candidate").people
        data = {"task": task.id, "due_at": due[task.id].isoformat()}
        key = f"task:late:{task.id}:{data['due_at']}"
        notices += [
            NewNotice(id, TASK_LATE, key, record_id=task.record_id, data=data, is_personal=is_personal)
            for is_personal, people in (
                (True, [*named, *task.holders("co_worker").people]),
                (False, circles.candidates_of(task) if task.owner_id is None else ()),
            )
            for id in people
        ]
    tell(notices)
