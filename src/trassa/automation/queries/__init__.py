"""Reads of timers, of rules, and of what rules did."""

from trassa.automation.checking import Checking, all_steps, check_rule
from trassa.automation.queries.rules import draft_of, get_rule, list_broken, list_rules, retired_rule_codes
from trassa.automation.queries.timers import (
    due_of_timers,
    find_late,
    list_failed,
    list_timers_of,
    list_waiting,
)
from trassa.automation.queries.traces import Trace, list_traces

__all__ = [
    "Checking",
    "Trace",
    "all_steps",
    "check_rule",
    "draft_of",
    "due_of_timers",
    "find_late",
    "get_rule",
    "list_broken",
    "list_failed",
    "list_rules",
    "list_timers_of",
    "list_traces",
    "list_waiting",
    "retired_rule_codes",
]
