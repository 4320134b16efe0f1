"""Registration of the room `work`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from trassa.automation.events import STAGE_DEADLINE
from trassa.journal import Subscriber, subscribers
from trassa.people.events import WORKING_TIME_CHANGED
from trassa.records.events import COMMENT_ADDED, COMMENT_EDITED, COMMENT_REACTED, RECORDS_CHANGED
from trassa.work import events


class WorkConfig(AppConfig):
    name = "trassa.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the registries; what needs the models is imported only now."""
        subscribers.register("work.browsers", Subscriber(events.TASKS_CHANGED, events.announce_to_browsers))
        subscribers.register("work.reminders", Subscriber(events.TASKS_CHANGED, events.follow_tasks))
        subscribers.register(
            "work.working_time", Subscriber(WORKING_TIME_CHANGED, events.follow_working_time)
        )
        subscribers.register("work.tasks", Subscriber(events.TASKS_CHANGED, events.tell_of_tasks))
        subscribers.register("work.bells", Subscriber(events.NOTICES_CHANGED, events.renew_bells))
        subscribers.register("work.plans", Subscriber(events.NOTICES_CHANGED, events.plan_deliveries))
        subscribers.register("work.deliveries", Subscriber(events.DELIVERIES_DUE, events.send_deliveries))
        subscribers.register("work.assignments", Subscriber(RECORDS_CHANGED, events.tell_of_assignments))
        subscribers.register("work.deadlines", Subscriber(STAGE_DEADLINE, events.tell_of_deadlines))
        subscribers.register("work.comments", Subscriber(COMMENT_ADDED, events.tell_of_comments))
        subscribers.register("work.mentions", Subscriber(COMMENT_EDITED, events.tell_of_comments))
        subscribers.register("work.reactions", Subscriber(COMMENT_REACTED, events.tell_of_reactions))
        import_string("trassa.work.registrations.register")()
