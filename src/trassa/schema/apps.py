"""Registration of the room `schema`."""

from django.apps import AppConfig


class SchemaConfig(AppConfig):
    name = "trassa.schema"
    label = "schema"
    default_auto_field = "django.db.models.BigAutoField"
