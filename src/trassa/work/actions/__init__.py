"""Every write of this room."""

from trassa.work.actions.checklists import add_item, remove_item, tick_item
from trassa.work.actions.completing import complete_task
from trassa.work.actions.holding import delegate_task, release_task, snooze_task, take_back_task, take_task
from trassa.work.actions.tasks import cancel_task, change_task, create_task, create_tasks, reopen_task

__all__ = [
    "add_item",
    "cancel_task",
    "change_task",
    "complete_task",
    "create_task",
    "create_tasks",
    "delegate_task",
    "release_task",
    "remove_item",
    "reopen_task",
    "snooze_task",
    "take_back_task",
    "take_task",
    "tick_item",
]
