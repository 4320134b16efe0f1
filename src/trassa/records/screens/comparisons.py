"""A condition built by clicking: comparisons of fields, joined by "and" or "or", that become its text.

The text stays the condition. A text that says more than such lines can show stays text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.expressions import Call, Constant, ExpressionRefused, Field, Kind, Member, Node, NotInSql, write
from trassa.kernel import format_decimal
from trassa.records.queries import read_where, reader_scope, reader_style
from trassa.schema.types import TypeSpec

Word = Literal["and", "or"]
#: More lines than this are written as text.
MAX_LINES = 12
#: Operations that compare with nothing.
BARE = frozenset({"blank", "filled", "me", "not_me", "yes", "no"})
_OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.NUMBER: ("ge", "le", "gt", "lt", "eq", "ne", "blank", "filled"),
    Kind.TEXT: ("contains", "eq", "ne", "blank", "filled"),
    Kind.BOOLEAN: ("yes", "no"),
    Kind.DATE: ("ge", "le", "eq", "blank", "filled"),
    Kind.MOMENT: ("ge", "le", "eq", "blank", "filled"),
    Kind.OPTION: ("eq", "ne", "blank", "filled"),
    Kind.OPTIONS: ("eq", "blank", "filled"),
    Kind.PERSON: ("me", "not_me", "blank", "filled"),
    Kind.DEPARTMENT: ("blank", "filled"),
    Kind.RECORD: ("blank", "filled"),
}
_SIGNS = {"eq": "=", "ne": "<>", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line: a field's code, an operation, and what it compares with, as the input carries it."""

    field: str = ""
    operation: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn."""

    field: str
    operation: str
    value: str
    #: Operations and, for options, values: code and words.
    operations: Sequence[tuple[str, str]]
    options: Sequence[tuple[str, str]]
    #: "text", "number", "date", "select" or "" without a value.
    control: str


@dataclass(frozen=True, slots=True)
class Builder:
    """The lines of a condition; `is_shown` is false when its text says more than lines can."""

    lines: Sequence[Line]
    word: Word
    fields: Sequence[tuple[str, str]]
    is_shown: bool


def members_of(actor: Actor, spec: TypeSpec) -> dict[str, Member]:
    """What lines can be about, by code."""
    members = reader_scope(actor).members(spec.id)
    return {member.code: member for member in members if member.kind in _OF_KIND}


def make_builder(actor: Actor, spec: TypeSpec, found: Sequence[Comparison] | None, word: Word) -> Builder:
    """Lines as they are drawn; None for a condition that they cannot show."""
    members = members_of(actor, spec)
    russian = reader_style() == "ru"
    fields = sorted((name_of(member, russian=russian), code) for code, member in members.items())
    lines = [draw(each, members.get(each.field), russian=russian) for each in found or ()]
    return Builder(lines, word, [(code, name) for name, code in fields], found is not None)


def name_of(member: Member, *, russian: bool) -> str:
    return member.names[0 if russian else 1] or member.names[0]


def draw(line: Comparison, member: Member | None, *, russian: bool) -> Line:
    """One line with what can be chosen in it."""
    if member is None:
        return Line("", "", "", (), (), "")
    operations = _OF_KIND[member.kind]
    operation = line.operation if line.operation in operations else operations[0]
    controls = {Kind.NUMBER: "number", Kind.DATE: "date", Kind.MOMENT: "date", Kind.TEXT: "text"}
    control = "" if operation in BARE else controls.get(member.kind, "select")
    options = [(each.code, each.names[0 if russian or len(each.names) < 2 else 1]) for each in member.options]
    words = operation_words(member.kind)
    return Line(
        line.field,
        operation,
        line.value,
        [(each, words[each]) for each in operations],
        list(dict(options).items()) if control == "select" else (),
        control,
    )


def operation_words(kind: Kind) -> Mapping[str, str]:
    """What operations are called."""
    is_day = kind in (Kind.DATE, Kind.MOMENT)
    return {
        "eq": _("is"),
        "ne": _("is not"),
        "ge": _("not before") if is_day else "≥",
        "le": _("not after") if is_day else "≤",
        "gt": ">",
        "lt": "<",
        "contains": _("contains"),
        "blank": _("is empty"),
        "filled": _("is filled in"),
        "me": _("is me"),
        "not_me": _("is not me"),
        "yes": _("yes"),
        "no": _("no"),
    }


# From lines to text


def text_of(actor: Actor, spec: TypeSpec, lines: Sequence[Comparison], word: Word) -> str:
    """The condition as the person writes it; lines that lack something are left out."""
    members = members_of(actor, spec)
    parts = [code for each in lines if (code := code_of(each, members.get(each.field)))]
    text = f" {word.upper()} ".join(parts)
    try:
        node = read_where(actor, spec, text)
    except (ExpressionRefused, NotInSql):
        return text
    return "" if node is None else write(node, reader_scope(actor), spec.id, reader_style())


def code_of(line: Comparison, member: Member | None) -> str:
    """One line in codes, "" while it lacks something."""
    if member is None or line.operation not in _OF_KIND[member.kind]:
        return ""
    name = f"[{member.code}]"
    bare = {
        "blank": f"ISBLANK({name})",
        "filled": f"NOT(ISBLANK({name}))",
        "me": f"{name} = ME()",
        "not_me": f"{name} <> ME()",
        "yes": name,
        "no": f"NOT({name})",
    }
    if line.operation in bare:
        return bare[line.operation]
    value = literal(line.value.strip(), member)
    if not value:
        return ""
    if line.operation == "contains":
        return f"CONTAINS({name}, {value})"
    return f"{name} {_SIGNS[line.operation]} {value}"


def literal(text: str, member: Member) -> str:
    """A value as texts in codes write it, "" for what is none."""
    if member.kind is Kind.NUMBER:
        return number_literal(text, "%" if member.unit == "percent" else "")
    if member.kind in (Kind.DATE, Kind.MOMENT):
        return day_literal(text)
    if member.kind in (Kind.OPTION, Kind.OPTIONS) and all(each.code != text for each in member.options):
        return ""
    return '"{}"'.format(text.replace('"', '""')) if text else ""


def number_literal(text: str, unit: str) -> str:
    """A number as people write it."""
    try:
        number = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        return ""
    return f"{number:f}{unit}" if number.is_finite() else ""


def day_literal(text: str) -> str:
    """A day as date inputs send it."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


# From the tree to lines


def lines_of(actor: Actor, spec: TypeSpec, node: Node | None) -> tuple[list[Comparison] | None, Word]:
    """The lines of a condition and the word between them; None when lines cannot show it."""
    if node is None:
        return [], "and"
    word: Word = "or" if isinstance(node, Call) and node.code == "or" else "and"
    parts = flat(node, word)
    members = {path_of(member): member for member in members_of(actor, spec).values()}
    found = [line_of(part, members) for part in parts]
    if len(found) > MAX_LINES:
        return None, word
    lines = [line for line in found if line is not None]
    return (lines if len(lines) == len(found) else None), word


def flat(node: Node, word: Word) -> list[Node]:
    """The parts of "a and b and c", however it is nested."""
    if isinstance(node, Call) and node.code == word:
        return [part for each in node.arguments for part in flat(each, word)]
    return [node]


def path_of(member: Member) -> tuple[str, ...]:
    return member.path or (member.key,)


def line_of(node: Node, members: Mapping[tuple[str, ...], Member]) -> Comparison | None:
    """The line of one part; None when there is none like it."""
    negated = isinstance(node, Call) and node.code == "not"
    inner = node.arguments[0] if negated and isinstance(node, Call) else node
    if isinstance(inner, Field) and inner.kind is Kind.BOOLEAN:
        return known(members, inner, "no" if negated else "yes")
    if not isinstance(inner, Call) or not inner.arguments:
        return None
    field = inner.arguments[0]
    if isinstance(field, Call) and field.code == "day_of":
        field = field.arguments[0]
    if not isinstance(field, Field) or field.of_item:
        return None
    if inner.code == "isblank":
        return known(members, field, "filled" if negated else "blank")
    if negated or len(inner.arguments) != 2:
        return None
    return compared(inner, field, members)


def compared(node: Call, field: Field, members: Mapping[tuple[str, ...], Member]) -> Comparison | None:
    """The line of a comparison of a field with something."""
    value = node.arguments[1]
    if isinstance(value, Call) and value.code == "me" and node.code in ("eq", "ne"):
        return known(members, field, "me" if node.code == "eq" else "not_me")
    member = members.get(field.path)
    if not isinstance(value, Constant) or member is None:
        return None
    operation = "eq" if node.code == "has" else node.code
    return known(members, field, operation, written(value, member))


def known(
    members: Mapping[tuple[str, ...], Member], field: Field, operation: str, value: str | None = ""
) -> Comparison | None:
    """The line, when the person knows the field and its kind has the operation."""
    member = members.get(field.path)
    if member is None or value is None or operation not in _OF_KIND[member.kind]:
        return None
    return Comparison(member.code, operation, value)


def written(constant: Constant, member: Member) -> str | None:
    """A constant as the input carries it; None for what no input shows."""
    value = constant.value
    if isinstance(value, tuple):
        value = value[0] if value else None
    if member.kind in (Kind.OPTION, Kind.OPTIONS):
        return next((each.code for each in member.options if each.id == value), None)
    if isinstance(value, Decimal):
        return format_decimal(value * 100 if member.unit == "percent" else value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else None
