"""Registration of the room `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "trassa.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
