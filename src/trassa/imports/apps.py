"""Registration of the room `imports`."""

from django.apps import AppConfig

from trassa.imports import events
from trassa.journal import Subscriber, subscribers


class ImportsConfig(AppConfig):
    name = "trassa.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        subscribers.register("imports.work", Subscriber(events.IMPORT_ORDERED, events.begin_work))
