"""Tree → text in one language: functions and fields by the names of the reader, operators where they bind."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from trassa.expressions.fragments import SIGNS
from trassa.expressions.functions import functions
from trassa.expressions.functions.texts import write_number
from trassa.expressions.kinds import Kind
from trassa.expressions.scope import Member, Scope
from trassa.expressions.tree import Aggregate, Call, Constant, Field, Node, Path

#: "codes" is the canonical English text of files: codes of fields and options.
Style = Literal["ru", "en", "codes"]

#: Functions that are written between their arguments, and how tightly they bind.
_BETWEEN = {"or": 1, "and": 2}
#: What ANY asks where nothing is asked.
_YES = Constant(True, Kind.BOOLEAN)


@dataclass(slots=True)
class Printer:
    """Writes trees over the records of one type."""

    scope: Scope
    type_id: int
    style: Style = "ru"

    #: The linked records over which the aggregate goes that is being written.
    _over: Path = ()

    def text(self, node: Node, over: Path = ()) -> str:
        """A tree, or a part of an aggregate `over` linked records."""
        self._over = over
        return self.write(node, 0)

    @property
    def russian(self) -> bool:
        return self.style == "ru"

    def write(self, node: Node, outer: int, options: Member | None = None) -> str:
        """A node inside an operator that binds as tightly as `outer`."""
        if isinstance(node, Constant):
            return self.constant(node, options)
        if isinstance(node, Field):
            return self.path(node.path) if not node.of_item else self.path(node.path, self._over)
        if isinstance(node, Aggregate):
            return self.aggregate(node)
        return self.call(node, outer)

    def call(self, node: Call, outer: int) -> str:
        function = functions.get(node.code)
        if node.code in ("add_days", "day_of", "text_of", "has", "days"):
            found = self.implied(node, outer)
            if found is not None:
                return found
        if node.code in _BETWEEN and len(node.arguments) > 1:
            strength = _BETWEEN[node.code]
            word = f" {function.names[0 if self.russian else 1]} "
            text = word.join(self.write(each, strength + 1) for each in node.arguments)
            return f"({text})" if strength < outer else text
        if node.code == "switch":
            return self.switch(node)
        if not function.sign:
            return self.function(node.code, [self.write(each, 0) for each in node.arguments])
        member = self.options_of(node)
        several = self.several_options(node, member)
        if several:
            return several
        strength = function.strength
        if len(node.arguments) == 1:
            text = f"{function.sign}{self.write(node.arguments[0], strength)}"
        else:
            left, right = node.arguments
            # Operators of one strength go from left to right, so the right one needs brackets; comparisons
            # do not follow one another at all.
            chained = node.code not in SIGNS
            first = self.write(left, strength if chained else strength + 1, member)
            text = f"{first} {function.sign} {self.write(right, strength + 1, member)}"
        return f"({text})" if strength < outer else text

    def switch(self, node: Call) -> str:
        """SWITCH with the value once; as IFS where its comparisons are not all of one value with another."""
        asked, values = node.arguments[:-1:2], node.arguments[1::2]
        compared = [each for each in asked if isinstance(each, Call) and each.code in ("eq", "has")]
        firsts = {each.arguments[0] for each in compared}
        if len(compared) < len(asked) or len(firsts) > 1 or any(map(self.names_several, compared)):
            return self.function("ifs", [self.write(each, 0) for each in node.arguments])
        parts = [self.write(each, 0) for each in firsts]
        for condition, value in zip(compared, values, strict=True):
            parts.append(self.write(condition.arguments[1], 0, self.options_of(condition)))
            parts.append(self.write(value, 0))
        return self.function(
            "switch", parts + [self.write(each, 0) for each in node.arguments[2 * len(asked) :]]
        )

    def names_several(self, node: Call) -> bool:
        """Whether a comparison is with several options whose names differ in this language."""
        return bool(self.several_options(node, self.options_of(node)))

    def implied(self, node: Call, outer: int) -> str | None:
        """Calls that the text only implies: date + 3, a moment where a day is wanted, 5 & " km"."""
        first = node.arguments[0]
        if node.code in ("day_of", "text_of"):
            return self.write(first, outer)
        if node.code == "has":
            text = f"{self.write(first, 3)} = {self.write(node.arguments[1], 4, self.options_of(node))}"
            return f"({text})" if outer > 3 else text
        sign = "-" if node.code == "days" else "+"
        text = f"{self.write(first, 5)} {sign} {self.write(node.arguments[1], 6)}"
        return f"({text})" if outer > 5 else text

    def several_options(self, node: Call, member: Member | None) -> str:
        """A comparison with options of one name, in a language where their names differ; "" for others."""
        options = node.arguments[-1]
        if not isinstance(options, Constant) or not isinstance(options.value, tuple):
            return ""
        names = list(dict.fromkeys(quoted(self.option(each, member)) for each in options.value))
        if len(names) < 2:
            return ""
        text = self.function("oneof", [self.write(node.arguments[0], 0), *names])
        return text if node.code == "eq" else self.function("not", [text])

    def function(self, code: str, arguments: list[str]) -> str:
        names = functions.get(code).names
        separator = "; " if self.russian else ", "
        return f"{names[0] if self.russian else names[1]}({separator.join(arguments)})"

    def aggregate(self, node: Aggregate) -> str:
        self._over = node.over
        items = [each for each in node.items if each != _YES]
        parts = [self.write(each, 0) for each in items]
        if not node.items or node.code in ("any", "all"):
            parts.insert(0, self.path((), node.over))
        if node.condition is not None:
            parts.append(self.write(node.condition, 0))
        self._over = ()
        return self.function(node.code, parts)

    # Names

    def path(self, path: Path, over: Path = ()) -> str:
        type_id: int | None = self.type_id
        words: list[str] = []
        for key in (*over, *path):
            member = self.member(type_id, key)
            if member is None:
                return ".".join([*words, "[?]"])
            words.append(self.name(member))
            type_id = member.target
        return ".".join(words)

    def member(self, type_id: int | None, key: str) -> Member | None:
        if type_id is None:
            return None
        return next((each for each in self.scope.members(type_id) if each.key == key), None)

    def name(self, member: Member) -> str:
        if self.style == "codes":
            return member.code
        name = member.names[0 if self.russian else 1] or member.names[0] or member.code
        return name if name.isidentifier() else f"[{name}]"

    def options_of(self, node: Call) -> Member | None:
        """The choice whose options a comparison names."""
        for each in node.arguments:
            if isinstance(each, Field) and each.kind in (Kind.OPTION, Kind.OPTIONS):
                type_id: int | None = self.type_id
                member = None
                for key in (*(self._over if each.of_item else ()), *each.path):
                    member = self.member(type_id, key)
                    type_id = member.target if member else None
                return member
        return None

    # Constants

    def constant(self, node: Constant, member: Member | None) -> str:
        value = node.value
        if isinstance(value, bool):
            return ("ИСТИНА" if value else "ЛОЖЬ") if self.russian else ("TRUE" if value else "FALSE")
        if isinstance(value, tuple):
            return quoted(self.option(value[0], member))
        if node.kind is Kind.OPTION:
            return quoted(self.option(value, member))
        if isinstance(value, Decimal):
            return write_number(value) if self.russian else write_number(value).replace(",", ".")
        if isinstance(value, date) and not isinstance(value, datetime):
            return f"{value:%d.%m.%Y}" if self.russian else value.isoformat()
        return quoted(str(value))

    def option(self, value: object, member: Member | None) -> str:
        option = next((each for each in (member.options if member else ()) if each.id == value), None)
        if option is None:
            return "?"
        if self.style == "codes":
            return option.code
        return option.names[0 if self.russian or len(option.names) < 2 else 1] or option.code


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
