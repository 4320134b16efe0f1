"""What may be compared with what: options with their names, dates with moments, anything with nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lark import Token, Tree

from trassa.expressions.kinds import Kind
from trassa.expressions.names import closest, find_options
from trassa.expressions.tree import Call, Constant, Field, Node
from trassa.expressions.words import a_kind

if TYPE_CHECKING:
    from trassa.expressions.checker import Checker

_SIGNS = {
    "=": "eq", "==": "eq", "<>": "ne", "!=": "ne", "≠": "ne", "<": "lt", "<=": "le", "≤": "le",
    ">": "gt", ">=": "ge", "≥": "ge",
}  # fmt: skip
_MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
#: Kinds that have an order.
_ORDERED = {Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.MOMENT}


class Comparing:
    """One comparison at one place of the text."""

    def __init__(self, checker: "Checker", tree: Tree[Token]) -> None:
        self.checker = checker
        self.tree = tree

    def compare(self, sign: str, left: Node, right: Node) -> Node | None:
        """The comparison of two nodes; a constant stands on the right where only it is one."""
        code = _SIGNS[sign]
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, code = right, left, _MIRRORED[code]
        if code not in ("eq", "ne") and left.kind not in _ORDERED:
            message = _("This is %s: it is equal or different, but neither less nor more.")
            self.checker.fault(self.tree, "no_order", message % a_kind(left.kind))
            return None
        if code in ("eq", "ne") and right == Constant("", Kind.TEXT) and left.kind is not Kind.TEXT:
            return self.blank(code, left)
        if left.kind is Kind.OPTIONS:
            return self.has(code, left, right)
        if left.kind is Kind.OPTION and right.kind is Kind.TEXT:
            option = self.option(left, right)
            return option and Call(code, (left, option), Kind.BOOLEAN)
        return self.of_one_kind(code, left, right)

    def of_one_kind(self, code: str, left: Node, right: Node) -> Node | None:
        days = {Kind.DATE, Kind.MOMENT}
        if left.kind is not right.kind and {left.kind, right.kind} == days:
            left, right = (
                Call("day_of", (each,), Kind.DATE) if each.kind is Kind.MOMENT else each
                for each in (left, right)
            )
        if left.kind is right.kind and left.kind is not Kind.RECORDS:
            return Call(code, (left, right), Kind.BOOLEAN)
        message = _("These cannot be compared: %(one)s and %(other)s.")
        if Kind.PERSON in (left.kind, right.kind):
            message += " " + _("Compare people with ME() or with another person.")
        words = {"one": a_kind(left.kind), "other": a_kind(right.kind)}
        self.checker.fault(self.tree, "kind", message % words)
        return None

    def one_of(self, nodes: Sequence[Node]) -> Node | None:
        """ONEOF(x; a; b) is x = a OR x = b."""
        first, *choices = nodes
        parts = [self.compare("=", first, choice) for choice in choices]
        made = tuple(part for part in parts if part is not None)
        if len(made) < len(parts):
            return None
        return made[0] if len(made) == 1 else Call("or", made, Kind.BOOLEAN)

    def blank(self, code: str, node: Node) -> Node | None:
        if not isinstance(node, Field):
            self.checker.fault(self.tree, "kind", _("Only a field can be compared with nothing."))
            return None
        empty = Call("isblank", (node,), Kind.BOOLEAN)
        return empty if code == "eq" else Call("not", (empty,), Kind.BOOLEAN)

    def has(self, code: str, left: Node, right: Node) -> Node | None:
        """A field of several options equals an option when it is among them."""
        option = self.option(left, right) if right.kind is Kind.TEXT else None
        if option is None:
            if right.kind is not Kind.TEXT:
                self.checker.fault(self.tree, "kind", _("Compare it with the name of an option."))
            return None
        chosen = Call("has", (left, option), Kind.BOOLEAN)
        return chosen if code == "eq" else Call("not", (chosen,), Kind.BOOLEAN)

    def option(self, left: Node, right: Node) -> Constant | None:
        """The option that a text names, or the options where several have this name."""
        member = self.checker.member_of.get(left)
        if member is None or not isinstance(right, Constant) or not isinstance(right.value, str):
            self.checker.fault(self.tree, "kind", _("Compare it with the name of an option."))
            return None
        found = find_options(member.options, right.value)
        if len(found) > 1 and left.kind is Kind.OPTION:
            return Constant(tuple(each.id for each in found), Kind.OPTIONS)
        if found:
            return Constant(found[0].id, Kind.OPTION)
        names = [name for option in member.options for name in (*option.names, option.code)]
        meant = closest(right.value, names)
        known = ", ".join(f"«{option.names[0]}»" for option in member.options[:8])
        message = _("There is no option “%(name)s”; there are: %(known)s.")
        suggestion = f'"{meant}"' if meant else ""
        words = {"name": right.value, "known": known}
        self.checker.fault(self.tree, "unknown_option", message % words, suggestion)
        return None
