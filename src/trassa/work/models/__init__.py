"""What waits for people, as it is stored."""

from trassa.work.models.calendar_imports import CalendarImport
from trassa.work.models.channels import ChannelChoice, Delivery
from trassa.work.models.feeds import CalendarFeed
from trassa.work.models.notices import Notice
from trassa.work.models.pushes import PushKey, PushSubscription
from trassa.work.models.reminders import Reminder
from trassa.work.models.series import Series
from trassa.work.models.tasks import Seat, Task
from trassa.work.models.templates import TaskTemplate

__all__ = [
    "CalendarFeed",
    "CalendarImport",
    "ChannelChoice",
    "Delivery",
    "Notice",
    "PushKey",
    "PushSubscription",
    "Reminder",
    "Seat",
    "Series",
    "Task",
    "TaskTemplate",
]
