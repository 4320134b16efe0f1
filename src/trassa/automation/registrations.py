"""What this room enters into the registries of lower rooms."""

from trassa.automation.actions.deadlines import PURPOSE, tell_deadlines, watch_deadlines
from trassa.automation.actions.following import follow_records
from trassa.automation.navigation import list_places
from trassa.automation.registries import timer_handlers
from trassa.records.registries import WriteHook, write_hooks
from trassa.ui import navigation


def register() -> None:
    """Called once, when Django is ready."""
    write_hooks.register("automation.timers", WriteHook(follow_records, keeps_step=True))
    write_hooks.register("automation.deadlines", WriteHook(watch_deadlines, keeps_step=True))
    timer_handlers.register(PURPOSE, tell_deadlines)
    navigation.register("automation", list_places)
