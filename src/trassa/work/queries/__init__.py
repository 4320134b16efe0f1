"""Every read of this room, scoped to a person's rights."""

from trassa.work.queries.inbox import COUNT_LIMIT, count_inbox, list_inbox
from trassa.work.queries.parts import holders_of, principals_of
from trassa.work.queries.tasks import get_task, list_record_tasks, list_tasks

__all__ = [
    "COUNT_LIMIT",
    "count_inbox",
    "get_task",
    "holders_of",
    "list_inbox",
    "list_record_tasks",
    "list_tasks",
    "principals_of",
]
