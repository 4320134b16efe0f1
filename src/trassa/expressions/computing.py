"""Computes a tree in Python: compiled once to closures, then cheap for every record.

Values come as a mapping of paths to raw values of fields; a collection's path gives a list of such mappings,
one a linked record.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from trassa.expressions.arithmetic import multiply
from trassa.expressions.functions import functions
from trassa.expressions.kinds import BLANKS, NUMBER, UNDEFINED, VALUE, ErrorValue, Kind, Value
from trassa.expressions.limits import MAX_ITEMS
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, Path

#: Raw values by path; for collections lists of the same.
Values: TypeAlias = Mapping[Path, Any]
Compute: TypeAlias = Callable[[Values, Values | None], Value]

_HUNDREDTH = Decimal("0.01")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    code: getattr(operator, code) for code in ("eq", "ne", "lt", "le", "gt", "ge")
}


def compute_with(node: Node, *, reader_id: int | None = None) -> Callable[[Values], Value]:
    """A function from values to the value of the tree; `reader_id` is the answer of ME()."""
    compute = compiled(node, reader_id)
    return lambda values: compute(values, None)


def compiled(node: Node, reader_id: int | None) -> Compute:
    if isinstance(node, Constant):
        constant = node.value
        return lambda values, item: constant
    if isinstance(node, Field):
        return field(node)
    if isinstance(node, Aggregate):
        return aggregate(node, reader_id)
    if node.code == "me":
        return lambda values, item: reader_id
    if node.code == "isblank":
        return blank(node)
    arguments = tuple(compiled(each, reader_id) for each in node.arguments)
    special = _SPECIAL.get(node.code)
    return special(node, arguments) if special else plain(node, arguments)


def field(node: Field) -> Compute:
    """A field's value; what is empty counts as 0, "" or no, and 4 % as 0.04."""
    path, of_item, blank_value = node.path, node.of_item, BLANKS.get(node.kind)

    def compute(values: Values, item: Values | None) -> Value:
        found = (item if of_item and item is not None else values).get(path)
        return blank_value if found is None else found

    if node.unit != "percent":
        return compute

    def hundredth(values: Values, item: Values | None) -> Value:
        found = compute(values, item)
        return multiply(found, _HUNDREDTH) if isinstance(found, Decimal) else found

    return hundredth


def blank(node: Call) -> Compute:
    asked = node.arguments[0]
    assert isinstance(asked, Field)
    path, of_item = asked.path, asked.of_item

    def compute(values: Values, item: Values | None) -> Value:
        found = (item if of_item and item is not None else values).get(path)
        return found is None or found in ("", (), [])

    return compute


def plain(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    """A function that wants values: an error passes through, something missing makes the result missing."""
    function = functions.get(node.code)
    apply = function.python
    assert apply is not None
    absent = None if node.kind.may_be_missing else VALUE
    missing = tuple(argument.kind.may_be_missing for argument in node.arguments)
    takes_missing = node.code in ("text_of", "has")

    def compute(values: Values, item: Values | None) -> Value:
        given = [argument(values, item) for argument in arguments]
        for value, may_miss in zip(given, missing, strict=True):
            if value.__class__ is ErrorValue:
                return value if absent is VALUE else None
            if may_miss and value is None and not takes_missing:
                return absent
        result: Value = apply(*given)
        return result

    return compute


def aggregate(node: Aggregate, reader_id: int | None) -> Compute:
    function = functions.get(node.code)
    apply = function.python
    assert apply is not None
    parts = [compiled(each, reader_id) for each in node.items]
    condition = compiled(node.condition, reader_id) if node.condition is not None else None
    over, empty = node.over, BLANKS.get(node.kind)
    takes_errors = node.code in ("any", "all")

    def compute(values: Values, item: Values | None) -> Value:
        items, rows = values.get(over) or (), []
        if len(items) > MAX_ITEMS:
            return None if node.kind.may_be_missing else NUMBER
        for linked in items:
            if condition is not None and condition(values, linked) is not True:
                continue
            row = tuple(part(values, linked) for part in parts)
            error = next((value for value in row if isinstance(value, ErrorValue)), None)
            if error is not None and not takes_errors:
                return error
            rows.append(row)
        result: Value = apply(rows)
        return empty if result is None else result

    return compute


def over_arguments(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    """SUM, MIN, … of what stands in the brackets instead of linked records."""
    apply = functions.get(node.code).python
    assert apply is not None

    def compute(values: Values, item: Values | None) -> Value:
        given = [argument(values, item) for argument in arguments]
        error = next((value for value in given if isinstance(value, ErrorValue)), None)
        result: Value = error if error is not None else apply([(value,) for value in given])
        return result

    return compute


def choose(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    condition, yes, no = arguments
    may_miss = node.kind.may_be_missing

    def compute(values: Values, item: Values | None) -> Value:
        asked = condition(values, item)
        if isinstance(asked, ErrorValue):
            return None if may_miss else asked
        return yes(values, item) if asked else no(values, item)

    return compute


def choose_first(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    """IFS and SWITCH: the value of the first condition that holds, or of the last argument without one."""
    pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
    otherwise = arguments[-1] if len(arguments) % 2 else None
    may_miss = node.kind.may_be_missing

    def compute(values: Values, item: Values | None) -> Value:
        for condition, value in pairs:
            asked = condition(values, item)
            if isinstance(asked, ErrorValue):
                return None if may_miss else asked
            if asked:
                return value(values, item)
        if otherwise is not None:
            return otherwise(values, item)
        return None if may_miss else UNDEFINED

    return compute


def replace_error(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    value, replacement = arguments

    def compute(values: Values, item: Values | None) -> Value:
        found = value(values, item)
        return replacement(values, item) if isinstance(found, ErrorValue) or found is None else found

    return compute


def all_of(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    return combined(arguments, decisive=False)


def any_of(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    return combined(arguments, decisive=True)


def combined(arguments: tuple[Compute, ...], *, decisive: bool) -> Compute:
    """AND and OR: one decisive answer decides, even beside an error; otherwise the error stays."""

    def compute(values: Values, item: Values | None) -> Value:
        error = None
        for argument in arguments:
            found = argument(values, item)
            if found is decisive:
                return decisive
            if isinstance(found, ErrorValue):
                error = error or found
        return error if error is not None else not decisive

    return compute


def among(left: Compute, right: Compute, *, wanted: bool) -> Compute:
    """Whether an option is one of several that share a name."""

    def compute(values: Values, item: Values | None) -> Value:
        options = right(values, item)
        return (left(values, item) in (options if isinstance(options, tuple) else ())) is wanted

    return compute


def comparison(node: Call, arguments: tuple[Compute, ...]) -> Compute:
    compare = _COMPARE[node.code]
    left, right = arguments
    kind = node.arguments[0].kind
    if kind is Kind.OPTION and node.arguments[1].kind is Kind.OPTIONS:
        return among(left, right, wanted=node.code == "eq")
    if kind is Kind.TEXT:

        def texts(values: Values, item: Values | None) -> Value:
            one, other = left(values, item), right(values, item)
            if isinstance(one, ErrorValue):
                return one
            if isinstance(other, ErrorValue):
                return other
            return compare(str(one).lower(), str(other).lower())

        return texts
    if kind.may_be_missing and node.code not in ("eq", "ne"):

        def ordered(values: Values, item: Values | None) -> Value:
            one, other = left(values, item), right(values, item)
            return one is not None and other is not None and compare(one, other)

        return ordered

    def whole(values: Values, item: Values | None) -> Value:
        one, other = left(values, item), right(values, item)
        if one.__class__ is ErrorValue:
            return one
        if other.__class__ is ErrorValue:
            return other
        return compare(one, other)

    return whole


_SPECIAL: dict[str, Callable[[Call, tuple[Compute, ...]], Compute]] = {
    "if": choose,
    **dict.fromkeys(("ifs", "switch"), choose_first),
    "iferror": replace_error,
    "and": all_of,
    "or": any_of,
    **dict.fromkeys(_COMPARE, comparison),
    **dict.fromkeys(("sum", "average", "min", "max"), over_arguments),
}


def compute(node: Node, values: Values, *, reader_id: int | None = None) -> Value:
    """The value of a tree for one record."""
    return compiled(node, reader_id)(values, None)


def paths_of(nodes: Sequence[Node]) -> set[Path]:
    """Paths whose values computing these trees needs, without those of items."""
    found: set[Path] = set()
    for node in nodes:
        if isinstance(node, Field) and not node.of_item:
            found.add(node.path)
        elif isinstance(node, Call):
            found |= paths_of(node.arguments)
        elif isinstance(node, Aggregate):
            found |= paths_of(parts_of(node))
    return found


def item_paths_of(nodes: Sequence[Node]) -> dict[Path, set[Path]]:
    """For each collection that the trees read: the paths that are needed of its items."""
    found: dict[Path, set[Path]] = {}
    for node in nodes:
        if isinstance(node, Call):
            for over, paths in item_paths_of(node.arguments).items():
                found.setdefault(over, set()).update(paths)
        elif isinstance(node, Aggregate):
            found.setdefault(node.over, set()).update(of_items(parts_of(node)))
    return found


def parts_of(node: Aggregate) -> tuple[Node, ...]:
    return node.items if node.condition is None else (*node.items, node.condition)


def of_items(nodes: Sequence[Node]) -> set[Path]:
    found: set[Path] = set()
    for node in nodes:
        if isinstance(node, Field) and node.of_item:
            found.add(node.path)
        elif isinstance(node, Call):
            found |= of_items(node.arguments)
    return found
