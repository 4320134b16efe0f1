"""Parse tree → typed tree: names are resolved, kinds are checked, every fault is noted with its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from lark import Token, Tree

from trassa.expressions.aggregating import Aggregating, Collecting
from trassa.expressions.calling import Calling
from trassa.expressions.comparing import Comparing
from trassa.expressions.errors import ExpressionRefused, Fault
from trassa.expressions.functions import Function, find_function, functions
from trassa.expressions.kinds import Kind
from trassa.expressions.limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES, MAX_PATH
from trassa.expressions.names import closest, find_member
from trassa.expressions.scope import Member, Scope
from trassa.expressions.tree import Call, Constant, Field, Node, Path
from trassa.expressions.words import a_kind, kinds_in_words

_CODES = {"+": "add", "-": "subtract", "−": "subtract"} | {
    "*": "multiply", "×": "multiply", "/": "divide", "÷": "divide"
}  # fmt: skip
_YES = {"истина", "да", "true", "yes"}
_NO = {"ложь", "нет", "false", "no"}


@dataclass(slots=True)
class Checker:
    """Checks one text. Methods give a node, or None after noting a fault."""

    scope: Scope
    type_id: int
    faults: list[Fault] = field(default_factory=list)
    #: The options of a choice, by the field that has them.
    member_of: dict[Node, Member] = field(default_factory=dict)
    collecting: Collecting | None = None

    def check(self, tree: Tree[Token], expected: Sequence[Kind] | None = None) -> Node:
        """The typed tree; raises ExpressionRefused with everything that is wrong."""
        self.refuse_large(tree)
        node = self.visit(tree)
        if node is not None and expected and node.kind not in expected:
            wanted = kinds_in_words(expected)
            message = _("Needed here: %(wanted)s; this is %(found)s.")
            self.fault(tree, "kind", message % {"wanted": wanted, "found": a_kind(node.kind)})
        if self.faults or node is None:
            raise ExpressionRefused(self.faults)
        return node

    def refuse_large(self, tree: Tree[Token]) -> None:
        """Raise ExpressionRefused before anything recursive looks at too large a tree."""
        waiting, nodes = [(tree, 1)], 0
        while waiting:
            part, deep = waiting.pop()
            nodes += 1
            if nodes > MAX_NODES or deep > MAX_DEPTH:
                message = _("The expression is too large: divide it among several fields.")
                raise ExpressionRefused([Fault(*span(part), "too_large", message)])
            waiting += [(child, deep + 1) for child in part.children if isinstance(child, Tree)]

    def fault(
        self, place: Tree[Token] | Token, code: str, message: str | Promise, suggestion: str = ""
    ) -> None:
        start, end = span(place)
        self.faults.append(Fault(start, end, code, message, suggestion))

    def visit(self, tree: Tree[Token] | Token) -> Node | None:
        assert isinstance(tree, Tree)
        handle: Callable[[Tree[Token]], Node | None] = getattr(self, f"on_{tree.data.rstrip('_')}")
        return handle(tree)

    # Constants

    def on_number(self, tree: Tree[Token]) -> Node | None:
        plain = "".join(str(tree.children[0]).split()).replace(",", ".").replace("\u00a0", "")
        if len(plain) > MAX_DIGITS:
            self.fault(tree, "too_large", _("The number is too large."))
            return None
        return Constant(Decimal(plain), Kind.NUMBER)

    def on_percent(self, tree: Tree[Token]) -> Node | None:
        value = self.visit(tree.children[0])
        hundredth = Constant(Decimal("0.01"), Kind.NUMBER)
        if isinstance(value, Constant) and isinstance(value.value, Decimal):
            return Constant(value.value * Decimal("0.01"), Kind.NUMBER)
        return value and self.operate("multiply", tree, [tree.children[0], None], [value, hundredth])

    def on_day(self, tree: Tree[Token]) -> Node | None:
        text = str(tree.children[0])
        try:
            if "-" in text:
                return Constant(date.fromisoformat(text), Kind.DATE)
            day, month, year = map(int, text.split("."))
            return Constant(date(year, month, day), Kind.DATE)
        except ValueError:
            self.fault(tree, "invalid_date", _("There is no such day."))
            return None

    def on_text(self, tree: Tree[Token]) -> Node:
        token = str(tree.children[0])
        return Constant(token[1:-1].replace('""', '"') if token[0] == '"' else token[1:-1], Kind.TEXT)

    # Names

    def on_path(self, tree: Tree[Token]) -> Node | None:
        names = [
            (token, str(token).strip("[]").strip()) for token in tree.children if isinstance(token, Token)
        ]
        if len(names) == 1 and find_member(self.scope.members(self.type_id), names[0][1]) is None:
            word = names[0][1].casefold()
            if word in _YES | _NO:
                return Constant(word in _YES, Kind.BOOLEAN)
        return self.resolve(tree, names)

    def resolve(self, tree: Tree[Token], names: list[tuple[Token, str]]) -> Node | None:
        """The field behind a path; of a path that crosses a collection, the field of its item."""
        if len(names) > MAX_PATH + 1:
            self.long_path(tree)
            return None
        type_id, over = self.type_id, None
        keys: list[str] = []
        member: Member | None = None
        for position, (token, name) in enumerate(names):
            member = find_member(self.scope.members(type_id), name)
            if member is None:
                self.unknown_name(token, name, type_id)
                return None
            keys += member.path or (member.key,)
            last = position == len(names) - 1
            if member.kind is Kind.RECORDS:
                if over is not None or self.collecting is None:
                    self.stray_collection(tree, nested=over is not None)
                    return None
                over, keys = tuple(keys), []
            if not last and member.target is None:
                message = _("“%s” leads to no record, so nothing can follow its dot.") % name
                self.fault(token, "no_link", message)
                return None
            type_id = member.target or type_id
        assert member is not None
        if len(keys) + len(over or ()) > MAX_PATH + 1:
            self.long_path(tree)
            return None
        return self.field_node(tree, over, tuple(keys), member)

    def field_node(self, tree: Tree[Token], over: Path | None, keys: Path, member: Member) -> Node | None:
        if over is not None and self.collecting is not None:
            if self.collecting.over not in (None, over):
                self.fault(tree, "other_collection", _("Only one list of linked records can be used here."))
                return None
            self.collecting.over = over
        node = Field(keys, member.kind, member.unit, of_item=over is not None)
        self.member_of[node] = member
        return node

    def unknown_name(self, token: Token, name: str, type_id: int) -> None:
        members = self.scope.members(type_id)
        known = [each for member in members for each in (*member.names, member.code)]
        meant = closest(name, known)
        message = _("There is no field “%s”.") % name
        if meant:
            message = _("There is no field “%(name)s”; there is “%(meant)s”.") % {
                "name": name,
                "meant": meant,
            }
        self.fault(token, "unknown_field", message, bracketed(meant))

    def long_path(self, tree: Tree[Token]) -> None:
        self.fault(tree, "too_long", _("The path is too long: at most %s links.") % MAX_PATH)

    def stray_collection(self, tree: Tree[Token], *, nested: bool) -> None:
        message = _("This leads to several records: use SUM, COUNT, MIN, MAX or AVERAGE around it.")
        if nested:
            message = _("A path may cross only one list of linked records.")
        self.fault(tree, "several_records", message)

    # Operators

    def on_or(self, tree: Tree[Token]) -> Node | None:
        return self.joined_conditions("or", tree)

    def on_and(self, tree: Tree[Token]) -> Node | None:
        return self.joined_conditions("and", tree)

    def joined_conditions(self, code: str, tree: Tree[Token]) -> Node | None:
        parts = [self.visit(child) for child in tree.children]
        return self.call(functions.get(code), tree, list(tree.children), parts)

    def on_compare(self, tree: Tree[Token]) -> Node | None:
        left, sign, right = tree.children
        nodes = (self.visit(left), self.visit(right))
        if nodes[0] is None or nodes[1] is None:
            return None
        return Comparing(self, tree).compare(str(sign), nodes[0], nodes[1])

    def on_concat(self, tree: Tree[Token]) -> Node | None:
        return self.operate("concat", tree, tree.children)

    def on_sum(self, tree: Tree[Token]) -> Node | None:
        left, sign, right = tree.children
        nodes = [self.visit(left), self.visit(right)]
        if nodes[0] is None or nodes[1] is None:
            return None
        code = _CODES[str(sign)]
        first, second = (each.kind for each in nodes if each is not None)
        dates = (Kind.DATE, Kind.MOMENT)
        if code == "subtract" and first in dates and second in dates:
            return self.operate("days", tree, [left, right], nodes)
        if first in dates and second is Kind.NUMBER:
            days = nodes[1] if code == "add" else Call("negative", (nodes[1],), Kind.NUMBER)
            return self.operate("add_days", tree, [left, right], [nodes[0], days])
        return self.operate(code, tree, [left, right], nodes)

    def on_product(self, tree: Tree[Token]) -> Node | None:
        left, sign, right = tree.children
        return self.operate(_CODES[str(sign)], tree, [left, right])

    def on_power(self, tree: Tree[Token]) -> Node | None:
        return self.operate("power", tree, tree.children)

    def on_negative(self, tree: Tree[Token]) -> Node | None:
        value = self.visit(tree.children[1])
        if isinstance(value, Constant) and isinstance(value.value, Decimal):
            return Constant(-value.value, Kind.NUMBER)
        return self.operate("negative", tree, [tree.children[1]], [value])

    def on_positive(self, tree: Tree[Token]) -> Node | None:
        return self.visit(tree.children[1])

    def operate(
        self, code: str, tree: Tree[Token], places: Sequence[Any], nodes: Sequence[Node | None] | None = None
    ) -> Node | None:
        made = list(nodes) if nodes is not None else [self.visit(place) for place in places]
        return self.call(functions.get(code), tree, list(places), made)

    # Functions

    def on_call(self, tree: Tree[Token]) -> Node | None:
        name = tree.children[0]
        assert isinstance(name, Token)
        function = find_function(str(name))
        if function is None:
            self.unknown_function(name)
            return None
        given = tree.children[1]
        places = list(given.children) if isinstance(given, Tree) else []
        if function.aggregate:
            return Aggregating(self, function, tree).aggregate(places)
        return self.call(function, tree, places, [self.visit(place) for place in places])

    def unknown_function(self, name: Token) -> None:
        known = [each for function in functions if not function.sign for each in function.spellings]
        meant = closest(str(name), known)
        message = _("There is no function “%s”.") % name
        if meant:
            message = _("There is no function “%(name)s”; there is “%(meant)s”.") % {
                "name": name,
                "meant": meant,
            }
        self.fault(name, "unknown_function", message, meant)

    def call(
        self, function: Function, tree: Tree[Token], places: list[Any], nodes: list[Node | None]
    ) -> Node | None:
        """A function with arguments of the right number and kinds."""
        return Calling(self, function, tree).call(places, nodes)


def span(place: Tree[Token] | Token) -> tuple[int, int]:
    """Where in the text a part of the parse tree stands."""
    if isinstance(place, Token):
        return place.start_pos or 0, place.end_pos or 0
    return getattr(place.meta, "start_pos", 0), getattr(place.meta, "end_pos", 0)


def bracketed(name: str) -> str:
    """A name as it must be written."""
    return name if not name or (name.isidentifier()) else f"[{name}]"
