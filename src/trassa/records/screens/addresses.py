"""Addresses of lists and boards: what is asked for stands in the URL, so that every state has one.

`?q=` words, `?owner=me`, `?order=-amount`, and one parameter a condition: `?status=free`,
`?amount__gte=3000000`, as in the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.expressions import Constant, Kind, Node
from trassa.kernel import Invalid
from trassa.records.queries import read_where
from trassa.records.types import Filter, ListQuery
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import TypeSpec
from trassa.ui import read_id

#: Parameters that are no conditions.
RESERVED = {"q", "order", "after", "limit", "ids", "new", "panel", "filter", "name", "where"}
ME = "me"
#: Kinds whose operands people write with spaces and commas.
AMOUNTS = {"number", "money", "percent"}
#: What a list is limited to whose condition cannot be read: it shows nothing rather than everything.
NOTHING = Constant(False, Kind.BOOLEAN)
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
    #: Id of the saved filter that it began with, "" when there is none.
    saved: str = ""
    #: A condition in the language of expressions.
    where: str = ""

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
            saved=saved if read_id(saved := parameters.get("filter", "")) is not None else "",
            where=parameters.get("where", "").strip(),
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
        filters = (Filter(c.code, c.operation, operand(c, actor, spec)) for c in self.conditions)
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
        pairs += [("where", self.where), ("filter", self.saved)]
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


def operand(condition: Condition, actor: Actor, spec: TypeSpec) -> Any:
    """What a condition compares with: people write "me" and "3 000 000", queries want ids and JSON."""
    if condition.value == ME:
        return actor.id
    found = spec.by_code.get(condition.code)
    if found is None or found.displayed.kind not in AMOUNTS:
        return condition.value
    field = found.displayed
    kind = field_kinds.get(field.kind)
    try:
        return kind.to_json(kind.parse_import(condition.value, field), field)
    except ValueRefused:
        return condition.value
