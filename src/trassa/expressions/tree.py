"""The tree of an expression: immutable, typed, independent of language and of the names of fields.

A path is a tuple of keys. A key is a field's column ("f_34"), the name of a base column ("owner") or a link
back ("b_57": records whose field 57 points here). What is stored are keys, so renaming is free.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from trassa.expressions.kinds import Kind, Value

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the text. An option is its id."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record, or of one that links lead to. `of_item` starts at the item of an aggregate."""

    path: Path
    kind: Kind
    #: "percent": the stored 4 counts as 0.04; "money" only matters when the value is shown.
    unit: str = ""
    of_item: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator, by its code, applied to arguments."""

    code: str
    arguments: "tuple[Node, ...]"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the records that `over` leads to: over the `items` of each that fulfils `condition`."""

    code: str
    over: Path
    items: "tuple[Node, ...]"
    condition: "Node | None"
    kind: Kind


Node: TypeAlias = Constant | Field | Call | Aggregate


def children(node: Node) -> "tuple[Node, ...]":
    """The nodes directly below."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Aggregate):
        return node.items if node.condition is None else (*node.items, node.condition)
    return ()


def paths_in(node: Node, over: Path = ()) -> Iterator[Path]:
    """Every path from the record itself, those of an aggregate's items behind their collection."""
    if isinstance(node, Field):
        yield (*over, *node.path) if node.of_item else node.path
    elif isinstance(node, Call):
        for each in node.arguments:
            yield from paths_in(each, over)
    elif isinstance(node, Aggregate):
        yield node.over
        for each in children(node):
            yield from paths_in(each, node.over)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)
