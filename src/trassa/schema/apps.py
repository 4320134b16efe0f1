"""Registration of the room `schema`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from trassa.journal import Subscriber, subscribers
from trassa.schema import events


class SchemaConfig(AppConfig):
    name = "trassa.schema"
    label = "schema"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("field_kinds")
        subscribers.register("schema.finishing", Subscriber(events.SCHEMA_CHANGED, events.finish_types))
