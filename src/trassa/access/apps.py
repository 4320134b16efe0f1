"""Registration of the room `access`."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "trassa.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
