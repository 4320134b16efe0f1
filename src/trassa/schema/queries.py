"""Reads of the schema: the current generation, pinned reads and writes."""

from trassa.schema.generations import (
    current_generation,
    pin_for_write,
    pin_generation,
    reset_generation_cache,
)

__all__ = [
    "current_generation",
    "pin_for_write",
    "pin_generation",
    "reset_generation_cache",
]
