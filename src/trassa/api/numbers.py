"""Whole numbers and ids as the API takes them."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

#: The largest that a column of ids holds.
MAX_ID = 2**63 - 1


def take_whole_number(raw: Any) -> Any:
    """JSON integers only: 5 and 5.0, but neither true nor "5"."""
    if isinstance(raw, Decimal) and raw == raw.to_integral_value():
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError("give a whole number")
    return raw


WholeNumber = Annotated[int, BeforeValidator(take_whole_number)]
