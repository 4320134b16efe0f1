"""Addresses of lists, boards and calendars: what is asked for stands in the URL, so that every state has one.

`?q=` words, `?owner=me`, `?order=-amount`, and one parameter a condition: `?status=free`,
`?amount__gte=3000000`, as in the API. How it is laid out: `?look=compact`, `?cols=title,amount:120`,
`?group_by=stage`, `?date_field=visit_on`. `?view=5` is the saved view that it began with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.expressions import Constant, Kind, Node
from trassa.kernel import Invalid
from trassa.records.queries import read_where
from trassa.records.queries.arrangements import MAX_COLUMNS, MAX_WIDTH, MIN_WIDTH
from trassa.records.queries.filters import read_operand
from trassa.records.types import Arrangement, Column, Filter, ListQuery
from trassa.schema.types import TypeSpec
from trassa.ui import read_id

#: Parameters that are no conditions.
RESERVED = {"q", "order", "after", "limit", "ids", "new", "panel", "name", "where", "on", "week", "month"}
RESERVED |= {"view", "look", "cols", "group_by", "date_field"}
#: Stands for the id of a view: none at all, although another view opens first.
NO_VIEW = "all"
#: What a list is limited to whose condition cannot be read: it shows nothing rather than everything.
NOTHING = Constant(False, Kind.BOOLEAN)
#: A list as its type says.
USUAL = Arrangement()
#: More conditions than this in one address are a mistake.
MAX_CONDITIONS = 20


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an address: code, operation, and its value as text."""

    code: str
    operation: str
    value: str

    @property
    def parameter(self) -> str:
        return self.code if self.operation == "eq" else f"{self.code}__{self.operation}"


@dataclass(frozen=True, slots=True)
class Address:
    """What the URL of a list or a board asks for."""

    path: str
    text: str = ""
    order: str = ""
    conditions: tuple[Condition, ...] = ()
    #: A condition in the language of expressions.
    where: str = ""
    #: Id of the saved view that it began with, NO_VIEW, or "" when nothing was chosen.
    view: str = ""
    arrangement: Arrangement = USUAL

    @classmethod
    def of(cls, path: str, parameters: QueryDict) -> "Address":
        """Read a request's parameters; empty ones are as good as absent."""
        conditions = []
        for key, values in parameters.lists():
            filled = [value.strip() for value in values if value.strip()]
            if key in RESERVED or not filled:
                continue
            code, _, operation = key.partition("__")
            several = len(filled) > 1 and operation in ("", "in")
            conditions.append(Condition(code, "in" if several else operation or "eq", ",".join(filled)))
        return cls(
            path=path,
            text=parameters.get("q", "").strip(),
            order=parameters.get("order", ""),
            conditions=tuple(conditions[:MAX_CONDITIONS]),
            where=parameters.get("where", "").strip(),
            view=view if read_id(view := parameters.get("view", "")) is not None or view == NO_VIEW else "",
            arrangement=Arrangement(
                look="compact" if parameters.get("look") == "compact" else "list",
                columns=read_columns(parameters.getlist("cols")),
                group=parameters.get("group_by", ""),
                day=parameters.get("date_field", ""),
            ),
        )

    def value(self, code: str, operation: str = "eq") -> str:
        """The value of one condition, "" when it is not set."""
        found = (c.value for c in self.conditions if (c.code, c.operation) == (code, operation))
        return next(found, "")

    def query(
        self,
        actor: Actor,
        spec: TypeSpec,
        *,
        default_order: str = "-id",
        extra: tuple[Filter, ...] = (),
    ) -> ListQuery:
        """The query of records that this address means for this person."""
        filters = (
            Filter(c.code, c.operation, read_operand(actor, spec, c.code, c.value)) for c in self.conditions
        )
        where, fault = self.condition(actor, spec)
        return ListQuery(
            filters=(*extra, *filters),
            text=self.text,
            order=self.order or default_order,
            where=NOTHING if fault else where,
        )

    def condition(self, actor: Actor, spec: TypeSpec) -> tuple[Node | None, str]:
        """The expression of the address, or what is wrong with it."""
        try:
            return read_where(actor, spec, self.where), ""
        except Invalid as refusal:
            return None, str(refusal)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The address as pairs, in the order in which people added them."""
        pairs = [("q", self.text), *((c.parameter, c.value) for c in self.conditions), ("order", self.order)]
        shown = self.arrangement
        pairs += [("where", self.where), ("view", self.view)]
        pairs += [
            ("look", shown.look if shown.look == "compact" else ""),
            ("cols", write_columns(shown.columns)),
        ]
        pairs += [("group_by", shown.group), ("date_field", shown.day)]
        return [pair for pair in pairs if pair[1]]

    @property
    def search(self) -> str:
        """The part behind the path: "?q=…" or ""."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    @property
    def url(self) -> str:
        return f"{self.path}{self.search}"

    def at(self, path: str) -> str:
        """The same conditions on another path."""
        return f"{path}{self.search}"

    @property
    def is_bare(self) -> bool:
        """Whether nothing is asked for but the pipeline."""
        return {name for name, _value in self.parameters} <= {"pipeline"}

    def arranged(self, **changes: Any) -> "Address":
        """The address with another look, columns, group or day."""
        return replace(self, arrangement=replace(self.arrangement, **changes))

    def sorted_by(self, order: str) -> "Address":
        return replace(self, order=order)

    def without(self, *codes: str) -> "Address":
        """The address without the conditions on these codes."""
        return replace(self, conditions=tuple(c for c in self.conditions if c.code not in codes))

    def with_condition(self, code: str, value: str, operation: str = "eq") -> "Address":
        """The address with one condition set anew."""
        kept = tuple(c for c in self.conditions if (c.code, c.operation) != (code, operation))
        return replace(self, conditions=(*kept, Condition(code, operation, value)))

    def joined(self, parameters: Mapping[str, str]) -> str:
        """This address with further parameters, such as a cursor."""
        return f"{self.path}?{urlencode([*self.parameters, *parameters.items()])}"


def read_columns(texts: Sequence[str]) -> tuple[Column, ...]:
    """The columns of `?cols=title:240,amount`, each once; widths out of bounds are as good as absent."""
    found: dict[str, Column] = {}
    for part in ",".join(texts).split(","):
        code, _, text = part.strip().partition(":")
        width = read_id(text) or 0
        if code:
            found.setdefault(code, Column(code, width if MIN_WIDTH <= width <= MAX_WIDTH else 0))
    return tuple(found.values())[:MAX_COLUMNS]


def write_columns(columns: Sequence[Column]) -> str:
    """Columns as `read_columns` reads them."""
    return ",".join(f"{each.code}:{each.width}" if each.width else each.code for each in columns)
