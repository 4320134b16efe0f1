"""The functions of the language, by code. Each says its names, parameters, meaning, and how to compute it."""

from trassa.expressions.functions import aggregates, dates, logic, numbers, operators, texts
from trassa.expressions.functions.function import Function, Parameter
from trassa.kernel import Registry

__all__ = ["Function", "Parameter", "find_function", "functions"]

functions: Registry[Function] = Registry(
    "functions", description="Functions and operators of expressions, with their names in both languages."
)
for _group in (operators, logic, numbers, texts, dates, aggregates):
    for _function in _group.FUNCTIONS:
        functions.register(_function.code, _function)

_by_name = {name.casefold(): each for each in functions for name in each.spellings if not each.sign}


def find_function(name: str) -> Function | None:
    """The function of this Russian or English name, in any case."""
    return _by_name.get(name.casefold())
