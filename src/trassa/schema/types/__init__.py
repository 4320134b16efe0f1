"""The compiled schema: what one generation knows about types, fields, pipelines and stages.

Everything here is immutable and safe to share between threads. Physical names (`r_12`, `f_34`) are
made of ids and never change; codes and labels are metadata. See docs/decisions/0003-generations.md.
"""

from trassa.schema.types.fields import FieldSpec, LinkPeriod, OptionSpec, Storage, Value
from trassa.schema.types.generation import BASE_COLUMNS, MODELS_LABEL, Generation, TypeSpec
from trassa.schema.types.labels import Label
from trassa.schema.types.layouts import CardLayout, CardSection, CardTab, Layouts, one_tab
from trassa.schema.types.pipelines import (
    ChecklistItem,
    EntryCondition,
    PipelineSpec,
    ReasonSpec,
    StageDeadline,
    StageMeaning,
    StageSpec,
)
from trassa.schema.types.values import FormControl, Lookups, Names

__all__ = [
    "BASE_COLUMNS",
    "MODELS_LABEL",
    "CardLayout",
    "CardSection",
    "CardTab",
    "ChecklistItem",
    "EntryCondition",
    "FieldSpec",
    "FormControl",
    "Generation",
    "Label",
    "Layouts",
    "LinkPeriod",
    "Lookups",
    "Names",
    "OptionSpec",
    "PipelineSpec",
    "ReasonSpec",
    "StageDeadline",
    "StageMeaning",
    "StageSpec",
    "Storage",
    "TypeSpec",
    "Value",
    "one_tab",
]
