"""Registration of the room `schema`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SchemaConfig(AppConfig):
    name = "trassa.schema"
    label = "schema"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("field_kinds")
