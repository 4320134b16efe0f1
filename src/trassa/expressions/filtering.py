"""Conditions that indexes serve: a bare column compared with a constant, and what such conditions mean for
records where the column is empty or the link leads nowhere.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from trassa.expressions.fragments import SIGNS, TYPES, Sql, among
from trassa.expressions.kinds import Kind
from trassa.expressions.limits import MAX_PART
from trassa.expressions.tree import Aggregate, Call, Field, Node, children, walk
from trassa.kernel import company_zone


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field of the record compared with a constant; `by_day` where a moment is compared as its day."""

    code: str
    asked: Field
    constant: Any
    by_day: bool = False


def on_column(comparison: Comparison, column: str) -> Sql | None:
    """The comparison as a condition on the bare column; None where only its value can be computed."""
    code, asked, constant = comparison.code, comparison.asked, comparison.constant
    if asked.kind is Kind.TEXT and isinstance(constant, str):
        return on_text(code, column, constant)
    if code not in SIGNS or asked.kind in (Kind.TEXT, Kind.OPTIONS, Kind.RECORDS):
        return None
    if comparison.by_day and isinstance(constant, date):
        return on_days(code, column, constant)
    if isinstance(constant, tuple):
        return among(code, Sql(column), Sql("%s::bigint[]", (list(constant),)))
    return on_plain(code, asked, column, constant)


def on_plain(code: str, asked: Field, column: str, constant: Any) -> Sql:
    """A column compared with a value, and with what a blank counts as."""
    if asked.unit == "percent" and isinstance(constant, Decimal):
        constant *= 100
    compared = Sql(f"{column} {SIGNS[code]} %s::{TYPES[asked.kind]}", (constant,))
    if holds_for_blank(code, asked.kind, constant):
        return Sql(f"({compared.text} or {column} is null)", compared.parameters)
    return compared


def holds_for_blank(code: str, kind: Kind, constant: Any) -> bool:
    """Whether an empty field fulfils the comparison: an empty number is 0, an unset mark is no."""
    if kind is Kind.NUMBER:
        return bool(_HOLDS[code](Decimal(0), constant))
    if kind is Kind.BOOLEAN:
        return bool(_HOLDS[code](False, constant))
    return code == "ne"


_HOLDS: dict[str, Any] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


def on_days(code: str, column: str, day: date) -> Sql:
    """A moment compared with a day, as bounds on the bare column."""
    zone = company_zone()
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    bounds = {
        "lt": ("{0} < %s", (begins,)),
        "ge": ("{0} >= %s", (begins,)),
        "le": ("{0} < %s", (ends,)),
        "gt": ("{0} >= %s", (ends,)),
        "eq": ("({0} >= %s and {0} < %s)", (begins, ends)),
        "ne": ("({0} < %s or {0} >= %s or {0} is null)", (begins, ends)),
    }
    text, parameters = bounds[code]
    return Sql(text.format(column), parameters)


def on_text(code: str, column: str, text: str) -> Sql | None:
    """A text column compared with a text, without regard to capitals; None where a blank would fulfil it
    or the text is too long.

    ILIKE and not lower(…): only so does PostgreSQL estimate by its statistics how many records fulfil it.
    """
    pattern = _PATTERNS.get(code)
    if not text or pattern is None or (code == "contains" and len(text) > MAX_PART):
        return None
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    likeness = f"({column} ilike %s)"
    return Sql(f"({likeness} is not true)" if code == "ne" else likeness, (pattern.format(escaped),))


#: Comparisons of texts as patterns of ILIKE.
_PATTERNS = {"eq": "{}", "ne": "{}", "contains": "%{}%", "startswith": "{}%"}


def shared_link(node: Node) -> str | None:
    """The link through which everything goes that the node looks at; None where there is no such link."""
    first: str | None = None
    for part in walk(node):
        if isinstance(part, Aggregate):
            return None
        if isinstance(part, Field):
            if part.of_item or len(part.path) < 2 or first not in (None, part.path[0]):
                return None
            first = part.path[0]
    return first


def behind_link(node: Node) -> Node:
    """The same about the record behind the shared link: client.name = "x" becomes name = "x"."""
    if isinstance(node, Field):
        return replace(node, path=node.path[1:])
    if isinstance(node, Call):
        return replace(node, arguments=tuple(behind_link(each) for each in node.arguments))
    return node


def is_static(node: Node) -> bool:
    """Whether the value is the same for all records."""
    if isinstance(node, Field | Aggregate):
        return False
    return all(is_static(child) for child in children(node))
