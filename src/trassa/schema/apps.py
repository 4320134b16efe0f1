"""Registration of the room `schema`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules, import_string

from trassa.journal import Subscriber, subscribers
from trassa.people.registries import OpeningNumber, opening_numbers
from trassa.schema import events
from trassa.schema.metadata import NUMBER


class SchemaConfig(AppConfig):
    name = "trassa.schema"
    label = "schema"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("field_kinds")
        take = import_string("trassa.schema.generations.take_number")
        opening_numbers.register("schema.generation", OpeningNumber(NUMBER, take))
        subscribers.register("schema.finishing", Subscriber(events.SCHEMA_CHANGED, events.finish_types))
