"""Registration of the room `imports`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from trassa.api import routers
from trassa.imports import events
from trassa.journal import Subscriber, subscribers


class ImportsConfig(AppConfig):
    name = "trassa.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        subscribers.register("imports.work", Subscriber(events.IMPORT_ORDERED, events.begin_work))
        routers.register("imports", import_string("trassa.imports.api.imports.router"))
        import_string("trassa.imports.navigation.register")()
