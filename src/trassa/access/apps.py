"""Registration of the room `access`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class AccessConfig(AppConfig):
    name = "trassa.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the registries; what is entered needs the models, so it is imported only now."""
        import_string("trassa.access.registrations.register")()
