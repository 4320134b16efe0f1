"""Tasks go with their record when it is merged into another one, and follow the dates that it has."""

from collections.abc import Sequence

from trassa.work.actions.following import follow_anew
from trassa.work.models import Task


def move_tasks(source: int, target: int) -> list[int]:
    """Turn all tasks of a record to another one; gives their ids."""
    ids = list(Task.objects.filter(record_id=source).order_by("id").values_list("id", flat=True))
    Task.objects.filter(id__in=ids).update(record_id=target)
    follow_anew([target])
    return ids


def move_tasks_back(ids: Sequence[int], target: int, source: int) -> None:
    """Turn those of these tasks that still stand on `target` to `source`."""
    Task.objects.filter(id__in=ids, record_id=target).update(record_id=source)
    follow_anew([source])
