"""Registration of the room `designer`."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class DesignerConfig(AppConfig):
    name = "trassa.designer"
    label = "designer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the shell, lists and cards."""
        import_string("trassa.designer.navigation.register")()
