"""Registration of the room `automation`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from trassa.automation.events import recount_on_changes
from trassa.journal import Subscriber, subscribers
from trassa.people.events import WORKING_TIME_CHANGED


class AutomationConfig(AppConfig):
    name = "trassa.automation"
    label = "automation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the registries; hooks and pages need the models, so they are imported only now."""
        subscribers.register("automation.recount", Subscriber(WORKING_TIME_CHANGED, recount_on_changes))
        import_string("trassa.automation.registrations.register")()
