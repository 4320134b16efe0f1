"""Paging by cursor: an opaque text that says after which row the next page begins.

It holds the values of the sort keys and, last, the id; `order` makes a cursor of one order useless
for another. It grants nothing, so it is validated but not signed.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from trassa.api.numbers import MAX_ID
from trassa.kernel import FieldError, Invalid

CursorValue = str | int | bool | Decimal | None
MAX_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its values in the order of `order`, and its id."""

    order: str
    id: int
    values: tuple[CursorValue, ...] = ()

    def encode(self) -> str:
        """URL-safe text."""
        raw = json.dumps([self.order, *self.values, self.id], separators=(",", ":"), default=str)
        return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, *, order: str, values: int = 0) -> "Cursor":
        """Read a cursor of this order with so many values; raises Invalid naming `cursor`."""
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            parts = json.loads(raw)
            if not isinstance(parts, list) or len(parts) != values + 2 or parts[0] != order:
                raise ValueError
            if type(parts[-1]) is not int or not 0 < parts[-1] <= MAX_ID:
                raise ValueError
            if any(isinstance(part, list | dict | float) for part in parts):
                raise ValueError
            if any(isinstance(part, str) and "\0" in part for part in parts):
                raise ValueError
        except (ValueError, binascii.Error, RecursionError):
            message = _("Begin again without a cursor: this one does not belong to this list.")
            raise Invalid(message, errors=[FieldError("cursor", "invalid_cursor", message)]) from None
        return cls(order, parts[-1], tuple(parts[1:-1]))
