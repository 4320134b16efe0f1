"""Functions over linked records: SUM(payments.amount; payments.status = "Paid").

The SQL template gets the item's expression as {0}; rows are those that fulfil the condition. With numbers
instead of linked records the same names work on their arguments.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from trassa.expressions import arithmetic
from trassa.expressions.finance import xirr
from trassa.expressions.functions.function import Function, anything, condition, day, number
from trassa.expressions.functions.operators import BOUNDED
from trassa.expressions.kinds import DIVISION, UNDEFINED, ErrorValue, Kind


def add_up(items: Sequence[tuple[Decimal]]) -> arithmetic.Number:
    return arithmetic.settle(sum((value for (value,) in items), Decimal(0)))


def average(items: Sequence[tuple[Decimal]]) -> arithmetic.Number:
    total = sum((value for (value,) in items), Decimal(0))
    return arithmetic.divide(total, Decimal(len(items))) if items else DIVISION


def smallest(items: Sequence[tuple[Any]]) -> Any:
    found = [value for (value,) in items if value is not None]
    return min(found) if found else None


def largest(items: Sequence[tuple[Any]]) -> Any:
    found = [value for (value,) in items if value is not None]
    return max(found) if found else None


def rate_of_return(items: Sequence[tuple[Decimal, date | None]]) -> Any:
    flows = [(moment, amount) for amount, moment in items if moment is not None]
    found = xirr(flows)
    return UNDEFINED if found is None else found


def decided(verdicts: Sequence[tuple[bool | ErrorValue]], *, decisive: bool) -> bool | ErrorValue:
    """Whether one verdict decides; beside none that does, an error stays."""
    found = [verdict for (verdict,) in verdicts]
    if decisive in found:
        return decisive
    return next((each for each in found if isinstance(each, ErrorValue)), not decisive)


_VALUES = (Kind.NUMBER, Kind.DATE, Kind.MOMENT)
_IF = condition(optional=True)
#: An error in one item is an error of the whole.
_SAFE = "case when bool_or({{0}} is null) then null else {} end"

FUNCTIONS = (
    Function(
        "sum",
        ("СУММ", "SUM"),
        (number("число", "number"), _IF),
        Kind.NUMBER,
        (
            'Сумма по связанным записям: СУММ(платежи.сумма; платежи.статус = "Оплачен").',
            'The sum over linked records: SUM(payments.amount; payments.status = "Paid").',
        ),
        add_up,
        BOUNDED.format(_SAFE.format("coalesce(sum({0}), 0)")),
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "count",
        ("СЧЁТ", "COUNT"),
        (anything("связанные записи", "linked records"), _IF),
        Kind.NUMBER,
        (
            "Сколько связанных записей: СЧЁТ(платежи; платежи.сумма > 0).",
            "How many linked records: COUNT(payments; payments.amount > 0).",
        ),
        lambda items: Decimal(len(items)),
        "count(*)::numeric",
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "any",
        ("ЕСТЬ", "ANY"),
        (anything("связанные записи", "linked records"), _IF),
        Kind.BOOLEAN,
        (
            'Да, если такая связанная запись есть: ЕСТЬ(платежи; платежи.статус = "Ждёт").',
            'Yes when there is such a linked record: ANY(payments; payments.status = "Waiting").',
        ),
        lambda verdicts: decided(verdicts, decisive=True),
        "case when bool_or({0}) then true when bool_or(({0}) is null) then null else false end",
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "all",
        ("ВСЕ", "ALL"),
        (anything("связанные записи", "linked records"), condition()),
        Kind.BOOLEAN,
        (
            'Да, если таковы все связанные записи: ВСЕ(платежи; платежи.статус = "Оплачен").'
            " Если их нет — тоже да.",
            'Yes when all linked records are such: ALL(payments; payments.status = "Paid"). Yes without any.',
        ),
        lambda verdicts: decided(verdicts, decisive=False),
        "case when bool_or(not ({0})) then false when bool_or(({0}) is null) then null else true end",
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "average",
        ("СРЗНАЧ", "AVERAGE"),
        (number("число", "number"), _IF),
        Kind.NUMBER,
        ("Среднее по связанным записям или числам.", "The average over linked records or numbers."),
        average,
        BOUNDED.format(_SAFE.format("(sum({0}) + 0.000000000000000000000000) / nullif(count(*), 0)")),
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "min",
        ("МИН", "MIN"),
        (number("число", "number"), _IF),
        None,
        ("Наименьшее из чисел или по связанным записям.", "The smallest number, or over linked records."),
        smallest,
        "min({0})",
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "max",
        ("МАКС", "MAX"),
        (number("число", "number"), _IF),
        None,
        ("Наибольшее из чисел или по связанным записям.", "The largest number, or over linked records."),
        largest,
        "max({0})",
        aggregate=True,
        group="aggregates",
    ),
    Function(
        "xirr",
        ("ЧИСТВНДОХ", "XIRR"),
        (number("сумма", "amount"), day(), _IF),
        Kind.NUMBER,
        (
            "Годовая доходность потока платежей: ЧИСТВНДОХ(платежи.сумма; платежи.дата).",
            "The yearly rate of return of payments: XIRR(payments.amount; payments.date).",
        ),
        rate_of_return,
        aggregate=True,
        group="finance",
    ),
)
