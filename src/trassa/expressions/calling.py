"""A function with its arguments: how many there are, of which kinds, and what is converted without loss."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from lark import Token, Tree

from trassa.expressions.comparing import Comparing
from trassa.expressions.functions import Function, Parameter
from trassa.expressions.kinds import Kind
from trassa.expressions.tree import Call, Constant, Field, Node
from trassa.expressions.words import a_kind, kinds_in_words

if TYPE_CHECKING:
    from trassa.expressions.checker import Checker

#: Values that can be written as text.
_WRITTEN = (Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.BOOLEAN)


class Calling:
    """One function at one place of the text. Methods give a node, or None after noting a fault."""

    def __init__(self, checker: "Checker", function: Function, tree: Tree[Token]) -> None:
        self.checker = checker
        self.function = function
        self.tree = tree

    def call(self, places: list[Any], nodes: list[Node | None]) -> Node | None:
        """The function of these arguments; `places` say where each stands."""
        function = self.function
        if not self.counted(len(places)) or any(node is None for node in nodes):
            return None
        if function.code in ("ifs", "switch"):
            return self.choice(places, [node for node in nodes if node is not None])
        wanted = list(function.parameters)
        while function.repeated and len(wanted) < len(nodes):
            wanted.append(function.parameters[-1])
        pairs = zip(wanted, nodes, places, strict=False)
        arguments = [self.argument(p, node, place or self.tree) for p, node, place in pairs if node]
        made = tuple(each for each in arguments if each is not None)
        if len(made) < len(arguments):
            return None
        if function.code == "oneof":
            return Comparing(self.checker, self.tree).one_of(made)
        return self.finished(made)

    def finished(self, made: tuple[Node, ...]) -> Node | None:
        """The call itself, with the checks that are its own."""
        code = self.function.code
        if code in ("if", "iferror") and not self.of_one_kind(made[-2:]):
            return None
        if code == "isblank" and not isinstance(made[0], Field):
            self.fault(self.tree, "field_needed", _("ISBLANK asks about a field."))
            return None
        if code in ("and", "or"):
            made = tuple(part for each in made for part in flattened(each, code))
        return Call(code, made, self.function.result or made[-1].kind)

    def choice(self, places: list[Any], nodes: list[Node]) -> Node | None:
        """IFS and SWITCH: conditions with their values by turns, and perhaps what holds otherwise.

        Of SWITCH, which compares its first argument, the comparisons are the conditions; of a constant it is
        an IFS.
        """
        code = self.function.code
        if code == "switch":
            first, *nodes = nodes
            places = places[1:]
            code = "ifs" if isinstance(first, Constant) else code
        conditions: list[Node | None] = []
        for place, node in zip(places[: len(nodes) // 2 * 2 : 2], nodes[::2], strict=False):
            if self.function.code == "switch":
                conditions.append(Comparing(self.checker, self.tree).compare("=", first, node))
            else:
                conditions.append(self.argument(self.function.parameters[0], node, place))
        values = nodes[1::2] + nodes[-1:] * (len(nodes) % 2)
        if any(each is None for each in conditions) or not self.of_one_kind(values):
            return None
        pairs = zip(conditions, values, strict=False)
        made = [part for pair in pairs for part in pair if part is not None] + values[len(conditions) :]
        return Call(code, tuple(made), values[0].kind)

    def of_one_kind(self, values: "list[Node] | tuple[Node, ...]") -> bool:
        """Whether the values that may come out are of one kind."""
        other = next((each for each in values if each.kind is not values[0].kind), None)
        if other is None:
            return True
        message = _("The values must be of one kind: here %(one)s and %(other)s.")
        words = {"one": a_kind(values[0].kind), "other": a_kind(other.kind)}
        self.fault(self.tree, "kind", message % words)
        return False

    def counted(self, given: int) -> bool:
        """Whether there are as many arguments as the function takes."""
        function = self.function
        least = sum(not parameter.optional for parameter in function.parameters)
        most = None if function.repeated else len(function.parameters)
        if given >= least and (most is None or given <= most):
            return True
        message = _("%(name)s takes %(takes)s arguments, not %(given)s.")
        takes = str(least) if most == least else f"{least}–{most}" if most else f"{least}+"
        words = {"name": function.names[0], "takes": takes, "given": given}
        self.fault(self.tree, "arguments", message % words)
        return False

    def argument(self, parameter: Parameter, node: Node, place: Any) -> Node | None:
        """The argument, converted where that loses nothing."""
        kinds = parameter.kinds
        if kinds is not None and node.kind not in kinds:
            if Kind.DATE in kinds and node.kind is Kind.MOMENT:
                return Call("day_of", (node,), Kind.DATE)
            if Kind.TEXT in kinds and node.kind in _WRITTEN:
                return Call("text_of", (node,), Kind.TEXT)
            message = _("Needed here: %(wanted)s; this is %(found)s.")
            words = {"wanted": kinds_in_words(kinds), "found": a_kind(node.kind)}
            self.fault(place, "kind", message % words)
            return None
        if parameter.constant and not is_whole(node, *parameter.constant):
            message = _("Write a whole number from %(least)s to %(most)s here.")
            least, most = parameter.constant
            self.fault(place, "constant_needed", message % {"least": least, "most": most})
            return None
        return node

    def fault(self, place: Any, code: str, message: str) -> None:
        self.checker.fault(place, code, message)


def flattened(node: Node, code: str) -> tuple[Node, ...]:
    """a AND b AND c is one AND of three."""
    return node.arguments if isinstance(node, Call) and node.code == code else (node,)


def is_whole(node: Node, least: int, most: int) -> bool:
    """Whether the node is a whole number within the bounds that stands in the text."""
    if not isinstance(node, Constant) or not isinstance(node.value, Decimal):
        return False
    return least <= node.value <= most and node.value == node.value.to_integral_value()
