"""Trees as JSON: what is kept in the database. Fields stand by their keys, so renaming changes nothing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from trassa.expressions.functions import functions
from trassa.expressions.kinds import Kind
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node


def to_json(node: Node) -> dict[str, Any]:
    """The tree as JSON."""
    kind = node.kind.value
    match node:
        case Constant():
            value = node.value
            plain = list(value) if isinstance(value, tuple) else value
            if not isinstance(plain, bool | int | str | list) and plain is not None:
                plain = str(plain)
            return {"constant": plain, "kind": kind}
        case Field():
            return {"field": list(node.path), "kind": kind, "unit": node.unit, "of_item": node.of_item}
        case Call():
            return {"call": node.code, "arguments": [to_json(each) for each in node.arguments], "kind": kind}
        case Aggregate():
            return {
                "aggregate": node.code,
                "over": list(node.over),
                "items": [to_json(each) for each in node.items],
                "condition": None if node.condition is None else to_json(node.condition),
                "kind": kind,
            }


def from_json(stored: Mapping[str, Any]) -> Node:
    """The tree that `to_json` wrote; raises KeyError or ValueError for anything else."""
    kind = Kind(stored["kind"])
    if "constant" in stored:
        return Constant(constant(stored["constant"], kind), kind)
    if "field" in stored:
        return Field(tuple(stored["field"]), kind, stored["unit"], stored["of_item"])
    if "call" in stored:
        code = functions.get(stored["call"]).code
        return Call(code, tuple(from_json(each) for each in stored["arguments"]), kind)
    condition = stored["condition"]
    return Aggregate(
        functions.get(stored["aggregate"]).code,
        tuple(stored["over"]),
        tuple(from_json(each) for each in stored["items"]),
        None if condition is None else from_json(condition),
        kind,
    )


def constant(plain: Any, kind: Kind) -> Any:
    if kind is Kind.NUMBER:
        return Decimal(plain)
    if kind is Kind.DATE:
        return date.fromisoformat(plain)
    if kind is Kind.OPTIONS:
        return tuple(plain)
    return plain
