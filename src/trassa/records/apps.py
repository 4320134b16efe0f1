"""Registration of the room `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "trassa.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
