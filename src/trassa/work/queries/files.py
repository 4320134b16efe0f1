"""Files of tasks: whoever the task is there for sees them, whoever sees its record included."""

from collections.abc import Iterable

from trassa.access.queries import Actor
from trassa.records.queries.files import read_files
from trassa.records.types import StoredFile
from trassa.work.models import Task
from trassa.work.queries.tasks import is_there, read_tasks

#: As what tasks hold files: beside them, or as what came of them.
TASK, RESULT = "work.task", "work.task_result"
HOLDERS = (TASK, RESULT)


def files_of(task_id: int) -> list[StoredFile]:
    """The files of a task that the caller has found visible; what came of it last."""
    found = read_files(holder__in=HOLDERS, holder_id=task_id, removed_at__isnull=True)
    return sorted(found, key=lambda file: file.holder == RESULT)


def sees_files_of(actor: Actor, task_id: int) -> bool:
    """Whether a task is there for somebody, and so its files."""
    task = read_tasks([task_id]).get(task_id)
    return task is not None and is_there(actor, task)


def existing_tasks(ids: Iterable[int]) -> set[int]:
    """Those of these tasks that are still there."""
    return set(Task.objects.filter(id__in=list(ids)).values_list("id", flat=True))
