"""What upper rooms may name of the format of packs and of plans."""

from trassa.solutions.format import (
    BoardEntry,
    ConditionEntry,
    Configuration,
    DeadlineEntry,
    FieldEntry,
    GrantEntry,
    ItemEntry,
    LayoutEntry,
    NumberEntry,
    OptionEntry,
    PipelineEntry,
    ReasonEntry,
    RoleEntry,
    SectionEntry,
    StageEntry,
    TabEntry,
    TypeEntry,
    Words,
)
from trassa.solutions.models import AppliedVersion
from trassa.solutions.plans import Plan, PlannedConversion, Step

__all__ = [
    "AppliedVersion",
    "BoardEntry",
    "ConditionEntry",
    "Configuration",
    "DeadlineEntry",
    "FieldEntry",
    "GrantEntry",
    "ItemEntry",
    "LayoutEntry",
    "NumberEntry",
    "OptionEntry",
    "PipelineEntry",
    "Plan",
    "PlannedConversion",
    "ReasonEntry",
    "RoleEntry",
    "SectionEntry",
    "StageEntry",
    "Step",
    "TabEntry",
    "TypeEntry",
    "Words",
]
