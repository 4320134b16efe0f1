"""Exact decimal arithmetic: the one rounding rule and the one way to write an amount."""

from decimal import ROUND_HALF_UP, Decimal

NO_BREAK_SPACE = "\u00a0"


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero, as accountants do."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_decimal(value: Decimal | int, *, places: int | None = None, point: str = ",") -> str:
    """Write a number with non-breaking thousands: `Decimal("1234567.5")` → "1 234 567,5".

    With `places` None trailing zeros are dropped.
    """
    number = Decimal(value)
    if places is not None:
        number = round_half_up(number, places)
    text = f"{number:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", "\0").replace(",", NO_BREAK_SPACE).replace("\0", point)
