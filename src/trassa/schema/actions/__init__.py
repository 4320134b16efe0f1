"""Every write to the schema."""

from trassa.schema.actions.changes import (
    SchemaChange,
    asking_dependants_last,
    changing_schema,
    renew_tables,
    renewing_generation,
)
from trassa.schema.actions.drafts import (
    CardDraft,
    DeadlineDraft,
    ItemDraft,
    OptionDraft,
    PipelineDraft,
    ReasonDraft,
    StageDraft,
)
from trassa.schema.actions.leases import keep_lease
from trassa.schema.actions.ledger import Ledger
from trassa.schema.actions.rehearsals import EXAMPLE_ID, rehearsing_schema, rewrite_sample
from trassa.schema.actions.views import grant_views

__all__ = [
    "EXAMPLE_ID",
    "CardDraft",
    "DeadlineDraft",
    "ItemDraft",
    "Ledger",
    "OptionDraft",
    "PipelineDraft",
    "ReasonDraft",
    "SchemaChange",
    "StageDraft",
    "asking_dependants_last",
    "changing_schema",
    "grant_views",
    "keep_lease",
    "rehearsing_schema",
    "renew_tables",
    "renewing_generation",
    "rewrite_sample",
]
