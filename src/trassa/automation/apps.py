"""Registration of the room `automation`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from trassa.automation import events
from trassa.journal import Subscriber, subscribers
from trassa.people.events import WORKING_TIME_CHANGED


class AutomationConfig(AppConfig):
    name = "trassa.automation"
    label = "automation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the registries; hooks and pages need the models, so they are imported only now."""
        subscribers.register(
            "automation.recount", Subscriber(WORKING_TIME_CHANGED, events.recount_on_changes)
        )
        subscribers.register("automation.runs", Subscriber(events.RUNS_QUEUED, events.go_on_with_runs))
        subscribers.register("automation.calls", Subscriber(events.CALLS_DUE, events.make_calls))
        subscribers.register("automation.arrivals", Subscriber(events.ARRIVED, events.take_arrivals))
        subscribers.register("automation.sweeps", Subscriber(events.SWEEP_DUE, events.sweep))
        import_string("trassa.automation.registrations.register")()
