"""How a value came about, step by step, down to the values of fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from trassa.expressions.computing import Values, compiled
from trassa.expressions.kinds import Kind, Value
from trassa.expressions.limits import MAX_STEPS
from trassa.expressions.printer import Printer
from trassa.expressions.tree import Aggregate, Call, Constant, Node, Path, children

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


def explain(node: Node, values: Values, printer: Printer, *, reader_id: int | None = None) -> Explanation:
    """The value of a tree for one record with the steps to it, at most MAX_STEPS of them."""
    return Explainer(values, printer, reader_id).explain(node)


@dataclass(slots=True)
class Explainer:
    """One explanation in the making."""

    values: Values
    printer: Printer
    reader_id: int | None
    left: int = field(default=MAX_STEPS)

    def explain(self, node: Node, item: Values | None = None, over: Path = ()) -> Explanation:
        """A step with those below it, as long as there are steps left; `item` is one of the records `over`
        which an aggregate goes."""
        self.left -= 1
        value = compiled(node, self.reader_id)(self.values, item)
        parts = tuple(self.explain(*part) for part in self.below(node, item, over) if self.left > 0)
        return Explanation(self.printer.text(node, over), value, node, parts)

    def below(
        self, node: Node, item: Values | None, over: Path
    ) -> Iterator[tuple[Node, Values | None, Path]]:
        """What a node was computed from: each with the linked record that it looks at."""
        if isinstance(node, Aggregate):
            for linked in list(self.values.get(node.over) or ())[:MAX_ITEMS]:
                yield from ((each, linked, node.over) for each in children(node))
        elif isinstance(node, Call):
            yield from ((each, item, over) for each in node.arguments if not isinstance(each, Constant))
