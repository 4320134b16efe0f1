"""Numbers, and the payment of a loan."""

from decimal import Decimal

from trassa.expressions import arithmetic
from trassa.expressions.finance import annuity, payment
from trassa.expressions.functions.function import Function, number
from trassa.expressions.functions.operators import BOUNDED
from trassa.expressions.kinds import NUMBER, Kind

_MAX_DIVISOR = 10**9
_NOTHING = Decimal(0)


def _average(*values: Decimal) -> arithmetic.Number:
    total = Decimal(0)
    for value in values:
        total += value
    return arithmetic.divide(total, Decimal(len(values)))


def _annuity(amount: Decimal, rate: Decimal, months: Decimal) -> arithmetic.Number:
    whole = months == months.to_integral_value()
    if not whole or not 1 <= months <= 1200 or not -1 < rate <= 100:
        return NUMBER
    return arithmetic.settle(annuity(amount, rate, int(months)))


def _payment(
    rate: Decimal, periods: Decimal, amount: Decimal, rest: Decimal = _NOTHING, early: Decimal = _NOTHING
) -> arithmetic.Number:
    whole = periods == periods.to_integral_value()
    if not whole or not 1 <= periods <= 1200 or not -1 < rate <= 100:
        return NUMBER
    return arithmetic.settle(payment(rate, int(periods), amount, rest, early=bool(early)))


_ONE = (number("число", "number"),)
_PLACES = number("знаков", "digits", constant=(-12, 12))

FUNCTIONS = (
    Function(
        "round",
        ("ОКРУГЛ", "ROUND"),
        (number("число", "number"), _PLACES),
        Kind.NUMBER,
        ("Округляет до стольких знаков; половины — вверх.", "Rounds to so many digits, halves up."),
        arithmetic.round_places,
        "round({0}, ({1})::int)",
        group="numbers",
    ),
    Function(
        "abs",
        ("ABS", "ABS"),
        _ONE,
        Kind.NUMBER,
        ("Число без знака.", "The number without its sign."),
        abs,
        "abs({0})",
        group="numbers",
    ),
    Function(
        "int",
        ("ЦЕЛОЕ", "INT"),
        _ONE,
        Kind.NUMBER,
        ("Ближайшее целое, не большее числа.", "The next whole number that is not larger."),
        arithmetic.floor,
        "floor({0})",
        group="numbers",
    ),
    Function(
        "mod",
        ("ОСТАТ", "MOD"),
        (number("число", "number"), number("делитель", "divisor", constant=(-_MAX_DIVISOR, _MAX_DIVISOR))),
        Kind.NUMBER,
        (
            "Остаток от деления, со знаком делителя.",
            "The remainder of a division, with the sign of the divisor.",
        ),
        arithmetic.modulo,
        BOUNDED.format("mod(mod({0}, nullif({1}, 0)) + {1}, nullif({1}, 0))"),
        group="numbers",
    ),
    Function(
        "annuity",
        ("АННУИТЕТ", "ANNUITY"),
        (
            number("сумма", "amount"),
            number("годовая ставка", "yearly rate"),
            number("месяцев", "months"),
        ),
        Kind.NUMBER,
        (
            "Ежемесячный платёж по кредиту: АННУИТЕТ(1550000; 14,3%; 36).",
            "The monthly payment of a loan: ANNUITY(1550000; 14.3%; 36).",
        ),
        _annuity,
        group="finance",
    ),
    Function(
        "payment",
        ("ПЛТ", "PMT"),
        (
            number("ставка за период", "rate of a period"),
            number("периодов", "periods"),
            number("сумма", "amount"),
            number("остаток", "rest", optional=True),
            number("в начале периода", "at the beginning", optional=True),
        ),
        Kind.NUMBER,
        (
            "Платёж по кредиту, как в электронной таблице: полученное — плюс, уплаченное — минус."
            " ПЛТ(14,3% / 12; 36; 1550000) = −АННУИТЕТ(1550000; 14,3%; 36).",
            "The payment of a loan, as in a spreadsheet: received is positive, paid is negative."
            " PMT(14.3% / 12; 36; 1550000) = −ANNUITY(1550000; 14.3%; 36).",
        ),
        _payment,
        group="finance",
    ),
)
