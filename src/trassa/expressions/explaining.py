"""How a value came about, step by step, down to the values of fields."""

from dataclasses import dataclass

from trassa.expressions.computing import Values, compiled
from trassa.expressions.kinds import Kind, Value
from trassa.expressions.printer import Printer
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, children

#: Linked records that an explanation shows one by one.
MAX_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Explanation:
    """One step: what was computed, what came out, and the steps below. `node` says how to write the value."""

    text: str
    value: Value
    node: Node
    parts: tuple["Explanation", ...] = ()

    @property
    def kind(self) -> Kind:
        return self.node.kind


def explain(
    node: Node, values: Values, printer: Printer, *, reader_id: int | None = None, item: Values | None = None
) -> Explanation:
    """The value of a tree for one record with the steps to it."""
    value = compiled(node, reader_id)(values, item)
    parts: list[Explanation] = []
    if isinstance(node, Aggregate):
        for linked in list(values.get(node.over) or ())[:MAX_ITEMS]:
            for each in children(node):
                parts.append(explain(each, values, printer, reader_id=reader_id, item=linked))
    elif isinstance(node, Call):
        for each in node.arguments:
            if not isinstance(each, Constant):
                parts.append(explain(each, values, printer, reader_id=reader_id, item=item))
    text = printer.path(node.path) if isinstance(node, Field) and node.of_item else printer.text(node)
    return Explanation(text, value, node, tuple(parts))
