"""What the language knows of one function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trassa.expressions.kinds import Kind


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: what it may be, and what it is called in help."""

    names: tuple[str, str]
    #: None takes any kind.
    kinds: tuple[Kind, ...] | None
    optional: bool = False
    #: A number that stands in the text, between these bounds.
    constant: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One function or operator.

    `python` gets values without blanks and errors, and gives a value, None or an ErrorValue. `sql` is a
    template with {0}, {1}, … for the arguments; its NULL means an error, or «missing» for kinds that may be
    missing. None where the database cannot compute it.
    """

    code: str
    #: Russian and English name.
    names: tuple[str, str]
    parameters: tuple[Parameter, ...]
    #: None: the kind of the last argument.
    result: Kind | None
    help: tuple[str, str]
    python: Callable[..., Any] | None = None
    sql: str | None = None
    #: The last parameter may be repeated.
    repeated: bool = False
    #: Changes without any field changing; computed in the query, never stored.
    volatile: bool = False
    #: Works on the records behind a link.
    aggregate: bool = False
    #: How an operator is written; "" for functions.
    sign: str = ""
    #: How tightly an operator binds; higher binds tighter.
    strength: int = 0
    group: str = ""
    #: The compiler writes the SQL itself, by the kinds of the arguments.
    by_kind: bool = False
    #: Further names by which it is known.
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All names."""
        return (*self.names, *self.aliases)

    @property
    def in_filters(self) -> bool:
        """Whether the database can compute it, or gets its value with the query."""
        return self.sql is not None or self.by_kind or self.volatile

    def signature(self, *, russian: bool) -> str:
        """ОКРУГЛ(число; знаков); what may be left out stands in brackets."""
        language = 0 if russian else 1
        names = [parameter.names[language] for parameter in self.parameters]
        written = [
            f"[{name}]" if p.optional else name for name, p in zip(names, self.parameters, strict=True)
        ]
        if self.repeated:
            written.append("…")
        separator = "; " if russian else ", "
        return f"{self.names[language]}({separator.join(written)})"


def number(ru: str, en: str, **more: Any) -> Parameter:
    return Parameter((ru, en), (Kind.NUMBER,), **more)


def text(ru: str, en: str, **more: Any) -> Parameter:
    return Parameter((ru, en), (Kind.TEXT,), **more)


def condition(ru: str = "условие", en: str = "condition", **more: Any) -> Parameter:
    return Parameter((ru, en), (Kind.BOOLEAN,), **more)


def day(ru: str = "дата", en: str = "date", **more: Any) -> Parameter:
    return Parameter((ru, en), (Kind.DATE,), **more)


def anything(ru: str = "значение", en: str = "value", **more: Any) -> Parameter:
    return Parameter((ru, en), None, **more)
