"""Registration of the room `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "trassa.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
