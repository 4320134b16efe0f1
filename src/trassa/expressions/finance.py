"""Formulas of finance."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

import pyxirr

_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
_PLACES = Decimal("1e-12")


def annuity(amount: Decimal, yearly_rate: Decimal, months: int) -> Decimal:
    """The equal monthly payment that repays `amount` in `months` at `yearly_rate` (0.143 for 14.3 %).

    A = P · i / (1 − (1 + i)^−n) with i = rate / 12; P / n without interest. See Brealey, Myers, Allen,
    *Principles of Corporate Finance*, on annuities.
    """
    monthly = _CONTEXT.divide(yearly_rate, Decimal(12))
    if not monthly:
        return _CONTEXT.divide(amount, Decimal(months))
    discount = 1 - _CONTEXT.power(1 + monthly, Decimal(-months))
    return _CONTEXT.divide(_CONTEXT.multiply(amount, monthly), discount)


def payment(rate: Decimal, periods: int, amount: Decimal, rest: Decimal, *, early: bool) -> Decimal:
    """The equal payment a period of a loan of `amount`, of which `rest` is left after the last one.

    Solves P·(1 + i)ⁿ + A·(1 + i·early)·((1 + i)ⁿ − 1) / i + F = 0 for A; P + A·n + F = 0 without interest.
    What one receives is positive, what one pays negative: a loan has negative payments and a negative rest;
    `early` payments come at the beginning of a period. So PMT of spreadsheets has it (OASIS OpenDocument 1.3,
    part 4 “OpenFormula”, financial functions).
    """
    if not rate:
        return _CONTEXT.divide(-(amount + rest), Decimal(periods))
    growth = _CONTEXT.power(1 + rate, Decimal(periods))
    due = _CONTEXT.multiply(amount, growth) + rest
    share = _CONTEXT.multiply(1 + rate if early else Decimal(1), growth - 1)
    return _CONTEXT.divide(_CONTEXT.multiply(-due, rate), share)


def xirr(flows: Sequence[tuple[date, Decimal]]) -> Decimal | None:
    """The yearly rate r at which Σ CFₖ / (1 + r)^((dₖ − d₀) / 365) = 0, as 0.156895 for 15.6895 %.

    None when no rate exists, as without a payment and a receipt. The year has 365 days, as in the function
    XIRR of spreadsheets (OASIS OpenDocument 1.3, part 4, 6.12.54).
    """
    amounts = [amount for _day, amount in flows]
    if not any(amount > 0 for amount in amounts) or not any(amount < 0 for amount in amounts):
        return None
    found = pyxirr.xirr([day for day, _amount in flows], [float(amount) for amount in amounts], silent=True)
    if found is None or abs(found) > 1e9:
        return None
    return _CONTEXT.quantize(Decimal(repr(found)), _PLACES)
