"""What this room enters into the registries of lower rooms."""

from trassa.automation.actions.following import follow_records
from trassa.automation.navigation import list_places
from trassa.records.registries import WriteHook, write_hooks
from trassa.ui import navigation


def register() -> None:
    """Called once, when Django is ready."""
    write_hooks.register("automation.timers", WriteHook(follow_records, keeps_step=True))
    navigation.register("automation", list_places)
