"""Operators. Their codes are stored like those of functions."""

from trassa.expressions import arithmetic
from trassa.expressions.functions.function import Function, anything, condition, number, text
from trassa.expressions.functions.texts import join
from trassa.expressions.kinds import Kind
from trassa.expressions.limits import MAX_EXPONENT

#: A result with twelve decimals, or NULL when it is too large. LEAST and GREATEST pass over NULL, and NULLIF
#: brings it back.
BOUNDED = "nullif(nullif(least(greatest(round({}, 12), -1e30), 1e30), 1e30), -1e30)"
#: Adds decimals that dividing and raising to a power shall keep.
_FINE = "+ 0.000000000000000000000000"

_TWO = (number("число", "number"), number("число", "number"))


def _arithmetic(code: str, sign: str, strength: int, sql: str) -> Function:
    python = getattr(arithmetic, code)
    names = (sign, sign)
    return Function(
        code, names, _TWO, Kind.NUMBER, ("", ""), python, BOUNDED.format(sql), sign=sign, strength=strength
    )


def _comparison(code: str, sign: str) -> Function:
    """Its computation depends on the kind; see `computing` and `sql`."""
    return Function(
        code,
        (sign, sign),
        (anything(), anything()),
        Kind.BOOLEAN,
        ("", ""),
        sign=sign,
        strength=3,
        by_kind=True,
    )


FUNCTIONS = (
    _arithmetic("add", "+", 5, "{0} + {1}"),
    _arithmetic("subtract", "-", 5, "{0} - {1}"),
    _arithmetic("multiply", "*", 6, "{0} * {1}"),
    _arithmetic("divide", "/", 6, f"({{0}} {_FINE}) / nullif({{1}}, 0)"),
    Function(
        "power",
        ("^", "^"),
        (number("число", "number"), number("степень", "power", constant=(-MAX_EXPONENT, MAX_EXPONENT))),
        Kind.NUMBER,
        ("", ""),
        arithmetic.power,
        BOUNDED.format(f"power(nullif({{0}}, 0) {_FINE}, {{1}})"),
        sign="^",
        strength=7,
    ),
    Function(
        "negative",
        ("-", "-"),
        (number("число", "number"),),
        Kind.NUMBER,
        ("", ""),
        lambda value: -value,
        "(- {0})",
        sign="-",
        strength=8,
    ),
    Function(
        "concat",
        ("&", "&"),
        (text("текст", "text"), text("текст", "text")),
        Kind.TEXT,
        ("", ""),
        join,
        sign="&",
        strength=4,
        by_kind=True,
    ),
    *(
        _comparison(code, sign)
        for code, sign in (("eq", "="), ("ne", "<>"), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="))
    ),
    Function(
        "and",
        ("И", "AND"),
        (condition(),),
        Kind.BOOLEAN,
        ("Да, если выполнены все условия.", "Yes when all conditions hold."),
        repeated=True,
        group="logic",
        by_kind=True,
    ),
    Function(
        "or",
        ("ИЛИ", "OR"),
        (condition(),),
        Kind.BOOLEAN,
        ("Да, если выполнено хотя бы одно условие.", "Yes when at least one condition holds."),
        repeated=True,
        group="logic",
        by_kind=True,
    ),
)
