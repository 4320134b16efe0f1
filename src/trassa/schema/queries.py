"""Reads of the schema: the current generation, pinned reads and writes, what differs from the metadata."""

from trassa.schema.conversions import Conversion, Unfit, is_convertible, read_conversion
from trassa.schema.discrepancies import list_discrepancies
from trassa.schema.generations import (
    current_generation,
    generation_before,
    pin_draft,
    pin_for_write,
    pin_generation,
    reset_generation_cache,
    unpin_generation,
)
from trassa.schema.mentions import Mentions, find_source, is_of_field, mentions_of
from trassa.schema.metadata import existing_field_ids
from trassa.schema.naming import SchemaScope
from trassa.schema.retired import Retired, RetiredField, list_retired, revived_generation
from trassa.schema.tables.differences import Discrepancy
from trassa.schema.usage import (
    count_in_pipeline,
    count_in_stage,
    count_option,
    count_reason,
    count_records,
    count_values,
)

__all__ = [
    "Conversion",
    "Discrepancy",
    "Mentions",
    "Retired",
    "RetiredField",
    "SchemaScope",
    "Unfit",
    "count_in_pipeline",
    "count_in_stage",
    "count_option",
    "count_reason",
    "count_records",
    "count_values",
    "current_generation",
    "existing_field_ids",
    "find_source",
    "generation_before",
    "is_convertible",
    "is_of_field",
    "list_discrepancies",
    "list_retired",
    "mentions_of",
    "pin_draft",
    "pin_for_write",
    "pin_generation",
    "read_conversion",
    "reset_generation_cache",
    "revived_generation",
    "unpin_generation",
]
