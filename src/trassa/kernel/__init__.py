"""The lowest room: errors, the clock, registries and money. It owns no models and knows nobody.

Other rooms import these names from the package root only.
"""

from trassa.kernel.clock import company_zone, frozen, now, today
from trassa.kernel.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    TrassaError,
    Unavailable,
)
from trassa.kernel.keyboards import switch_layout
from trassa.kernel.money import format_decimal, round_half_up
from trassa.kernel.registries import DuplicateEntry, Registry, UnknownEntry

__all__ = [
    "Conflict",
    "DuplicateEntry",
    "FieldError",
    "Forbidden",
    "Invalid",
    "NotFound",
    "Registry",
    "TrassaError",
    "Unavailable",
    "UnknownEntry",
    "company_zone",
    "format_decimal",
    "frozen",
    "now",
    "round_half_up",
    "switch_layout",
    "today",
]
