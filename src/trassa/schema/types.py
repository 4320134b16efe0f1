"""The compiled schema: what one generation knows about types, fields, pipelines and stages.

Everything here is immutable and safe to share between threads. Physical names (`r_12`, `f_34`) are
made of ids and never change; codes and labels are metadata. See docs/decisions/0003-generations.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, Protocol

from django.apps.registry import Apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.expressions import Node

StageMeaning = Literal["open", "won", "lost"]

#: Where a field's values lie: in a column of the type's table, in a table of links, in one of links with
#: periods, behind a link in a linked record, or with the room of the kind.
Storage = Literal["column", "links", "periods", "linked", "elsewhere"]

#: App label of the models that generations compile; their names are those of their tables.
MODELS_LABEL = "generation"

#: Columns that every type's table has beside its fields, in table order.
BASE_COLUMNS = (
    "id",
    "number",
    "title",
    "pipeline_id",
    "stage_id",
    "stage_entered_at",
    "reason_id",
    "owner_id",
    "department_id",
    "version",
    "created_at",
    "created_by_id",
    "updated_at",
    "updated_by_id",
    "deleted_at",
    "deleted_batch",
)


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the languages of the interface; English falls back to Russian and back."""

    ru: str
    en: str = ""

    def __str__(self) -> str:
        if (translation.get_language() or "ru").startswith("ru"):
            return self.ru or self.en
        return self.en or self.ru


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
    #: Seen only by roles with a grant on this very field; left out of `data.*` views.
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

    @property
    def has_periods(self) -> bool:
        return self.storage == "periods"

    @property
    def displayed(self) -> "FieldSpec":
        """The field whose kind, options and settings say how a value looks: of a lookup the shown one."""
        return self.shown or self

    @property
    def has_rules(self) -> bool:
        """Whether a condition decides about it."""
        return any(node is not None for node in (self.visible_when, self.required_when, self.editable_when))

    @property
    def link_table(self) -> str:
        return f"l_{self.id}"

    def find_option(self, id: int) -> OptionSpec | None:
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True, slots=True)
class EntryCondition:
    """What must hold before a record may enter a stage, and what people read when it does not."""

    code: str
    condition: Node
    message: Label


@dataclass(frozen=True, slots=True)
class StageSpec:
    id: int
    pipeline_id: int
    code: str
    label: Label
    color: str
    meaning: StageMeaning
    position: int
    #: Fields that must be filled before a record may enter this stage.
    required_field_ids: tuple[int, ...] = ()
    enter_when: tuple[EntryCondition, ...] = ()
    #: Stages that may follow; empty means any of the pipeline.
    next_stage_ids: tuple[int, ...] = ()
    reason_required: bool = False
    #: Not part of its pipeline any more; still known by id, for history and old records.
    retired: bool = False


@dataclass(frozen=True, slots=True)
class ReasonSpec:
    """Why a record was lost; offered by stages with `reason_required`."""

    id: int
    pipeline_id: int
    code: str
    label: Label
    retired: bool = False


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    id: int
    type_id: int
    code: str
    label: Label
    stages: tuple[StageSpec, ...]
    reasons: tuple[ReasonSpec, ...] = ()
    position: int = 0

    @property
    def first_stage(self) -> StageSpec:
        return self.stages[0]

    def get_stage(self, code: str) -> StageSpec:
        """Raises KeyError when the pipeline has no such stage."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class CardSection:
    """A group of fields on a card; its label may be empty."""

    label: Label
    #: Codes of fields, in order.
    fields: tuple[str, ...]
    #: While false the section is not shown.
    visible_when: Node | None = None
    #: How many fields stand side by side where there is room: 1 or 2.
    columns: int = 2


@dataclass(frozen=True, slots=True)
class CardTab:
    """A page of a card. A card with a single tab shows no bar of tabs, so its label may be empty."""

    code: str
    label: Label
    sections: tuple[CardSection, ...]
    #: While false the tab is not shown.
    visible_when: Node | None = None


def one_tab(*sections: CardSection) -> tuple[CardTab, ...]:
    """A card without tabs: these sections one below the other."""
    return (CardTab("main", Label(""), sections),)


@dataclass(frozen=True, slots=True)
class Layouts:
    """How records of a type are shown. Codes of fields, and of base columns such as `owner`."""

    card: tuple[CardTab, ...] = ()
    list_columns: tuple[str, ...] = ()
    #: Second line of a board card, joined by « · ».
    board_subtitle: tuple[str, ...] = ()
    #: Money or number field shown on cards and summed per column; "" when there is none.
    board_sum: str = ""

    @property
    def sections(self) -> tuple[CardSection, ...]:
        """The sections of all tabs, in order; a section's place on the card counts over the tabs."""
        return tuple(section for tab in self.card for section in tab.sections)

    @property
    def conditions(self) -> tuple[tuple[Node, ...], ...]:
        """For each section, in order: what must hold so that it is shown, its own condition and its tab's."""
        return tuple(
            tuple(node for node in (tab.visible_when, section.visible_when) if node is not None)
            for tab in self.card
            for section in tab.sections
        )

    @property
    def card_codes(self) -> tuple[str, ...]:
        """Everything that the card shows, in order."""
        return tuple(code for section in self.sections for code in section.fields)


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """One record type with its model of this generation."""

    id: int
    code: str
    label: Label
    plural: Label
    icon: str
    #: A template such as "{make} {model}, {year}"; linked records give their titles.
    title_template: str
    number_prefix: str
    number_width: int
    #: Active fields by position; retired ones are not here.
    fields: tuple[FieldSpec, ...]
    pipelines: tuple[PipelineSpec, ...]
    layouts: Layouts
    model: type[models.Model]
    #: Menu group such as "Комиссия и выкуп".
    menu: Label
    position: int = 0
    by_code: Mapping[str, FieldSpec] = field(default_factory=dict)
    by_id: Mapping[int, FieldSpec] = field(default_factory=dict)
    #: Person fields that make the named person take part in the record.
    participant_fields: tuple[FieldSpec, ...] = field(init=False, repr=False, compare=False)
    #: Fields that point at records.
    linking_fields: tuple[FieldSpec, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named = tuple(spec for spec in self.fields if spec.settings.get("participant"))
        object.__setattr__(self, "participant_fields", named)
        linking = tuple(spec for spec in self.fields if spec.target_type_id is not None)
        object.__setattr__(self, "linking_fields", linking)

    @property
    def table(self) -> str:
        return f"r_{self.id}"

    @property
    def number_sequence(self) -> str:
        return f"rn_{self.id}"

    def format_number(self, number: int) -> str:
        """The number as people write it: prefix and zero-padded digits, "В-00418"."""
        return f"{self.number_prefix}{number:0{self.number_width}d}"

    def find_pipeline(self, id: int | None) -> PipelineSpec | None:
        return next((pipeline for pipeline in self.pipelines if pipeline.id == id), None)


@dataclass(frozen=True, slots=True)
class Names:
    """Names behind ids, as `FieldKind.cell` needs them to write references in words."""

    records: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)


class Lookups(Protocol):
    """How people write references: by login, name, number, title or key. Each gives an id or None.

    The caller decides whose rights apply; a name that fits several things should give None.
    """

    def find_person(self, text: str) -> int | None: ...

    def find_department(self, text: str) -> int | None: ...

    def find_record(self, type_id: int, text: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class FormControl:
    """How a form asks for a value of a field; screens turn it into HTML."""

    control: Literal[
        "text",
        "textarea",
        "number",
        "date",
        "datetime-local",
        "checkbox",
        "select",
        "multiselect",
        "person",
        "department",
        "record",
        "records",
        "periods",
        "files",
        "tel",
        "email",
        "output",
    ]
    #: HTML attributes such as maxlength, inputmode, autocomplete.
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: Values and labels of a select.
    choices: tuple[tuple[str, Label], ...] = ()
    #: Unit shown behind the value: "₽", "%".
    suffix: str = ""


@dataclass(frozen=True)
class Generation:
    """One immutable state of the whole schema, with the models that read its tables."""

    number: int
    apps: Apps
    types: Mapping[str, TypeSpec]
    types_by_id: Mapping[int, TypeSpec]
    pipelines: Mapping[str, PipelineSpec]
    pipelines_by_id: Mapping[int, PipelineSpec]
    stages_by_id: Mapping[int, StageSpec]
    reasons_by_id: Mapping[int, ReasonSpec]
    #: Models of link tables (from_id, to_id) by the id of their field.
    link_models: Mapping[int, type[models.Model]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[TypeSpec]:
        return iter(self.types.values())


#: A field's value in Python, as its kind parses it.
Value = str | int | bool | Decimal | Any
