"""The file format of a pack: what each YAML file may say, as pydantic models.

A model holds plain JSON values only, so that a pack, the installed configuration and the content of
the last apply are the same kind of thing and can be compared and stored. Codes are stable English
nouns; what people read are labels in two languages. See docs/decisions/0015-configuration-as-files.md.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from trassa.kernel import Invalid
from trassa.people.types import Duration, format_day, parse_day


def check_day(text: str) -> str:
    """A day of the calendar, written 2026-06-01."""
    date.fromisoformat(text)
    return text


def clean_hours(text: str) -> str:
    """Working time of a day in its one spelling."""
    try:
        return format_day(parse_day(text))
    except Invalid as refusal:
        raise ValueError(str(refusal)) from None


def clean_time(text: str) -> str:
    """A duration in its one spelling."""
    try:
        duration = Duration.parse(text)
    except Invalid as refusal:
        raise ValueError(str(refusal)) from None
    if duration.amount < 0:
        raise ValueError(_("“%s” lies in the past; give a positive duration.") % text)
    return str(duration)


CODE_PATTERN = r"^[a-z][a-z0-9_]{0,48}$"
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,48}\.[a-z][a-z0-9_]{0,48}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: An expression in its canonical spelling: English names of functions, codes of fields and options.
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
#: A place to go to as menus name it: "board.sales", "list.car", "people".
EntryKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
#: Where somebody begins: a place to go to or an address of this installation.
StartPage = Annotated[
    str,
    StringConstraints(pattern=r"^(|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?|/([^/\\\s]\S*)?)$", max_length=500),
]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(check_day)]
Hours = Annotated[str, AfterValidator(clean_hours)]
Time = Annotated[str, AfterValidator(clean_time)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]

VerbName = Literal["see", "create", "edit", "delete", "move", "export"]
ScopeName = Literal["own", "department", "branch", "all"]
MeaningName = Literal["open", "won", "lost"]


class Entry(BaseModel):
    """Base of everything in the format: immutable, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Entry):
    """A label in the languages of the interface. A plain string stands for `{ru: …}`."""

    ru: Text
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def accept_plain_text(cls, value: Any) -> Any:
        return {"ru": value} if isinstance(value, str) else value


class PackEntry(Entry):
    """`pack.yaml`: who this is and which packs must be installed first."""

    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    label: Words
    description: Words | None = None
    requires: tuple[Code, ...] = ()


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


class ConditionEntry(Entry):
    """A condition that must hold before a record may enter a stage, and what to say when it does not."""

    code: Code
    condition: Formula
    message: Words


class DeadlineEntry(Entry):
    """How long a record may stay in a stage: “2 working days”, “4 hours”, “30 minutes”.

    Counted from its entry, or from the date of `field`; `warning` before the end it is soon due, `escalation`
    behind it the owner's head should know.
    """

    after: Time | None = None
    field: Code | None = None
    warning: Time | None = None
    escalation: Time | None = None

    @model_validator(mode="after")
    def require_an_end(self) -> "DeadlineEntry":
        if self.after is None and self.field is None:
            raise PydanticCustomError("no_end", "say `after` or `field`")
        return self


class ItemEntry(Entry):
    """One thing of a stage's checklist; a required one must be done before a record goes on."""

    code: Code
    label: Words
    required: bool = False


class StageEntry(Entry):
    """One column of a board. `requires` are fields to be filled and `enter_when` conditions to be met before
    a record may enter; empty `next` means that any stage may follow; `reason` asks for one of the
    pipeline's reasons; `checklist` is what is to be done in it, and `deadline` by when."""

    code: Code
    label: Words
    color: Color
    meaning: MeaningName = "open"
    requires: tuple[Code, ...] = ()
    enter_when: tuple[ConditionEntry, ...] = ()
    next: tuple[Code, ...] = ()
    reason: bool = False
    checklist: tuple[ItemEntry, ...] = ()
    deadline: DeadlineEntry | None = None


class ReasonEntry(Entry):
    """Why a record was lost."""

    code: Code
    label: Words


class PipelineEntry(Entry):
    """`pipelines/<code>.yaml`: the way of a type's records through stages."""

    code: Code
    type: Code
    label: Words
    position: int = 0
    stages: tuple[StageEntry, ...]
    reasons: tuple[ReasonEntry, ...] = ()


class GrantEntry(Entry):
    """What a role may do: verbs on a type ("*" = every type), a pipeline, a stage or one field."""

    type: Code | Literal["*"]
    pipeline: Code | None = None
    stage: Code | None = None
    field: Code | None = None
    verbs: Annotated[tuple[VerbName, ...], Field(min_length=1)]
    scope: ScopeName = "all"


class RuleEntry(Entry):
    """`rules/<code>.yaml`: what happens by itself with records of a type: *when* — *if* — *then*.

    `when` is an event with its settings, each of `steps` a mapping with one key, the kind of the step; both
    are those of the room `automation`. A value that begins with “=” is an expression.
    """

    code: Code
    type: Code
    label: Words
    position: int = 0
    active: bool = True
    when: Mapping[str, Any]
    condition: Formula | None = None
    steps: tuple[Mapping[str, Any], ...]


class MenuGroupEntry(Entry):
    """Some entries of a menu under a heading."""

    code: Code
    label: Words | None = None
    entries: tuple[EntryKey, ...] = ()


class PlaceEntry(Entry):
    """Where people with a role begin, and their menu. It opens nothing that their rights do not open."""

    start: StartPage = ""
    #: Comes first in the menu; what no group names follows under its own headings.
    menu: tuple[MenuGroupEntry, ...] = ()
    #: Left out of the menu; still reachable by search and links.
    hidden: tuple[EntryKey, ...] = ()
    #: Names that this role has for entries.
    labels: Mapping[EntryKey, Words] = Field(default_factory=dict)
    #: Of several roles that somebody holds, the one with the lower position speaks first.
    position: int = 0


class RoleEntry(Entry):
    """`roles/<code>.yaml`: a role, everything it may do, and its place. Roles add up, nothing denies."""

    code: Code
    label: Words
    place: PlaceEntry = PlaceEntry()
    grants: tuple[GrantEntry, ...] = ()


class ExceptionEntry(Entry):
    """A day of a calendar that is unlike the others; without hours it is a day off."""

    day: Day
    hours: Hours = ""
    note: str = ""


class CalendarEntry(Entry):
    """`calendars/<code>.yaml`: when there is work.

    `cycle` has the hours of each day, "09:00–13:00, 14:00–18:00" or "" for a day off: of a week from Monday,
    or of a shift pattern whose first day is `starts`.
    """

    code: Code
    name: Text
    #: A name of the IANA database: Europe/Moscow.
    zone: Text
    cycle: Annotated[tuple[Hours, ...], Field(min_length=1, max_length=100)]
    starts: Day | None = None
    #: Whose holidays are days off.
    country: Literal["RU", ""] = ""
    #: For everybody who has no nearer calendar.
    company: bool = False
    exceptions: tuple[ExceptionEntry, ...] = ()


class DepartmentEntry(Entry):
    """One line of `departments.yaml`. A parent stands before its children."""

    code: Code
    name: Text
    parent: Code | None = None
    calendar: Code | None = None


class AbsenceEntry(Entry):
    """When a person of the demo is away, in days from the day on which it is loaded."""

    since: int
    until: int
    kind: Literal["vacation", "sick", "trip", "other"] = "vacation"
    substitute: str | None = None


class PersonEntry(Entry):
    """One person of `people.yaml`. A person of a required pack needs login and more roles only."""

    login: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,48}$")]
    name: str = ""
    email: str = ""
    phone: str = ""
    department: Code | None = None
    roles: tuple[Code, ...] = ()
    administrator: bool = False
    #: The department that this person heads.
    heads: Code | None = None
    absences: tuple[AbsenceEntry, ...] = ()


class PeopleEntry(Entry):
    """`people.yaml` in `demo`: the people of the demo company and the one password they share."""

    password: Text | None = None
    people: tuple[PersonEntry, ...] = ()


class RetiredEntry(Entry):
    """One line of `retired.yaml`: something that the pack takes out of use. Its data stay.

    Says one of: a type, its field, an option of that field, a pipeline, its stage, one of its reasons, a
    role, a department, a calendar, a rule. `successor` is the code of what takes its place, for people.
    """

    type: Code | None = None
    field: Code | None = None
    option: Code | None = None
    pipeline: Code | None = None
    stage: Code | None = None
    reason: Code | None = None
    role: Code | None = None
    department: Code | None = None
    calendar: Code | None = None
    rule: Code | None = None
    successor: Code | None = None

    @model_validator(mode="after")
    def require_one_thing(self) -> "RetiredEntry":
        if self.named not in RETIRABLE:
            raise PydanticCustomError("one_thing", "name one thing")
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """What kind of thing the entry speaks of, from the outside in: ("type", "field")."""
        return tuple(name for name in RETIRABLE_NAMES if getattr(self, name) is not None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes on the way to the thing: ("car", "price")."""
        return tuple(getattr(self, name) for name in self.named)

    @property
    def section(self) -> str:
        """The section of the configuration that the thing lies in."""
        return f"{self.named[0]}s"


RETIRABLE_NAMES = (
    "type",
    "field",
    "option",
    "pipeline",
    "stage",
    "reason",
    "role",
    "department",
    "calendar",
    "rule",
)
RETIRABLE = {
    ("type",),
    ("type", "field"),
    ("type", "field", "option"),
    ("pipeline",),
    ("pipeline", "stage"),
    ("pipeline", "reason"),
    ("role",),
    ("department",),
    ("calendar",),
    ("rule",),
}


Thing = CalendarEntry | DepartmentEntry | TypeEntry | PipelineEntry | RoleEntry | RuleEntry


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that packs set up, and how files and plans speak of it."""

    #: What one of them is called: in tombstones, plans and as a kind of file.
    noun: str
    entry: type[Thing]
    #: All of them stand in one file; otherwise each has its own in a folder named after the section.
    in_one_file: bool = False

    def place(self, section: str) -> str:
        """Where it stands in a pack."""
        return f"{section}.yaml" if self.in_one_file else f"{section}/<code>.yaml"


#: Every kind of thing by the attribute of `Configuration`, in the order in which they depend on each other.
SECTIONS: Mapping[str, Section] = {
    "calendars": Section("calendar", CalendarEntry),
    "departments": Section("department", DepartmentEntry, in_one_file=True),
    "types": Section("type", TypeEntry),
    "pipelines": Section("pipeline", PipelineEntry),
    "roles": Section("role", RoleEntry),
    "rules": Section("rule", RuleEntry),
}


class Configuration(Entry):
    """Everything a pack configures, or everything that is installed, in a fixed order."""

    calendars: tuple[CalendarEntry, ...] = ()
    departments: tuple[DepartmentEntry, ...] = ()
    types: tuple[TypeEntry, ...] = ()
    pipelines: tuple[PipelineEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    #: What the pack takes out of use; empty for what is installed.
    retired: tuple[RetiredEntry, ...] = ()

    @classmethod
    def of(cls, things: Mapping[str, Iterable[Thing]], **more: Any) -> "Configuration":
        """The configuration of these things, by section."""
        found: dict[str, Any] = {section: tuple(each) for section, each in things.items()}
        return cls(**found, **more)

    def things(self, section: str) -> tuple[Any, ...]:
        """The things of one section."""
        found: tuple[Any, ...] = getattr(self, section)
        return found

    def part(self, codes: Mapping[str, Container[str]]) -> "Configuration":
        """Those things whose codes are named, by section."""
        named = {name: codes.get(name, ()) for name in SECTIONS}
        return self.of(
            {name: [each for each in self.things(name) if each.code in named[name]] for name in SECTIONS}
        )

    def joined(self, other: "Configuration") -> "Configuration":
        """This and other things behind it."""
        both = {name: (*self.things(name), *other.things(name)) for name in SECTIONS}
        return self.of(both, retired=self.retired)

    def codes(self) -> dict[str, set[str]]:
        """The codes of all things, by section."""
        return {name: {each.code for each in self.things(name)} for name in SECTIONS}

    def replaced(self, before: "Configuration", after: "Configuration") -> "Configuration":
        """What comes out when things of `before` become those of `after`; the rest stays, in its order."""
        return self.of(
            {name: _swapped(self.things(name), before.things(name), after.things(name)) for name in SECTIONS}
        )

    def find(self, tombstone: RetiredEntry) -> Entry | None:
        """The thing that a tombstone speaks of; None when it is not there."""
        found: Entry | None = None
        things: Sequence[Any] = self.things(tombstone.section)
        for name, code in zip(tombstone.named, tombstone.codes, strict=True):
            things = things if found is None else getattr(found, f"{name}s")
            found = next((each for each in things if each.code == code), None)
            if found is None:
                return None
        return found


def _swapped(mine: Iterable[Thing], old: Iterable[Thing], new: Iterable[Thing]) -> list[Thing]:
    """Things in their order, with the new state of those that have one and without those that left."""
    coming = {each.code: each for each in new}
    leaving = {each.code for each in old}
    left = []
    for each in mine:
        if each.code in coming:
            left.append(coming.pop(each.code))
        elif each.code not in leaving:
            left.append(each)
    return [*left, *coming.values()]
