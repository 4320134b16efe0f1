"""Every write of the room `automation`."""

from trassa.automation.actions.firing import fire_due, run_timers
from trassa.automation.actions.occasions import fire
from trassa.automation.actions.resuming import retry_run, run_rule
from trassa.automation.actions.rules import order_rules, retire_rule, save_rule, save_rules, switch_rule
from trassa.automation.actions.timers import cancel_timers, retry_timer, set_timers
from trassa.automation.outgoing import send as send_outside

__all__ = [
    "cancel_timers",
    "fire",
    "fire_due",
    "order_rules",
    "retire_rule",
    "retry_run",
    "retry_timer",
    "run_rule",
    "run_timers",
    "save_rule",
    "save_rules",
    "send_outside",
    "set_timers",
    "switch_rule",
]
