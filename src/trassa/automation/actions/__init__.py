"""Every write of the room `automation`."""

from trassa.automation.actions.firing import fire_due, run_timers
from trassa.automation.actions.timers import cancel_timers, retry_timer, set_timers

__all__ = ["cancel_timers", "fire_due", "retry_timer", "run_timers", "set_timers"]
