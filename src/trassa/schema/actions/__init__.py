"""Every write to the schema."""

from trassa.schema.actions.changes import SchemaChange, changing_schema
from trassa.schema.actions.drafts import OptionDraft, PipelineDraft, ReasonDraft, StageDraft

__all__ = [
    "OptionDraft",
    "PipelineDraft",
    "ReasonDraft",
    "SchemaChange",
    "StageDraft",
    "changing_schema",
]
