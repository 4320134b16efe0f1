"""Reads of the schema: the current generation, pinned reads and writes, what differs from the metadata."""

from trassa.schema.discrepancies import list_discrepancies
from trassa.schema.generations import (
    current_generation,
    pin_for_write,
    pin_generation,
    reset_generation_cache,
)
from trassa.schema.metadata import existing_field_ids
from trassa.schema.tables.differences import Discrepancy

__all__ = [
    "Discrepancy",
    "current_generation",
    "existing_field_ids",
    "list_discrepancies",
    "pin_for_write",
    "pin_generation",
    "reset_generation_cache",
]
