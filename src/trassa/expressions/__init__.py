"""The expression language of formulas, conditions, filters, defaults. See docs/decisions/0009-expressions.md.

A text becomes a typed tree that knows no language: `read(text, scope, type_id)`. The tree is stored as JSON
(`to_json`, `from_json`), written again in any language (`write`), computed in Python (`compute`, or
`compute_with` for many records) and in SQL (`condition_in_sql`, `value_in_sql`), and explained (`explain`).
What can be named comes from a `Scope`. Upper rooms import from here only.
"""

from collections.abc import Sequence

from trassa.expressions.checker import Checker
from trassa.expressions.computing import Values, compute, compute_with, item_paths_of, paths_of
from trassa.expressions.errors import ExpressionRefused, Fault, NotInSql
from trassa.expressions.explaining import ITEM_ID, Explanation, explain
from trassa.expressions.finance import annuity, xirr
from trassa.expressions.fragments import Sql
from trassa.expressions.functions import Function, find_function, functions
from trassa.expressions.kinds import ErrorValue, Kind, Value
from trassa.expressions.limits import MAX_ITEMS
from trassa.expressions.names import find_member, find_option, folded
from trassa.expressions.parser import parse
from trassa.expressions.printer import Printer, Style
from trassa.expressions.scope import Join, Member, Option, Scope
from trassa.expressions.sql import SqlCompiler, condition_in_sql, value_in_sql
from trassa.expressions.stored import from_json, to_json
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, Path, paths_in, walk
from trassa.expressions.words import a_kind

__all__ = [
    "ITEM_ID",
    "MAX_ITEMS",
    "Aggregate",
    "Call",
    "Constant",
    "ErrorValue",
    "Explanation",
    "ExpressionRefused",
    "Fault",
    "Field",
    "Function",
    "Join",
    "Kind",
    "Member",
    "Node",
    "NotInSql",
    "Option",
    "Path",
    "Printer",
    "Scope",
    "Sql",
    "SqlCompiler",
    "Style",
    "Value",
    "Values",
    "a_kind",
    "annuity",
    "asks_for_now",
    "asks_for_reader",
    "compute",
    "compute_with",
    "condition_in_sql",
    "explain",
    "find_function",
    "find_member",
    "find_option",
    "folded",
    "from_json",
    "functions",
    "is_volatile",
    "item_paths_of",
    "paths_in",
    "paths_of",
    "read",
    "to_json",
    "value_in_sql",
    "walk",
    "write",
    "xirr",
]


def read(text: str, scope: Scope, type_id: int, *, expected: Sequence[Kind] | None = None) -> Node:
    """The tree of a text about records of a type; raises ExpressionRefused with all faults and their places.

    `expected` are the kinds that the whole may have; a condition is `(Kind.BOOLEAN,)`.
    """
    return Checker(scope, type_id).check(parse(text), expected)


def write(node: Node, scope: Scope, type_id: int, style: Style = "ru") -> str:
    """The text of a tree; what the reader may not name, or what is gone, stands as [?]."""
    return Printer(scope, type_id, style).text(node)


def is_volatile(node: Node, scope: Scope, type_id: int) -> bool:
    """Whether the value changes without a field changing: it asks for today, now or the reader, or follows
    links that hold for some time.
    """
    return asks_for_now(node) or any(is_dated(path, scope, type_id) for path in paths_in(node))


def asks_for_now(node: Node) -> bool:
    """Whether an expression asks for today, now or the reader."""
    return any(isinstance(part, Call) and functions.get(part.code).volatile for part in walk(node))


def asks_for_reader(node: Node) -> bool:
    """Whether the value is another one for other readers."""
    return any(isinstance(part, Call) and part.code == "me" for part in walk(node))


def is_dated(path: Path, scope: Scope, type_id: int) -> bool:
    """Whether a path goes over a link that holds for some time."""
    at: int | None = type_id
    for key in path:
        members = scope.members(at) if at is not None else ()
        member = next((each for each in members if each.key == key), None)
        if member is not None and member.join is not None and member.join.period:
            return True
        at = member.target if member is not None else None
    return False
