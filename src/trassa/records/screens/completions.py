"""What can stand where somebody is typing an expression: fields, functions, options.

The text in front of the caret is cut into pieces as they come, finished or not; nothing here has to be a
whole expression. Only what the person sees is offered.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from trassa.access.queries import Actor
from trassa.expressions import (
    Function,
    Kind,
    Member,
    Option,
    Scope,
    a_kind,
    find_function,
    find_member,
    folded,
    functions,
)
from trassa.records.queries import reader_scope, reader_style
from trassa.schema.types import TypeSpec

T = TypeVar("T")

#: More than this is no help.
MAX_SUGGESTIONS = 30
_PIECE = re.compile(
    r"""(?P<text>"(?:[^"]|"")*"?|«[^»]*»?|“[^”]*”?)|(?P<name>\[[^\[\]]*\]?|[^\W\d]\w*)|(?P<number>\d[\d.,]*)"""
    r"""|(?P<space>\s+)|(?P<sign><=|>=|<>|!=|==|.)""",
    re.DOTALL,
)
_CLOSED = {'"': '"', "«": "»", "“": "”", "[": "]"}
_COMPARES = {"=", "==", "<>", "!=", "≠"}
#: Functions whose further arguments are options of the first one.
_CHOOSING = {"oneof", "has", "switch"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One token in front of the caret; the last one may be unfinished."""

    kind: str
    text: str
    start: int

    @property
    def is_open(self) -> bool:
        """Whether a quotation mark or a bracket is still to be closed."""
        closing = _CLOSED.get(self.text[:1])
        return closing is not None and (len(self.text) < 2 or not self.text.endswith(closing))

    @property
    def bare(self) -> str:
        """The text without what surrounds it."""
        if self.text[:1] not in _CLOSED:
            return self.text
        return self.text[1:].removesuffix(_CLOSED[self.text[0]])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that can be inserted instead of what has been typed of it."""

    insert: str
    label: str
    hint: str = ""
    help: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What is offered for `text[start:end]`, and the function around the caret with its arguments."""

    start: int
    end: int
    suggestions: Sequence[Suggestion] = ()
    signature: str = ""


def complete(actor: Actor, spec: TypeSpec, text: str, caret: int) -> Completion:
    """What may be written at the caret of an expression about records of a type."""
    return Completer(reader_scope(actor), spec.id, text, max(0, min(caret, len(text)))).complete()


class Completer:
    """One look at one place of a text."""

    def __init__(self, scope: Scope, type_id: int, text: str, caret: int) -> None:
        self.scope = scope
        self.type_id = type_id
        self.text = text
        self.caret = caret
        self.russian = reader_style() == "ru"
        self.pieces = [
            Piece(found.lastgroup or "", found[0], found.start())
            for found in _PIECE.finditer(text[:caret])
            if found.lastgroup != "space"
        ]

    def complete(self) -> Completion:
        signature = self.signature()
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind == "text" and last.is_open:
            found = self.options(self.pieces[:-1], last.bare)
            return Completion(last.start, self.end_of(last), found, signature)
        if last is not None and self.is_being_typed(last):
            before = self.pieces[:-1]
            found = self.named(before, last.bare)
            return Completion(last.start, self.end_of(last), found, signature)
        if last is None or self.wants_operand(last):
            found = [*self.options(self.pieces, ""), *self.named(self.pieces, "")]
            return Completion(self.caret, self.caret, found[:MAX_SUGGESTIONS], signature)
        return Completion(self.caret, self.caret, (), signature)

    def is_being_typed(self, piece: Piece) -> bool:
        """Whether the caret stands right behind a name, or inside its brackets."""
        if piece.kind != "name":
            return False
        return piece.is_open or (piece.text[0] != "[" and piece.start + len(piece.text) == self.caret)

    def wants_operand(self, piece: Piece) -> bool:
        """Whether a value follows: behind an operator, a bracket, a dot, and words such as AND."""
        if piece.kind == "name":
            return folded(piece.text) in ("и", "или", "and", "or")
        return piece.kind == "sign" and piece.text not in (")", "%")

    def end_of(self, piece: Piece) -> int:
        """Where the unfinished piece ends: a closing sign that stands there already is written over."""
        closing = _CLOSED.get(piece.text[0], "")
        follows = self.text[self.caret : self.caret + 1]
        return self.caret + 1 if closing and follows == closing else self.caret

    # Fields and functions

    def named(self, before: Sequence[Piece], typed: str) -> list[Suggestion]:
        """Fields that begin like this, behind a path if there is one; elsewhere functions too."""
        path = self.path_before(before)
        if path is None:
            return []
        members = self.members_behind(path)
        fields = [self.of_member(each, members) for each in ranked(members, names_of, typed)]
        if path:
            return fields[:MAX_SUGGESTIONS]
        named = (each for each in functions if not each.sign and each.code not in ("and", "or"))
        made = [self.of_function(each) for each in ranked(named, lambda each: each.spellings, typed)]
        return [*fields, *made][:MAX_SUGGESTIONS]

    def path_before(self, before: Sequence[Piece]) -> list[str] | None:
        """Names in front of the dots that lead here; None where a dot follows something else."""
        path: list[str] = []
        rest = list(before)
        while rest and rest[-1].text == ".":
            if len(rest) < 2 or rest[-2].kind != "name":
                return None
            path.insert(0, rest[-2].bare)
            rest = rest[:-2]
        return path

    def members_behind(self, path: Sequence[str]) -> Sequence[Member]:
        """What can be named at the end of a path; nothing when it leads nowhere."""
        type_id: int | None = self.type_id
        for name in path:
            member = find_member(self.scope.members(type_id), name) if type_id is not None else None
            type_id = member.target if member else None
        return () if type_id is None else self.scope.members(type_id)

    def of_member(self, member: Member, members: Sequence[Member]) -> Suggestion:
        name = self.name_of(member)
        if find_member(members, name) is not member:
            name = member.code
        written = name if name.isidentifier() and find_function(name) is None else f"[{name}]"
        return Suggestion(written, name, a_kind(member.kind), icon=_ICONS.get(member.kind, ""))

    def name_of(self, member: Member) -> str:
        russian, english = member.names
        return (russian if self.russian else english) or russian or member.code

    def of_function(self, function: Function) -> Suggestion:
        name = function.names[0 if self.russian else 1]
        written = f"{name}(" if function.parameters else f"{name}()"
        return Suggestion(
            written,
            name,
            function.signature(russian=self.russian),
            function.help[0 if self.russian else 1],
            "math-function",
        )

    def signature(self) -> str:
        """The innermost function around the caret with its parameters; "" outside of any."""
        depth = 0
        for index in range(len(self.pieces) - 1, 0, -1):
            text = self.pieces[index].text
            depth += (text == ")") - (text == "(")
            if depth < 0:
                function = find_function(self.pieces[index - 1].text)
                if function is not None:
                    return function.signature(russian=self.russian)
                depth = 0
        return ""

    # Options

    def options(self, before: Sequence[Piece], typed: str) -> list[Suggestion]:
        """Options of the choice that a text in quotation marks is compared with."""
        member = self.compared(before)
        if member is None:
            return []
        found = ranked(member.options, option_names, typed)
        return [Suggestion(quoted(name := self.option_name(each)), name) for each in found][:MAX_SUGGESTIONS]

    def compared(self, before: Sequence[Piece]) -> Member | None:
        """The choice on the other side of a comparison, or the first argument of ONEOF and its like."""
        if before and before[-1].text in _COMPARES:
            return self.member_at_end(before[:-1])
        if not before or before[-1].text not in (";", ","):
            return None
        depth = 0
        for index in range(len(before) - 1, 0, -1):
            text = before[index].text
            depth += (text == ")") - (text == "(")
            if depth < 0:
                function = find_function(before[index - 1].text)
                if function is None or function.code not in _CHOOSING:
                    return None
                first = [*before[index + 1 :]]
                end = next((n for n, piece in enumerate(first) if piece.text in (";", ",")), len(first))
                return self.member_at_end(first[:end])
        return None

    def member_at_end(self, pieces: Sequence[Piece]) -> Member | None:
        """The field that a path at the end of these pieces names."""
        if not pieces or pieces[-1].kind != "name":
            return None
        path = self.path_before(pieces[:-1])
        return None if path is None else find_member(self.members_behind(path), pieces[-1].bare)

    def option_name(self, option: Option) -> str:
        names = [*option.names, "", ""]
        return (names[0] if self.russian else names[1]) or names[0] or option.code


_ICONS = {
    Kind.NUMBER: "hash",
    Kind.TEXT: "letter-case",
    Kind.BOOLEAN: "checkbox",
    Kind.DATE: "calendar",
    Kind.MOMENT: "clock",
    Kind.OPTION: "selector",
    Kind.OPTIONS: "list",
    Kind.PERSON: "user",
    Kind.DEPARTMENT: "building",
    Kind.RECORD: "link",
    Kind.RECORDS: "list",
}


def names_of(member: Member) -> tuple[str, ...]:
    return (*member.names, member.code)


def option_names(option: Option) -> tuple[str, ...]:
    return (*option.names, option.code)


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def ranked(things: Iterable[T], names: Callable[[T], Iterable[str]], typed: str) -> list[T]:
    """Those that fit what was typed: by the beginning of a name, of a word in it, then anywhere."""
    wanted = folded(typed)
    if not wanted:
        return list(things)
    rated = []
    for thing in things:
        rank = min((rank_of(folded(name), wanted) for name in names(thing)), default=3)
        if rank < 3:
            rated.append((rank, thing))
    return [thing for _rank, thing in sorted(rated, key=lambda pair: pair[0])]


def rank_of(name: str, wanted: str) -> int:
    if name.startswith(wanted):
        return 0
    if any(word.startswith(wanted) for word in re.split(r"[\s_]+", name)):
        return 1
    return 2 if wanted in name else 3
