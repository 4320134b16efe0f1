"""Registration of the room `designer`."""

from django.apps import AppConfig

from trassa.designer.navigation import list_places
from trassa.ui import navigation


class DesignerConfig(AppConfig):
    name = "trassa.designer"
    label = "designer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the shell."""
        navigation.register("designer", list_places)
