"""Timers, deadlines and rules as other rooms see them."""

from trassa.automation.types.choices import Choice, How
from trassa.automation.types.rules import (
    CompiledRule,
    Flight,
    Instruction,
    Mirror,
    RuleDraft,
    RuleFault,
    Settings,
    StepKind,
    TriggerKind,
    Words,
)
from trassa.automation.types.timers import Anchor, DueTimer, NewTimer, Phase, StageNews

__all__ = [
    "Anchor",
    "Choice",
    "CompiledRule",
    "DueTimer",
    "Flight",
    "How",
    "Instruction",
    "Mirror",
    "NewTimer",
    "Phase",
    "RuleDraft",
    "RuleFault",
    "Settings",
    "StageNews",
    "StepKind",
    "TriggerKind",
    "Words",
]
