"""Functions over linked records: SUM(payments.amount; payments.status = "Paid"), ANY(payments; …)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from lark import Token, Tree

from trassa.expressions.calling import Calling
from trassa.expressions.functions import Function, Parameter
from trassa.expressions.kinds import Kind
from trassa.expressions.tree import Aggregate, Call, Constant, Node, Path

if TYPE_CHECKING:
    from trassa.expressions.checker import Checker

_YES = Constant(True, Kind.BOOLEAN)


@dataclass(slots=True)
class Collecting:
    """Inside an aggregate: the collection that its paths cross, once one does."""

    over: Path | None = None
    #: An aggregate over linked records that stands inside.
    inner: Tree[Token] | None = None


class Aggregating:
    """One such function at one place of the text."""

    def __init__(self, checker: "Checker", function: Function, tree: Tree[Token]) -> None:
        self.checker = checker
        self.function = function
        self.tree = tree
        self.calling = Calling(checker, function, tree)

    def aggregate(self, places: list[Any]) -> Node | None:
        """A function over linked records; over its own arguments when they cross no link."""
        if not places:
            self.calling.counted(0)
            return None
        checker = self.checker
        outer, collecting = checker.collecting, Collecting()
        checker.collecting = collecting
        nodes = [checker.visit(place) for place in places]
        checker.collecting = outer
        if collecting.over is not None and outer is not None:
            outer.inner = self.tree
        if collecting.over is not None and collecting.inner is not None:
            message = _("One function over linked records cannot stand inside another.")
            checker.fault(collecting.inner, "nested", message)
            return None
        made = [node for node in nodes if node is not None]
        if len(made) < len(nodes):
            return None
        if collecting.over is None:
            return self.over_arguments(places, made)
        if self.function.code in ("any", "all"):
            return self.quantified(places, made, collecting.over)
        return self.over_records(places, made, collecting.over)

    def over_arguments(self, places: list[Any], nodes: list[Node]) -> Node | None:
        if self.function.code in ("count", "xirr", "any", "all"):
            message = _("Name linked records here, such as payments.amount.")
            self.checker.fault(self.tree, "no_records", message)
            return None
        parameter = self.function.parameters[0]
        if nodes[0].kind is Kind.DATE and self.function.code in ("min", "max"):
            parameter = Parameter(parameter.names, (Kind.DATE,))
        pairs = zip(nodes, places, strict=True)
        made = [self.calling.argument(parameter, node, place) for node, place in pairs]
        arguments = tuple(each for each in made if each is not None)
        if len(arguments) < len(made):
            return None
        return Call(self.function.code, arguments, arguments[0].kind)

    def quantified(self, places: list[Any], nodes: list[Node], over: Path) -> Node | None:
        """ANY and ALL: linked records and what is asked of each; the condition may stand alone."""
        if nodes[0].kind is not Kind.RECORDS:
            nodes, places = [nodes[0], *nodes], [places[0], *places]
        if len(nodes) > 2 or (len(nodes) < 2 and self.function.code == "all"):
            self.calling.counted(len(nodes))
            return None
        asked: Node | None = _YES
        if len(nodes) == 2:
            asked = self.calling.argument(self.function.parameters[1], nodes[1], places[1])
        return asked and Aggregate(self.function.code, over, (asked,), None, Kind.BOOLEAN)

    def over_records(self, places: list[Any], nodes: list[Node], over: Path) -> Node | None:
        code, wanted = self.function.code, list(self.function.parameters)
        if nodes[0].kind in (Kind.DATE, Kind.MOMENT) and code in ("min", "max"):
            wanted[0] = Parameter(wanted[0].names, (nodes[0].kind,))
        if not len(wanted) - 1 <= len(nodes) <= len(wanted):
            self.calling.counted(len(nodes))
            return None
        made = [self.calling.argument(*each) for each in zip(wanted, nodes, places, strict=False)]
        arguments = [each for each in made if each is not None]
        if len(arguments) < len(made):
            return None
        condition = arguments.pop() if len(arguments) == len(wanted) else None
        items = () if code == "count" else tuple(arguments)
        return Aggregate(code, over, items, condition, self.function.result or items[0].kind)
