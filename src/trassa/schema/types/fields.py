"""Fields of a type, their options, and links that hold for some time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from django.utils.translation import gettext as _

from trassa.expressions import Node
from trassa.schema.types.labels import Label

#: Where a field's values lie: in a column of the type's table, in a table of links, in one of links with
#: periods, behind a link in a linked record, with the room of the kind, or nowhere: computed when it is read.
Storage = Literal["column", "links", "periods", "linked", "elsewhere", "computed"]


@dataclass(frozen=True, slots=True)
class LinkPeriod:
    """A link to a record for some time. Both days belong to it; None means without beginning or end."""

    id: int
    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        """ "с 01.04.2026 по 30.04.2026", "с 01.05.2026", "" without days."""
        parts = []
        if self.since:
            parts.append(_("from %s") % f"{self.since:%d.%m.}{self.since.year:04d}")
        if self.until:
            parts.append(_("to %s") % f"{self.until:%d.%m.}{self.until.year:04d}")
        return " ".join(parts)

    @property
    def json(self) -> dict[str, int | str | None]:
        """As the API and history write it."""
        since, until = (day.isoformat() if day else None for day in (self.since, self.until))
        return {"id": self.id, "from": since, "to": until}

    @property
    def sort_key(self) -> tuple[date, int]:
        """Orders periods by their beginning."""
        return self.since or date.min, self.id

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: "LinkPeriod") -> bool:
        begins, ends = self.since or date.min, self.until or date.max
        return begins <= (other.until or date.max) and (other.since or date.min) <= ends


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One value of a choice field."""

    id: int
    code: str
    label: Label
    color: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a type.

    `column` is the physical name where `has_column`, `link_table` that of the table where `has_links`.
    """

    id: int
    type_id: int
    code: str
    kind: str
    label: Label
    help: Label
    required: bool = False
    unique: bool = False
    read_only: bool = False
    #: Seen only by roles with a grant on this very field, or on what its formula is worked out from; left out
    #: of `data.*` views.
    restricted: bool = False
    #: Indexed: lists may sort by it at any size.
    sortable: bool = False
    #: The raw default as its JSON value, parsed by the kind; None means no default.
    default: Any = None
    #: A default that is worked out from the record to be; instead of `default`.
    default_formula: Node | None = None
    #: While false the field is not shown, nor is it required. What it holds stays.
    visible_when: Node | None = None
    #: Required while this is true, beside `required`.
    required_when: Node | None = None
    #: While false people cannot change it; None means always.
    editable_when: Node | None = None
    #: What the value is worked out from; nobody writes it. While `frozen_when` holds it stays as it is.
    formula: Node | None = None
    frozen_when: Node | None = None
    #: It was made as a lookup; `frozen_when` gives it a column, and its formula is the path that it shows.
    is_kept_lookup: bool = False
    #: Seen also by those who do not see what it is worked out from.
    formula_open: bool = False
    #: History tells changes of a formula's value.
    keeps_history: bool = False
    #: The restricted fields that one must be granted to see this one: itself, and those behind its formula.
    masked_by: frozenset[int] = frozenset()
    target_type_id: int | None = None
    #: Kind-specific settings: places, currency, prefix, width, participant, max_length…
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    options: tuple[OptionSpec, ...] = ()
    position: int = 0
    #: An index or a constraint is still being built; `problem` says why it could not be.
    finishing: bool = False
    problem: str = ""
    #: Said by the kind.
    storage: Storage = "column"
    #: Of a lookup: the link of this type, and the field of the linked record that is shown.
    through: "FieldSpec | None" = None
    shown: "FieldSpec | None" = None
    #: What follows from the above, worked out once: every write asks for it many times a record.
    column: str = field(init=False, repr=False, compare=False)
    has_column: bool = field(init=False, repr=False, compare=False)
    #: Whether the field has a table of links, with or without periods.
    has_links: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", f"f_{self.id}")
        object.__setattr__(self, "has_column", self.storage == "column")
        object.__setattr__(self, "has_links", self.storage in ("links", "periods"))
        if self.restricted and not self.masked_by:
            object.__setattr__(self, "masked_by", frozenset((self.id,)))

    @property
    def has_periods(self) -> bool:
        return self.storage == "periods"

    @property
    def displayed(self) -> "FieldSpec":
        """The field whose kind, options and settings say how a value looks: of a lookup the shown one."""
        return self.shown or self

    @property
    def is_live(self) -> bool:
        """Whether its formula is computed whenever it is read, because it depends on the day."""
        return self.storage == "computed"

    @property
    def needs_grant(self) -> bool:
        """Whether it is restricted itself, and not only through what its formula is worked out from."""
        return self.id in self.masked_by

    @property
    def is_journalled(self) -> bool:
        """Whether history tells its changes; what follows from other fields it tells when asked to."""
        return not self.is_live and (self.formula is None or self.keeps_history)

    @property
    def has_rules(self) -> bool:
        """Whether a condition decides about it."""
        return any(node is not None for node in (self.visible_when, self.required_when, self.editable_when))

    @property
    def link_table(self) -> str:
        return f"l_{self.id}"

    def find_option(self, id: int) -> OptionSpec | None:
        return next((option for option in self.options if option.id == id), None)


#: A field's value in Python, as its kind parses it.
Value = str | int | bool | Decimal | Any
