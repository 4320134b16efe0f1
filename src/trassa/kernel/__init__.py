"""The lowest room: errors, the clock, registries, money and sealed texts. It owns no models and knows nobody.

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
from trassa.kernel.sealing import open_sealed, reseal, seal, sealed_stores

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
    "open_sealed",
    "reseal",
    "round_half_up",
    "seal",
    "sealed_stores",
    "switch_layout",
    "today",
]
