"""A record's card as it is drawn: stage bar, sections of fields, linked records, history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Row, Verb
from trassa.kernel import company_zone, today
from trassa.records.queries.names import base_labels
from trassa.records.queries.verdicts import judge_record, why_locked
from trassa.records.registries import card_sections, card_tools
from trassa.records.rules import NOTHING
from trassa.records.screens.boards import row_of
from trassa.records.screens.card_layouts import layout_tools
from trassa.records.screens.cells import Cell, CellMaker, moment_cell, person_cell
from trassa.records.screens.controls import is_editable
from trassa.records.screens.files import FileBox, beside_box, field_box
from trassa.records.screens.formulas import why_frozen
from trassa.records.screens.stage_bars import BarMaker, StageBar
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import CardSection, CardTab, FieldSpec, Names, TypeSpec
from trassa.ui import NavItem, date_exact, date_short

#: The tab of records that point here; no tab of a layout has such a code.
LINKS_TAB = "_links"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a card: its value and whether this person may change it."""

    code: str
    label: str
    cell: Cell
    editable: bool = False
    wide: bool = False
    help: str = ""
    #: The next stage asks for it.
    lacking: bool = False
    #: The value is another one today; on a card of the past.
    changed_since: bool = False
    #: It has a history of its own; what is shown through a link has not.
    has_past: bool = False
    #: Why nobody can change it at the moment, "" when that is not so.
    locked: str = ""
    #: The files of a field of files.
    box: FileBox | None = None
    #: Its value is worked out, and can be explained.
    is_formula: bool = False
    #: Since when and why a value that is worked out stays, "" while it follows.
    frozen: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    fields: Sequence[FieldView]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the card. `lacking` marks one where the next stage needs something."""

    code: str
    label: str
    sections: Sequence[Section]
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class CardScreen:
    """Everything about one record that its card shows, except history and linked records."""

    id: int
    version: int
    type_id: int
    type_code: str
    type_label: str
    url: str
    title: str
    number: str
    place: str
    place_url: str
    created: str
    created_exact: str
    tabs: Sequence[Tab]
    #: Code of the tab in sight.
    tab: str
    #: Visible fields that the layout forgets; they stand below the last tab's sections.
    rest: Section | None
    bar: StageBar | None
    may_delete: bool
    binned: bool
    #: The moment of a card of the past, "" for the present.
    as_of: str = ""
    #: The days, as browsers write them, between which the past can be asked for.
    first_day: str = ""
    last_day: str = ""
    #: Which part of the timeline is shown; "" for all of it.
    show: str = ""
    #: What other rooms offer in its menu.
    tools: Sequence[NavItem] = ()
    #: Parts that other rooms draw.
    parts: Sequence[NavItem] = ()


class CardMaker:
    """Makes one card for one person."""

    def __init__(
        self,
        actor: Actor,
        spec: TypeSpec,
        record: Record,
        cells: CellMaker,
        *,
        as_of: datetime | None = None,
        changed: Collection[str] = (),
    ) -> None:
        self.as_of = as_of
        self.changed = changed
        self.actor = actor
        self.spec = spec
        self.record = record
        self.cells = cells
        self.row: Row = row_of(spec, record)
        #: The further layout that applies; None when it is the type's own card.
        self.layout = spec.layouts.choose_card(actor.role_ids, record.stage_id)
        self.binned = record.deleted_at is not None
        self.editable = not self.binned and as_of is None and actor.may(Verb.EDIT, self.row)
        self.labels = base_labels()
        # A card of the past shows everything that was stored: conditions speak of today.
        self.verdict = judge_record(actor, spec, record.id) if as_of is None else NOTHING
        self.stages = BarMaker(
            actor, spec, record, self.row, self.verdict, is_past=as_of is not None, editable=self.editable
        )

    @property
    def names(self) -> Names:
        return self.cells.names

    def screen(self, tab: str = "") -> CardScreen:
        """The whole card, open at a tab, at the first one unless that is there."""
        record, spec = self.record, self.spec
        tabs = self.tabs()
        codes = [each.code for each in tabs] + [LINKS_TAB]
        return CardScreen(
            id=record.id,
            version=record.version,
            type_id=spec.id,
            type_code=spec.code,
            type_label=str(spec.label),
            url=reverse("records:card", args=[spec.code, record.id]),
            title=record.title,
            number=record.number,
            place=self.place(),
            place_url=self.place_url(),
            created=date_short(record.created_at),
            created_exact=date_exact(record.created_at),
            tabs=tabs,
            tab=tab if tab in codes else codes[0],
            rest=self.rest(),
            bar=self.stages.bar(),
            may_delete=self.as_of is None and self.actor.may(Verb.DELETE, self.row),
            binned=self.binned,
            as_of=moment_in_words(self.as_of) if self.as_of else "",
            first_day=record.created_at.astimezone(company_zone()).date().isoformat(),
            last_day=today().isoformat(),
            tools=self.tools(),
            parts=self.parts(),
        )

    def tools(self) -> list[NavItem]:
        """What other rooms offer, and for administrators which layout applies."""
        tools = (tool(self.actor, self.spec, self.record.id) for tool in card_tools)
        return [*(each for each in tools if each), *layout_tools(self.actor, self.spec, self.record.stage_id)]

    def parts(self) -> list[NavItem]:
        """What other rooms draw on it; a card of the past and one in the bin have none."""
        if self.binned or self.as_of is not None:
            return []
        made = (part(self.actor, self.spec, self.record.id) for part in card_sections)
        return [each for each in made if each]

    def place(self) -> str:
        return str(self.stages.pipeline.label if self.stages.pipeline else self.spec.plural)

    def place_url(self) -> str:
        if self.stages.pipeline:
            return reverse("records:board", args=[self.stages.pipeline.code])
        return reverse("records:list", args=[self.spec.code])

    # Fields

    def tabs(self) -> list[Tab]:
        """The tabs of the layout that applies, without those where the person sees nothing."""
        layout = self.layout.tabs if self.layout else self.spec.layouts.card
        if not layout:
            fields = [self.field(field) for field in self.shown_fields()]
            return [Tab("main", "", [Section("", fields)])]
        return [tab for each in layout if (tab := self.tab(each)) is not None]

    def tab(self, tab: CardTab) -> Tab | None:
        """One tab with its sections; None when nothing of it is shown."""
        shown = [each for each in tab.sections if each not in self.hidden_sections()]
        sections = [made for each in shown if (made := self.section(each)) is not None]
        lacking = any(field.lacking for section in sections for field in section.fields)
        return Tab(tab.code, str(tab.label), sections, lacking) if sections else None

    def section(self, section: CardSection) -> Section | None:
        """One section without fields that the person does not see; None when nothing is left."""
        fields = self.views(section.fields)
        return Section(str(section.label), fields, section.columns) if fields else None

    def rest(self) -> Section | None:
        """Visible fields that the layout forgets."""
        if self.layout is None and not self.spec.layouts.card:
            return None
        sections = self.layout.sections if self.layout else self.spec.layouts.sections
        placed = {code for section in sections for code in section.fields}
        fields = [field for field in self.shown_fields() if field.code not in placed]
        return Section("", [self.field(field) for field in fields]) if fields else None

    def views(self, codes: Sequence[str]) -> list[FieldView]:
        """Fields and base columns in this order, without those that are hidden or masked."""
        return [view for code in codes if self.is_shown(code) and (view := self.view(code)) is not None]

    def shown_fields(self) -> list[FieldSpec]:
        """The fields that the person sees and that no condition hides."""
        return [field for field in self.actor.visible_fields(self.spec) if self.verdict.shows(field)]

    def is_shown(self, code: str) -> bool:
        """Whether no condition hides the field."""
        field = self.spec.by_code.get(code)
        return field is None or self.verdict.shows(field)

    def hidden_sections(self) -> list[CardSection]:
        return [self.spec.layouts.sections[place] for place in self.verdict.hidden_sections]

    def view(self, code: str) -> FieldView | None:
        """One field or base column by code; None for what the person does not see."""
        field = self.spec.by_code.get(code)
        if field is not None:
            return self.field(field) if self.actor.sees_field(field) else None
        base = self.base_cell(code)
        if base is None:
            return None
        return FieldView(code, self.labels[code], base, editable=code == "owner" and self.editable)

    def field(self, field: FieldSpec) -> FieldView:
        locked = self.why_locked(field)
        return FieldView(
            code=field.code,
            label=str(field.label),
            cell=self.cells.of_field(field)(self.record.values.get(field.code)),
            editable=self.editable
            and is_editable(self.actor, field)
            and not locked
            and field.kind != "files",
            wide=field_kinds.get(field.displayed.kind).wide,
            help=str(field.help) or origin_of(field),
            lacking=field.code in self.stages.lacking,
            changed_since=field.code in self.changed,
            has_past=field.shown is None and field.is_journalled,
            locked=locked,
            box=self.box_of(field),
            is_formula=field.formula is not None and self.as_of is None and not self.binned,
            frozen=why_frozen(self.actor, self.spec, self.record, field) if self.as_of is None else "",
        )

    def box_of(self, field: FieldSpec) -> FileBox | None:
        """The files of a field of files; who may change them gets an address to attach to."""
        if field.kind != "files":
            return None
        may_attach = self.editable and is_editable(self.actor, field) and not self.why_locked(field)
        return field_box(
            field, self.record.values.get(field.code), attach_url=self.attach_url if may_attach else ""
        )

    @property
    def attach_url(self) -> str:
        return reverse("records:attach_files", args=[self.spec.code, self.record.id])

    def beside(self) -> FileBox | None:
        """Files beside the fields; a card of the past has none."""
        if self.as_of is not None:
            return None
        return beside_box(
            self.actor, self.spec, self.record.id, attach_url=self.attach_url if self.editable else ""
        )

    def why_locked(self, field: FieldSpec) -> str:
        """Why the person cannot change the field at the moment, although it is theirs to change."""
        if field.id not in self.verdict.locked or not self.editable or not is_editable(self.actor, field):
            return ""
        return why_locked(self.actor, current_generation(), self.spec, field)

    def followers(self, code: str) -> list[FieldView]:
        """The fields whose values come through this one or are worked out: drawn anew when it changes."""
        through = [field for field in self.shown_fields() if field.through and field.through.code == code]
        worked_out = [field for field in self.shown_fields() if field.formula is not None]
        return [self.field(field) for field in (*through, *worked_out)]

    def base_cell(self, code: str) -> Cell | None:
        record = self.record
        match code:
            case "owner":
                name = self.names.people.get(record.owner_id or 0)
                return person_cell(record.owner_id or 0, name) if name else Cell(style="empty")
            case "number":
                return Cell(record.number, "code")
            case "created_at":
                return moment_cell(record.created_at)
            case "updated_at":
                return moment_cell(record.updated_at)
        return None


def moment_in_words(moment: datetime) -> str:
    """A day when its end is meant, else the moment to the second."""
    local = moment.astimezone(company_zone())
    return date_exact(local.date() if local.time() == time.max else moment)


def origin_of(field: FieldSpec) -> str:
    """Where the value of a lookup comes from; "" for other fields."""
    return _("From “%(link)s”") % {"link": field.through.label} if field.through else ""
