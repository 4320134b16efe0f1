"""Storage of the room `automation`."""

from trassa.automation.models.hooks import Arrival, Call
from trassa.automation.models.rules import Companion, Rule, RuleVersion, Run, Turn
from trassa.automation.models.secrets import Secret
from trassa.automation.models.sweeps import Sweep
from trassa.automation.models.timers import Timer

__all__ = ["Arrival", "Call", "Companion", "Rule", "RuleVersion", "Run", "Secret", "Sweep", "Timer", "Turn"]
