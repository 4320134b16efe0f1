"""What this room enters into the registries of lower rooms."""

from django.utils.translation import gettext_lazy

from trassa.api import routers
from trassa.automation import steps, triggers
from trassa.automation.actions import arrivals, calls, dates
from trassa.automation.actions.deadlines import PURPOSE, tell_deadlines, watch_deadlines
from trassa.automation.actions.following import follow_records
from trassa.automation.actions.overdue import meet_deadlines
from trassa.automation.actions.reacting import concerns_rules, react
from trassa.automation.actions.resealing import reseal_arrivals, reseal_calls
from trassa.automation.actions.resuming import wake_runs
from trassa.automation.actions.running import PURPOSE as RUN
from trassa.automation.actions.secrets import reseal_secrets
from trassa.automation.actions.timers import anchored_to
from trassa.automation.api import deliveries as deliveries_api
from trassa.automation.api import rules as rules_api
from trassa.automation.api import secrets as secrets_api
from trassa.automation.navigation import list_places
from trassa.automation.queries.rules import list_broken
from trassa.automation.registries import deadline_reactions, timer_handlers, timer_labels
from trassa.automation.screens.cards import automation_section
from trassa.kernel import sealed_stores
from trassa.records.registries import WriteFollower, WriteHook, card_sections, write_followers, write_hooks
from trassa.schema.registries import dependants
from trassa.ui import navigation

#: What timers of this room are for.
TIMERS = {
    PURPOSE: gettext_lazy("Deadlines of stages"),
    RUN: gettext_lazy("Pauses and retries of rules"),
    calls.PURPOSE: gettext_lazy("Calls to other systems"),
    dates.DATE: gettext_lazy("Dates that rules answer to"),
    dates.SCHEDULE: gettext_lazy("Rules by the clock"),
    arrivals.PURPOSE: gettext_lazy("What came in from other systems"),
}


def register() -> None:
    """Called once, when Django is ready."""
    triggers.register()
    steps.register()
    write_followers.register("automation.timers", WriteFollower(follow_records, anchored_to))
    write_followers.register("automation.deadlines", WriteFollower(watch_deadlines))
    write_hooks.register("automation.rules", WriteHook(react, concerns=concerns_rules))
    timer_handlers.register(PURPOSE, tell_deadlines)
    timer_handlers.register(RUN, wake_runs)
    timer_handlers.register(calls.PURPOSE, calls.call_again)
    timer_handlers.register(dates.DATE, dates.meet_dates)
    timer_handlers.register(dates.SCHEDULE, dates.meet_schedules)
    timer_handlers.register(arrivals.PURPOSE, arrivals.take_again)
    for purpose, label in TIMERS.items():
        timer_labels.register(purpose, label)
    deadline_reactions.register("automation.rules", meet_deadlines)
    sealed_stores.register("automation.secrets", reseal_secrets)
    sealed_stores.register("automation.calls", reseal_calls)
    sealed_stores.register("automation.arrivals", reseal_arrivals)
    dependants.register("automation.rules", list_broken)
    navigation.register("automation", list_places)
    card_sections.register("automation", automation_section)
    routers.register("automation", rules_api.router)
    routers.register("automation.deliveries", deliveries_api.router)
    routers.register("automation.secrets", secrets_api.router)
