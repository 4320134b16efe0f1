"""Pieces of SQL: what functions, comparisons and aggregates are in PostgreSQL, given their arguments.

NULL means an error for numbers, texts and yes/no, and «missing» for all other kinds; see `kinds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Any

from django.utils.translation import gettext as _

from trassa.expressions.errors import NotInSql
from trassa.expressions.functions import functions
from trassa.expressions.functions.operators import BOUNDED
from trassa.expressions.kinds import Kind
from trassa.expressions.limits import MAX_CHARACTERS
from trassa.expressions.tree import Aggregate, Call, Constant

#: Comparisons by their codes.
SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}

MAX_SQL = 60_000
#: Keeps PostgreSQL from replacing what stands in a subquery's FROM by its expression, which would be computed
#: wherever it is mentioned: twice at every level of functions inside functions.
ONCE = "offset 0"
#: SQL types of values.
TYPES = {
    Kind.NUMBER: "numeric", Kind.TEXT: "text", Kind.BOOLEAN: "boolean", Kind.DATE: "date",
    Kind.MOMENT: "timestamptz", Kind.OPTION: "bigint", Kind.OPTIONS: "bigint[]", Kind.PERSON: "bigint",
    Kind.DEPARTMENT: "bigint", Kind.RECORD: "bigint",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and its parameters, in order."""

    text: str
    parameters: tuple[Any, ...] = ()


def bounded(text: str, parameters: Sequence[Any]) -> Sql:
    """A piece of SQL; raises NotInSql when it is too large. Checked at every step, for pieces can double."""
    if len(text) > MAX_SQL:
        raise NotInSql(_("This condition is too large for a filter."))
    return Sql(text, tuple(parameters))


def joined(word: str, parts: Sequence[Sql]) -> Sql:
    text = word.join(f"({part.text})" for part in parts)
    return bounded(f"({text})", [value for part in parts for value in part.parameters])


def filled(template: str, arguments: Sequence[Sql]) -> Sql:
    """A template with its {0}, {1}, … replaced; parameters follow the text."""
    text: list[str] = []
    parameters: list[Any] = []
    for literal, position, _spec, _conversion in Formatter().parse(template):
        text.append(literal)
        if position is not None:
            argument = arguments[int(position)]
            text.append(argument.text)
            parameters += argument.parameters
    return bounded("".join(text), parameters)


def template_of(node: Call) -> str:
    """The SQL of a function; raises NotInSql when there is none."""
    function = functions.get(node.code)
    if node.code == "power":
        exponent = node.arguments[1]
        negative = (
            isinstance(exponent, Constant) and isinstance(exponent.value, Decimal) and exponent.value < 0
        )
        base = "nullif({0}, 0)" if negative else "{0}"
        return BOUNDED.format(f"power({base} + 0.000000000000000000000000, {{1}})")
    if function.sql is None:
        message = _("%s cannot stand in a filter. Store it as a field and filter by the field.")
        raise NotInSql(message % function.names[0])
    return function.sql


def compared(node: Call, left: Sql, right: Sql) -> Sql:
    """A comparison whose NULL is an error."""
    kind, sign = node.arguments[0].kind, SIGNS[node.code]
    parameters = (*left.parameters, *right.parameters)
    if kind is Kind.OPTION and node.arguments[1].kind is Kind.OPTIONS:
        return Sql(f"coalesce({among(node.code, left, right).text}, false)", parameters)
    if kind is Kind.TEXT:
        return Sql(f"(lower({left.text}) {sign} lower({right.text}))", parameters)
    if not kind.may_be_missing:
        return Sql(f"({left.text} {sign} {right.text})", parameters)
    if node.code in ("eq", "ne"):
        word = "is not distinct from" if node.code == "eq" else "is distinct from"
        return Sql(f"({left.text} {word} {right.text})", parameters)
    return Sql(f"coalesce({left.text} {sign} {right.text}, false)", parameters)


def among(code: str, option: Sql, options: Sql) -> Sql:
    """Whether an option is one of several that share a name; a missing one is not."""
    text = f"{option.text} = any({options.text})"
    if code == "ne":
        text = f"(({text}) is not true)"
    return Sql(text, (*option.parameters, *options.parameters))


def over_arguments(node: Call, arguments: Sequence[Sql]) -> Sql:
    """SUM, MIN, … of values in brackets."""
    lines = ", ".join(f"({argument.text})" for argument in arguments) + f" {ONCE}"
    template = functions.get(node.code).sql or ""
    if node.code in ("min", "max"):
        template = minimum_template(node.code, node.kind)
    text = filled(template, [Sql("v.v")] * 1).text
    values = tuple(value for argument in arguments for value in argument.parameters)
    return Sql(f"(select {text} from (values {lines}) as v(v))", values)


def concatenated(node: Call, arguments: Sequence[Sql]) -> Sql:
    """Texts one behind the other; NULL when the text would become too long.

    Lengths are added up first: growing a text part by part would copy it as often.
    """
    columns = ", ".join(f"c{number}" for number in range(len(arguments)))
    length = " + ".join(f"char_length({column})" for column in columns.split(", "))
    whole = f"case when {length} <= {MAX_CHARACTERS} then array_to_string(array[{columns}], '') end"
    rows = joined(", ", arguments)
    return bounded(f"(select {whole} from (values {rows.text} {ONCE}) as c({columns}))", rows.parameters)


def first_choice(node: Call, arguments: Sequence[Sql]) -> Sql:
    """IFS and SWITCH: one CASE inside the other, so that an error of a condition ends the search."""
    made = arguments[-1] if len(arguments) % 2 else Sql(f"null::{TYPES[node.kind]}")
    pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
    for condition, value in reversed(pairs):
        made = filled("(case {0} when true then {1} when false then {2} end)", [condition, value, made])
    return made


def aggregate_template(node: Aggregate) -> str:
    if node.code in ("min", "max"):
        return minimum_template(node.code, node.kind)
    function = functions.get(node.code)
    if function.sql is None:
        message = _("%s cannot stand in a filter. Store it as a field and filter by the field.")
        raise NotInSql(message % function.names[0])
    return function.sql


def minimum_template(code: str, kind: Kind) -> str:
    """MIN and MAX: an error among numbers is an error, no number is 0, a missing date is passed over."""
    if kind.may_be_missing:
        return f"{code}({{0}})"
    return f"case when bool_or({{0}} is null) then null else coalesce({code}({{0}}), 0) end"


def written(kind: Kind, value: Sql) -> Sql:
    """A value as `&` writes it."""
    if kind is Kind.NUMBER:
        return Sql(f"replace(trim_scale({value.text})::text, '.', ',')", value.parameters)
    if kind is Kind.DATE:
        return Sql(f"coalesce(to_char({value.text}, 'DD.MM.YYYY'), '')", value.parameters)
    if kind is Kind.BOOLEAN:
        return Sql(f"(case {value.text} when true then 'да' when false then 'нет' end)", value.parameters)
    if kind is Kind.TEXT:
        return value
    raise NotInSql(_("Such a text cannot stand in a filter. Store it as a field and filter by the field."))
