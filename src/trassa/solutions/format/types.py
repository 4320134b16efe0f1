"""Types of records: their fields, and how their records are shown."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from trassa.solutions.format.values import Code, Color, Entry, Formula, Path, Text, Words


class OptionEntry(Entry):
    """One value of a choice field."""

    code: Code
    label: Words
    color: Color | Literal[""] = ""


class FieldEntry(Entry):
    """One field of a type; the meaning of each rule is that of `trassa.schema.types.FieldSpec`."""

    code: Code
    kind: Code
    label: Words
    help: Words | None = None
    required: bool = False
    unique: bool = False
    read_only: bool = False
    restricted: bool = False
    sortable: bool = False
    default: Any = None
    #: A default that is worked out when the record is created; instead of `default`.
    default_formula: Formula | None = None
    visible_when: Formula | None = None
    required_when: Formula | None = None
    editable_when: Formula | None = None
    #: What the value is worked out from; nobody fills it in.
    formula: Formula | None = None
    #: While this holds the value of a formula stays as it is.
    frozen_when: Formula | None = None
    #: Also for those who do not see what it is worked out from.
    formula_open: bool = False
    #: History tells changes of a formula's value.
    keeps_history: bool = False
    #: Code of the type that a link points at.
    target: Code | None = None
    #: What a lookup shows: a link of this type and a field of the linked one, "client.phone".
    shows: Path | None = None
    settings: Mapping[str, Any] = Field(default_factory=dict)
    options: tuple[OptionEntry, ...] = ()


class NumberEntry(Entry):
    """How a record's number is written: prefix and digits."""

    prefix: str = ""
    width: Annotated[int, Field(ge=1, le=12)] = 5


class PlainSectionEntry(Entry):
    """One group of fields on a card, in one column or two."""

    label: Words | None = None
    fields: tuple[str, ...]
    columns: Literal[1, 2] = 2


class SectionEntry(PlainSectionEntry):
    """One group of fields on a type's own card."""

    visible_when: Formula | None = None


class PlainTabEntry(Entry):
    """One page of a card."""

    tab: Code
    label: Words | None = None
    sections: tuple[PlainSectionEntry, ...]


class TabEntry(PlainTabEntry):
    """One page of a type's own card."""

    visible_when: Formula | None = None
    sections: tuple[SectionEntry, ...]


class CardEntry(Entry):
    """A further layout of a card, for roles, for stages ("sales.booking"), or for both."""

    code: Code
    label: Words
    roles: tuple[Code, ...] = ()
    stages: tuple[Path, ...] = ()
    tabs: tuple[PlainTabEntry, ...]


class BoardEntry(Entry):
    """What a board card shows beside its title; `sum` is the field added up per column."""

    subtitle: tuple[str, ...] = ()
    sum: str = ""


class LayoutEntry(Entry):
    """How records of a type are shown."""

    #: Tabs; sections alone are those of a card without tabs.
    card: tuple[TabEntry, ...] = ()
    #: Further layouts of the card; the one that says most exactly for what it is applies.
    cards: tuple[CardEntry, ...] = ()
    list: tuple[str, ...] = ()
    board: BoardEntry = BoardEntry()

    @field_validator("card", mode="before")
    @classmethod
    def accept_plain_sections(cls, value: Any) -> Any:
        """Sections without tabs stand in one tab that nobody sees."""
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            return value
        if not value or any("tab" in each or "sections" in each for each in value):
            return value
        return [{"tab": "main", "sections": value}]


class TypeEntry(Entry):
    """`types/<code>.yaml`: one record type with its fields and layouts."""

    code: Code
    label: Words
    plural: Words
    icon: str = "file"
    menu: Words | None = None
    position: int = 0
    #: Template of a record's title: "{make} {model}, {year}".
    title: Text
    number: NumberEntry = NumberEntry()
    fields: tuple[FieldEntry, ...]
    layout: LayoutEntry = LayoutEntry()
