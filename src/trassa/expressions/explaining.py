"""How a value came about, step by step, down to the values of fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from trassa.expressions.computing import Values, compiled
from trassa.expressions.kinds import Kind, Value
from trassa.expressions.limits import MAX_STEPS
from trassa.expressions.printer import Printer
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, Path, children

#: Linked records that an explanation shows one by one.
MAX_ITEMS = 20
#: Under this key an item of a collection has the id of its record, where whoever has read it tells.
ITEM_ID: Path = ()


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
        parts = tuple(self.below(node, item, over))
        return Explanation(self.printer.text(node, over), value, node, parts)

    def below(self, node: Node, item: Values | None, over: Path) -> Iterator[Explanation]:
        """What a node was computed from, as long as there are steps left."""
        if isinstance(node, Aggregate):
            for linked in list(self.values.get(node.over) or ())[:MAX_ITEMS]:
                yield from self.of_item(node, linked)
        elif isinstance(node, Call):
            for each in node.arguments:
                if not isinstance(each, Constant) and self.left > 0:
                    yield self.explain(each, item, over)

    def of_item(self, node: Aggregate, linked: Values) -> Iterator[Explanation]:
        """What an aggregate looks at of one record, below the record itself where that is known."""
        if self.left <= 0:
            return
        id = linked.get(ITEM_ID)
        self.left -= id is not None
        parts = [self.explain(each, linked, node.over) for each in children(node) if self.left > 0]
        if id is None:
            yield from parts
            return
        record = Field(node.over, Kind.RECORD)
        yield Explanation(self.printer.text(record), id, record, tuple(parts))
