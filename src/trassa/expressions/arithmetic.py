"""Exact decimal arithmetic: twelve decimals are kept, halves round up, what is too large is an error."""

from decimal import ROUND_HALF_UP, Context, Decimal

from trassa.expressions.kinds import DIVISION, NUMBER, ErrorValue
from trassa.expressions.limits import MAX_EXPONENT, MAX_NUMBER, PLACES

#: Enough digits for a product of two numbers with all their decimals.
_CONTEXT = Context(prec=100, rounding=ROUND_HALF_UP, Emax=10_000, Emin=-10_000)
_UNIT = Decimal(1).scaleb(-PLACES)

Number = Decimal | ErrorValue


def settle(value: Decimal) -> Number:
    """A result as it is kept."""
    if abs(value) >= MAX_NUMBER:
        return NUMBER
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES:
        return _CONTEXT.quantize(value, _UNIT)
    return value


def add(left: Decimal, right: Decimal) -> Number:
    return settle(_CONTEXT.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Number:
    return settle(_CONTEXT.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Number:
    return settle(_CONTEXT.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Number:
    return settle(_CONTEXT.divide(left, right)) if right else DIVISION


def power(base: Decimal, exponent: Decimal) -> Number:
    """A whole power; 0 to a negative power is a division by zero."""
    if abs(exponent) > MAX_EXPONENT:
        return NUMBER
    if not base:
        return DIVISION if exponent < 0 else Decimal(0 if exponent else 1)
    return settle(_CONTEXT.power(base, exponent))


def round_places(value: Decimal, places: Decimal) -> Number:
    """Halves away from zero; negative places round to tens, hundreds."""
    return settle(_CONTEXT.quantize(value, Decimal(1).scaleb(-int(places))) + 0)


def floor(value: Decimal) -> Decimal:
    return value.to_integral_value("ROUND_FLOOR")


def modulo(value: Decimal, divisor: Decimal) -> Number:
    """The remainder with the sign of the divisor, as spreadsheets count."""
    if not divisor:
        return DIVISION
    remainder = _CONTEXT.remainder(value, divisor)
    return settle(remainder + divisor if remainder and (remainder < 0) != (divisor < 0) else remainder)
