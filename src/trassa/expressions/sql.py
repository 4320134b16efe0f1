"""Compiles a tree to SQL over a type's table.

NULL means an error for numbers, texts and yes/no, and «missing» for all other kinds; see `kinds`. At the top,
where only «true» counts, comparisons of fields with constants are written so that indexes serve them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from string import Formatter
from typing import Any

from django.utils.translation import gettext as _

from trassa.expressions.computing import compute
from trassa.expressions.errors import ExpressionRefused, Fault, NotInSql
from trassa.expressions.functions import functions
from trassa.expressions.functions.aggregates import FUNCTIONS as AGGREGATES
from trassa.expressions.functions.operators import BOUNDED
from trassa.expressions.kinds import ErrorValue, Kind, Value
from trassa.expressions.limits import MAX_ITEMS
from trassa.expressions.scope import Member, Scope
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, Path, children
from trassa.kernel import company_zone

MAX_SQL = 60_000
_TYPES = {
    Kind.NUMBER: "numeric", Kind.TEXT: "text", Kind.BOOLEAN: "boolean", Kind.DATE: "date",
    Kind.MOMENT: "timestamptz", Kind.OPTION: "bigint", Kind.OPTIONS: "bigint[]", Kind.PERSON: "bigint",
    Kind.DEPARTMENT: "bigint", Kind.RECORD: "bigint",
}  # fmt: skip
_BLANKS = {Kind.NUMBER: "0", Kind.TEXT: "''", Kind.BOOLEAN: "false"}
_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_AGGREGATES = {function.code for function in AGGREGATES}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and its parameters, in order."""

    text: str
    parameters: tuple[Any, ...] = ()


def condition_in_sql(node: Node, scope: Scope, type_id: int) -> Sql:
    """SQL that is true where the condition is; raises NotInSql, or ExpressionRefused for a lost field."""
    return within_bounds(SqlCompiler(scope, type_id).truth(node))


def value_in_sql(node: Node, scope: Scope, type_id: int) -> Sql:
    """SQL of the value; raises NotInSql, or ExpressionRefused for a lost field."""
    return within_bounds(SqlCompiler(scope, type_id).value(node))


def within_bounds(made: Sql) -> Sql:
    if len(made.text) > MAX_SQL:
        raise NotInSql(_("This condition is too large for a filter."))
    return made


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

    @property
    def root(self) -> Place:
        return Place(self.type_id, self.scope.table(self.type_id))

    def truth(self, node: Node) -> Sql:
        """SQL of a condition where NULL and false are the same."""
        if isinstance(node, Call) and not is_static(node):
            if node.code in ("and", "or"):
                return joined(f" {node.code} ", [self.truth(each) for each in node.arguments])
            if node.code in _SIGNS:
                found = self.sargable(node)
                if found is not None:
                    return found
        return self.value(node)

    def sargable(self, node: Call) -> Sql | None:
        """A field compared with a constant, as a condition on the bare column; None for anything else."""
        left, right = node.arguments
        by_day = isinstance(left, Call) and left.code == "day_of"
        asked = left.arguments[0] if isinstance(left, Call) and by_day else left
        if not isinstance(asked, Field) or asked.of_item or len(asked.path) > 1 or not is_static(right):
            return None
        if asked.kind in (Kind.TEXT, Kind.OPTIONS, Kind.RECORDS):
            return None
        constant = compute(right, {}, reader_id=self.scope.reader_id)
        if constant is None or isinstance(constant, ErrorValue):
            return None
        column = f"{self.root.alias}.{self.member(self.root.type_id, asked.path[0]).column}"
        if by_day and isinstance(constant, date):
            return on_days(node.code, column, constant)
        return self.on_column(node.code, asked, column, constant)

    def on_column(self, code: str, asked: Field, column: str, constant: Any) -> Sql:
        """The bare column compared with a constant, and with what a blank counts as."""
        if isinstance(constant, tuple):
            return among(code, Sql(column), Sql("%s::bigint[]", (list(constant),)))
        if asked.unit == "percent" and isinstance(constant, Decimal):
            constant *= 100
        compared = Sql(f"{column} {_SIGNS[code]} %s::{_TYPES[asked.kind]}", (constant,))
        if holds_for_blank(code, asked.kind, constant):
            return Sql(f"({compared.text} or {column} is null)", compared.parameters)
        return compared

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
        if node.code in ("and", "or"):
            return joined(f" {node.code} ", arguments)
        if node.code in _SIGNS:
            return compared(node, *arguments)
        if node.code in _AGGREGATES:
            return over_arguments(node, arguments)
        if node.code == "day_of":
            zone = company_zone().key
            return Sql(f"({arguments[0].text} at time zone %s)::date", (*arguments[0].parameters, zone))
        if node.code == "text_of":
            return written(node.arguments[0].kind, arguments[0])
        return filled(template_of(node), arguments)

    def constant(self, value: Value, kind: Kind) -> Sql:
        if value is None or isinstance(value, ErrorValue):
            return Sql(f"null::{_TYPES[kind]}")
        return Sql(f"%s::{_TYPES[kind]}", (list(value) if isinstance(value, tuple) else value,))

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
        return self.follow(place, way, lambda at: self.member(at.type_id, last).column or "id")

    def follow(self, place: Place, way: Sequence[str], column: Callable[[Place], str]) -> Sql:
        """A column of the record at the end of links; NULL where one of them leads out of reach."""
        if not way:
            return Sql(f"{place.alias}.{column(place)}")
        member = self.member(place.type_id, way[0])
        assert member.target is not None
        target = self.place(member.target)
        inner = self.follow(target, way[1:], column)
        reach, values = self.scope.reach(target.type_id, target.alias)
        return Sql(
            f"(select {inner.text} from {self.scope.table(target.type_id)} {target.alias}"
            f" where {target.alias}.id = {place.alias}.{member.column} and {reach})",
            (*inner.parameters, *values),
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

    def collection(self, over: Path) -> tuple[Place, Sql]:
        """The place of a collection's items, and FROM … WHERE that ties them to the record."""
        *way, last = over
        type_id = self.type_id
        for key in way:
            type_id = self.member(type_id, key).target or type_id
        member = self.member(type_id, last)
        assert member.target is not None
        assert member.join is not None
        item, near = self.place(member.target), self.follow(self.root, way, lambda at: "id")
        reach, values = self.scope.reach(item.type_id, item.alias)
        table, join = f"{self.scope.table(item.type_id)} {item.alias}", member.join
        if join.table:
            link = f"{item.alias}l"
            source = f"{join.table} {link} join {table} on {item.alias}.id = {link}.{join.far}"
            tied = f"{link}.{join.near}"
        else:
            source, tied = table, f"{item.alias}.{join.far}"
        return item, Sql(f"{source} where {tied} = {near.text} and {reach}", (*near.parameters, *values))

    def values(self, paths: Sequence[Path]) -> Sql:
        """The raw values of paths as the columns of one row."""
        parts = [self.path(self.root, path) for path in paths]
        text = ", ".join(part.text for part in parts) or "null"
        return Sql(text, tuple(value for part in parts for value in part.parameters))

    def items(self, over: Path, paths: Sequence[Path]) -> Sql:
        """SELECT of the raw values of a collection's items, at most MAX_ITEMS."""
        item, source = self.collection(over)
        parts = [self.path(item, path) for path in paths]
        text = ", ".join(part.text for part in parts) or "null"
        values = tuple(value for part in parts for value in part.parameters)
        return Sql(
            f"select {text} from {source.text} order by {item.alias}.id limit {MAX_ITEMS}",
            (*values, *source.parameters),
        )


def is_static(node: Node) -> bool:
    """Whether the value is the same for all records."""
    if isinstance(node, Field | Aggregate):
        return False
    return all(is_static(child) for child in children(node))


def joined(word: str, parts: Sequence[Sql]) -> Sql:
    text = word.join(f"({part.text})" for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.parameters))


def filled(template: str, arguments: Sequence[Sql]) -> Sql:
    """A template with its {0}, {1}, … replaced; parameters follow the text."""
    text: list[str] = []
    parameters: list[Any] = []
    for literal, position, _spec, _conversion in Formatter().parse(template):
        text.append(literal)
        if position is not None:
            argument = arguments[int(position)]
            text.append(argument.text)
            parameters += argument.parameters
    return Sql("".join(text), tuple(parameters))


def template_of(node: Call) -> str:
    """The SQL of a function; raises NotInSql when there is none."""
    function = functions.get(node.code)
    if node.code == "power":
        exponent = node.arguments[1]
        negative = (
            isinstance(exponent, Constant) and isinstance(exponent.value, Decimal) and exponent.value < 0
        )
        base = "nullif({0}, 0)" if negative else "{0}"
        return BOUNDED.format(f"power({base} + 0.000000000000000000000000, {{1}})")
    if function.sql is None:
        message = _("%s cannot stand in a filter. Store it as a field and filter by the field.")
        raise NotInSql(message % function.names[0])
    return function.sql


def compared(node: Call, left: Sql, right: Sql) -> Sql:
    """A comparison whose NULL is an error."""
    kind, sign = node.arguments[0].kind, _SIGNS[node.code]
    parameters = (*left.parameters, *right.parameters)
    if kind is Kind.OPTION and node.arguments[1].kind is Kind.OPTIONS:
        return Sql(f"coalesce({among(node.code, left, right).text}, false)", parameters)
    if kind is Kind.TEXT:
        return Sql(f"(lower({left.text}) {sign} lower({right.text}))", parameters)
    if not kind.may_be_missing:
        return Sql(f"({left.text} {sign} {right.text})", parameters)
    if node.code in ("eq", "ne"):
        word = "is not distinct from" if node.code == "eq" else "is distinct from"
        return Sql(f"({left.text} {word} {right.text})", parameters)
    return Sql(f"coalesce({left.text} {sign} {right.text}, false)", parameters)


def among(code: str, option: Sql, options: Sql) -> Sql:
    """Whether an option is one of several that share a name; a missing one is not."""
    text = f"{option.text} = any({options.text})"
    if code == "ne":
        text = f"(({text}) is not true)"
    return Sql(text, (*option.parameters, *options.parameters))


def over_arguments(node: Call, arguments: Sequence[Sql]) -> Sql:
    """SUM, MIN, … of values in brackets."""
    lines = ", ".join(f"({argument.text})" for argument in arguments)
    template = functions.get(node.code).sql or ""
    if node.code in ("min", "max"):
        template = minimum_template(node.code, node.kind)
    text = filled(template, [Sql("v.v")] * 1).text
    values = tuple(value for argument in arguments for value in argument.parameters)
    return Sql(f"(select {text} from (values {lines}) as v(v))", values)


def aggregate_template(node: Aggregate) -> str:
    if node.code in ("min", "max"):
        return minimum_template(node.code, node.kind)
    function = functions.get(node.code)
    if function.sql is None:
        message = _("%s cannot stand in a filter. Store it as a field and filter by the field.")
        raise NotInSql(message % function.names[0])
    return function.sql


def minimum_template(code: str, kind: Kind) -> str:
    """MIN and MAX: an error among numbers is an error, no number is 0, a missing date is passed over."""
    if kind.may_be_missing:
        return f"{code}({{0}})"
    return f"case when bool_or({{0}} is null) then null else coalesce({code}({{0}}), 0) end"


def written(kind: Kind, value: Sql) -> Sql:
    """A value as `&` writes it."""
    if kind is Kind.NUMBER:
        return Sql(f"replace(trim_scale({value.text})::text, '.', ',')", value.parameters)
    if kind is Kind.DATE:
        return Sql(f"coalesce(to_char({value.text}, 'DD.MM.YYYY'), '')", value.parameters)
    if kind is Kind.BOOLEAN:
        return Sql(f"(case {value.text} when true then 'да' when false then 'нет' end)", value.parameters)
    if kind is Kind.TEXT:
        return value
    raise NotInSql(_("Such a text cannot stand in a filter. Store it as a field and filter by the field."))


def holds_for_blank(code: str, kind: Kind, constant: Any) -> bool:
    """Whether an empty field fulfils the comparison: an empty number is 0, an unset mark is no."""
    if kind is Kind.NUMBER:
        return bool(_HOLDS[code](Decimal(0), constant))
    if kind is Kind.BOOLEAN:
        return bool(_HOLDS[code](False, constant))
    return code == "ne"


_HOLDS: dict[str, Any] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


def on_days(code: str, column: str, day: date) -> Sql:
    """A moment compared with a day, as bounds on the bare column."""
    zone = company_zone()
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    bounds = {
        "lt": ("{0} < %s", (begins,)),
        "ge": ("{0} >= %s", (begins,)),
        "le": ("{0} < %s", (ends,)),
        "gt": ("{0} >= %s", (ends,)),
        "eq": ("({0} >= %s and {0} < %s)", (begins, ends)),
        "ne": ("({0} < %s or {0} >= %s or {0} is null)", (begins, ends)),
    }
    text, parameters = bounds[code]
    return Sql(text.format(column), parameters)
