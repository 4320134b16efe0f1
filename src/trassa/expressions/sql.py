"""Compiles a tree to SQL over a type's table.

NULL means an error for numbers, texts and yes/no, and «missing» for all other kinds; see `kinds`. At the top,
where only «true» counts, comparisons of fields with constants are written so that indexes serve them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from trassa.expressions.computing import compute
from trassa.expressions.errors import ExpressionRefused, Fault
from trassa.expressions.filtering import Comparison, behind_link, is_static, on_column, shared_link
from trassa.expressions.fragments import (
    SIGNS,
    TYPES,
    Sql,
    aggregate_template,
    bounded,
    compared,
    concatenated,
    filled,
    first_choice,
    joined,
    over_arguments,
    template_of,
    written,
)
from trassa.expressions.functions.aggregates import FUNCTIONS as AGGREGATES
from trassa.expressions.kinds import ErrorValue, Kind, Value
from trassa.expressions.limits import MAX_ITEMS
from trassa.expressions.scope import Member, Scope
from trassa.expressions.tree import Aggregate, Call, Field, Node, Path
from trassa.kernel import company_zone, today

_BLANKS = {Kind.NUMBER: "0", Kind.TEXT: "''", Kind.BOOLEAN: "false"}
#: Functions whose SQL depends on their arguments.
_SPECIAL: dict[str, Callable[[Call, Sequence[Sql]], Sql]] = {
    "and": lambda node, arguments: joined(" and ", arguments),
    "or": lambda node, arguments: joined(" or ", arguments),
    **dict.fromkeys(("concat", "concatenate"), concatenated),
    "text_of": lambda node, arguments: written(node.arguments[0].kind, arguments[0]),
    **dict.fromkeys(SIGNS, lambda node, arguments: compared(node, *arguments)),
    **dict.fromkeys(("ifs", "switch"), first_choice),
    **dict.fromkeys((function.code for function in AGGREGATES), over_arguments),
}


def condition_in_sql(node: Node, scope: Scope, type_id: int) -> Sql:
    """SQL that is true where the condition is; raises NotInSql, or ExpressionRefused for a lost field."""
    made = SqlCompiler(scope, type_id).truth(node)
    return bounded(made.text, made.parameters)


def value_in_sql(node: Node, scope: Scope, type_id: int) -> Sql:
    """SQL of the value; raises NotInSql, or ExpressionRefused for a lost field."""
    made = SqlCompiler(scope, type_id).value(node)
    return bounded(made.text, made.parameters)


@dataclass(slots=True)
class Place:
    """A row that fields are read from: its type and the alias of its table."""

    type_id: int
    alias: str


@dataclass(slots=True)
class SqlCompiler:
    """Compiles one tree for the rows of one type."""

    scope: Scope
    type_id: int
    aliases: int = 0
    _members: dict[int, dict[str, Member]] = field(default_factory=dict)
    _item: Place | None = None
    _root: Place | None = None

    @property
    def root(self) -> Place:
        """The row that paths begin at: one of the type's table, or of a linked record's."""
        return self._root or Place(self.type_id, self.scope.table(self.type_id))

    def truth(self, node: Node) -> Sql:
        """SQL of a condition where NULL and false are the same."""
        found = None if is_static(node) else self.behind(node)
        if found is not None:
            return found
        if isinstance(node, Aggregate) and node.code in ("any", "all"):
            return self.quantified(node)
        if isinstance(node, Call) and not is_static(node):
            if node.code in ("and", "or"):
                return joined(f" {node.code} ", [self.truth(each) for each in node.arguments])
            found = self.sargable(node)
            if found is not None:
                return found
        return self.value(node)

    def behind(self, node: Node) -> Sql | None:
        """A condition on the record behind one link, as a semi-join; None for any other condition.

        PostgreSQL can then begin with the linked records that fulfil it. Where the condition holds for a link
        that leads nowhere, it is asked the other way round: that no linked record fails it.
        """
        key = shared_link(node)
        if key is None:
            return None
        holds_for_nothing = compute(node, {}, reader_id=self.scope.reader_id) is True
        member, outer = self.member(self.root.type_id, key), self._root
        self._root, source = self.linked(member, Sql(f"{self.root.alias}.{member.column or 'id'}"))
        condition = self.truth(behind_link(node))
        self._root = outer
        word, verdict = ("not exists", " is not true") if holds_for_nothing else ("exists", "")
        text = f"{word} (select from {source.text} and ({condition.text}){verdict})"
        return Sql(text, (*source.parameters, *condition.parameters))

    def sargable(self, node: Call) -> Sql | None:
        """A field compared with a constant, as a condition on the bare column; None for anything else."""
        if len(node.arguments) != 2 or not is_static(node.arguments[1]):
            return None
        left, right = node.arguments
        by_day = isinstance(left, Call) and left.code == "day_of"
        asked = left.arguments[0] if isinstance(left, Call) and by_day else left
        if not isinstance(asked, Field) or asked.of_item or len(asked.path) > 1:
            return None
        constant = compute(right, {}, reader_id=self.scope.reader_id)
        if constant is None or isinstance(constant, ErrorValue):
            return None
        column = f"{self.root.alias}.{self.member(self.root.type_id, asked.path[0]).column}"
        return on_column(Comparison(node.code, asked, constant, by_day), column)

    def value(self, node: Node) -> Sql:
        """SQL of a value."""
        if is_static(node):
            return self.constant(compute(node, {}, reader_id=self.scope.reader_id), node.kind)
        if isinstance(node, Field):
            return self.field(node)
        if isinstance(node, Aggregate):
            return self.aggregate(node)
        assert isinstance(node, Call)
        if node.code == "isblank":
            return self.blank(node)
        return self.call(node, [self.value(each) for each in node.arguments])

    def call(self, node: Call, arguments: list[Sql]) -> Sql:
        """SQL of a function of these arguments."""
        if node.code == "day_of":
            zone = company_zone().key
            return Sql(f"({arguments[0].text} at time zone %s)::date", (*arguments[0].parameters, zone))
        special = _SPECIAL.get(node.code)
        return special(node, arguments) if special else filled(template_of(node), arguments)

    def constant(self, value: Value, kind: Kind) -> Sql:
        if value is None or isinstance(value, ErrorValue):
            return Sql(f"null::{TYPES[kind]}")
        return Sql(f"%s::{TYPES[kind]}", (list(value) if isinstance(value, tuple) else value,))

    # Fields

    def member(self, type_id: int, key: str) -> Member:
        if type_id not in self._members:
            self._members[type_id] = {member.key: member for member in self.scope.members(type_id)}
        found = self._members[type_id].get(key)
        if found is None:
            message = _("A field that this expression uses is not there any more.")
            raise ExpressionRefused([Fault(0, 0, "field_gone", message)])
        return found

    def field(self, node: Field) -> Sql:
        raw = self.raw(node)
        if node.kind in _BLANKS:
            raw = Sql(f"coalesce({raw.text}, {_BLANKS[node.kind]})", raw.parameters)
        if node.unit == "percent":
            raw = Sql(f"({raw.text} * 0.01)", raw.parameters)
        return raw

    def raw(self, node: Field) -> Sql:
        place = self._item if node.of_item and self._item is not None else self.root
        return self.path(place, node.path)

    def path(self, place: Place, keys: Path) -> Sql:
        """The column that a path ends in, read through its links one inside the other."""
        *way, last = keys
        return self.follow(place, way, lambda at: self.column(at, last))

    def follow(self, place: Place, way: Sequence[str], end: Callable[[Place], Sql]) -> Sql:
        """What is at the end of links; NULL where one of them leads out of reach."""
        if not way:
            return end(place)
        near, target = self.column(place, way[0]), self.member(place.type_id, way[0]).target
        assert target is not None
        there = self.place(target)
        inner = self.follow(there, way[1:], end)
        reach, values = self.scope.reach(there.type_id, there.alias)
        return Sql(
            f"(select {inner.text} from {self.scope.table(there.type_id)} {there.alias}"
            f" where {there.alias}.id = {near.text} and {reach})",
            (*inner.parameters, *near.parameters, *values),
        )

    def column(self, place: Place, key: str) -> Sql:
        """What a record holds under a key: its column, or of links with periods the one of today."""
        member = self.member(place.type_id, key)
        join = member.join
        if member.column or join is None or not join.period:
            return Sql(f"{place.alias}.{member.column or 'id'}")
        self.aliases += 1
        link = f"e{self.aliases}l"
        # Of several the one that was linked last, as everywhere.
        return Sql(
            f"(select {link}.{join.far} from {join.table} {link} where {link}.{join.near} = {place.alias}.id"
            f" and {link}.{join.period} @> %s::date"
            f" order by lower({link}.{join.period}) desc nulls last, {link}.{join.far} limit 1)",
            (today(),),
        )

    def place(self, type_id: int) -> Place:
        self.aliases += 1
        return Place(type_id, f"e{self.aliases}")

    def blank(self, node: Call) -> Sql:
        asked = node.arguments[0]
        assert isinstance(asked, Field)
        raw = self.raw(asked)
        if asked.kind is Kind.TEXT:
            return Sql(f"(coalesce({raw.text}, '') = '')", raw.parameters)
        if asked.kind is Kind.OPTIONS:
            return Sql(f"(coalesce(cardinality({raw.text}), 0) = 0)", raw.parameters)
        return Sql(f"({raw.text} is null)", raw.parameters)

    # Linked records

    def aggregate(self, node: Aggregate) -> Sql:
        """A subquery over the collection's records that may be seen."""
        item, source = self.collection(node.over)
        before, self._item = self._item, item
        condition = self.truth(node.condition) if node.condition is not None else Sql("true")
        items = [self.value(each) for each in node.items]
        self._item = before
        result = filled(aggregate_template(node), items)
        return Sql(
            f"(select {result.text} from {source.text} and ({condition.text}))",
            (*result.parameters, *source.parameters, *condition.parameters),
        )

    def quantified(self, node: Aggregate) -> Sql:
        """ANY and ALL as a semi-join; both also stop at the first record that decides."""
        item, source = self.collection(node.over)
        before, self._item = self._item, item
        asked = self.truth(node.items[0])
        self._item = before
        word, verdict = ("exists", "") if node.code == "any" else ("not exists", " is not true")
        text = f"{word} (select from {source.text} and ({asked.text}){verdict})"
        return Sql(text, (*source.parameters, *asked.parameters))

    def collection(self, over: Path) -> tuple[Place, Sql]:
        """The place of a collection's items, and FROM … WHERE that ties them to the record."""
        *way, last = over
        type_id = self.type_id
        for key in way:
            type_id = self.member(type_id, key).target or type_id
        near = self.follow(self.root, way, lambda at: Sql(f"{at.alias}.id"))
        return self.linked(self.member(type_id, last), near)

    def linked(self, member: Member, near: Sql) -> tuple[Place, Sql]:
        """The place of the records that a link or a list leads to, and FROM … WHERE that ties them to it.

        `near` is the id of the record that has the list, or what its link holds.
        """
        assert member.target is not None
        item, join = self.place(member.target), member.join
        source, values = f"{self.scope.table(item.type_id)} {item.alias}", near.parameters
        if join is None or not join.table:
            tied = f"{item.alias}.{join.far if join else 'id'} = {near.text}"
        else:
            link = f"{item.alias}l"
            source = f"{join.table} {link} join {source} on {item.alias}.id = {link}.{join.far}"
            tied = f"{link}.{join.near} = {near.text}"
            if join.period:
                tied, values = f"{tied} and {link}.{join.period} @> %s::date", (*values, today())
        reach, more = self.scope.reach(item.type_id, item.alias)
        return item, Sql(f"{source} where {tied} and {reach}", (*values, *more))

    def values(self, paths: Sequence[Path]) -> Sql:
        """The raw values of paths as the columns of one row."""
        parts = [self.path(self.root, path) for path in paths]
        text = ", ".join(part.text for part in parts) or "null"
        return Sql(text, tuple(value for part in parts for value in part.parameters))

    def items(self, over: Path, paths: Sequence[Path]) -> Sql:
        """SELECT of ids and raw values of a collection's items; one more than MAX_ITEMS tells of too many."""
        item, source = self.collection(over)
        parts = [self.path(item, path) for path in paths]
        text = ", ".join([f"{item.alias}.id", *(part.text for part in parts)])
        values = tuple(value for part in parts for value in part.parameters)
        return Sql(
            f"select {text} from {source.text} order by {item.alias}.id limit {MAX_ITEMS + 1}",
            (*values, *source.parameters),
        )
