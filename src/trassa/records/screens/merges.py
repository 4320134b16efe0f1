"""Records side by side, field by field, before they become one; and what is said of those that did."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.records.actions.gathering import MAX_TOGETHER
from trassa.records.actions.joining import is_joined, takes_several
from trassa.records.actions.preparing import is_empty, why_refused
from trassa.records.actions.unmerging import Stayed
from trassa.records.models import Merge
from trassa.records.queries.attachments import files_of_records
from trassa.records.queries.backlinks import count_backlinks, linking_fields
from trassa.records.queries.comments import count_comments
from trassa.records.queries.merges import list_together, merged_records
from trassa.records.queries.names import base_labels, names_for
from trassa.records.screens.cells import EMPTY, Cell, CellMaker, person_cell
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, TypeSpec
from trassa.ui import date_exact, date_short, read_id

PICK = "pick-"
#: What a form says when the values of all records stay.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the records."""

    id: int
    version: int
    title: str
    number: str
    url: str
    created: str
    created_exact: str
    #: Where this one stays, and where the others become one without it; "" where that says nothing new.
    stays_url: str
    without_url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of one record."""

    id: int
    of: str
    cell: Cell
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field: the value of each record, the survivor's first, and which of them stays."""

    code: str
    label: str
    choices: Sequence[Choice]
    #: Whether this person may choose.
    open: bool
    #: Whether the values of all may stay, and whether they do.
    several: bool
    keeps_all: bool

    @property
    def differs(self) -> bool:
        return any(each.cell != self.choices[0].cell for each in self.choices)

    @property
    def is_empty(self) -> bool:
        return all(each.cell == EMPTY for each in self.choices)


@dataclass(frozen=True, slots=True)
class MergeScreen:
    """Everything about a merge that is not done yet: the records, the one that stays first."""

    sides: Sequence[Side]
    differing: Sequence[Line]
    same: Sequence[Line]
    #: What moves, in words with counts: ("Сделки", 3).
    moves: Sequence[tuple[str, int]]
    url: str


@dataclass(frozen=True, slots=True)
class MergeNote:
    """On a card: that another record is part of it; `undo` posts to take that back, "" where one may not."""

    text: str
    at: str
    at_exact: str
    undo: str
    source: int


def merge_url(spec: TypeSpec, *ids: int) -> str:
    """Where records are compared and merged into the first of them; "" where there are not two."""
    if len(ids) < 2:
        return ""
    return f"{reverse('records:merge', args=[spec.code])}?ids={','.join(map(str, ids[:MAX_TOGETHER]))}"


def may_merge(actor: Actor, spec: TypeSpec) -> bool:
    """Whether this person may merge any records of the type."""
    return not any(actor.reach(verb, spec).nothing for verb in (Verb.SEE, Verb.EDIT, Verb.DELETE))


def make_screen(actor: Actor, spec: TypeSpec, records: Sequence[Record], asked: QueryDict) -> MergeScreen:
    """The records beside each other; fields that differ first, with what was chosen already."""
    fields = [field for field in actor.visible_fields(spec) if is_joined(field)]
    names = names_for(actor, records, fields)
    cells = CellMaker(current_generation(), names)
    kept = read_kept(asked, {record.id for record in records})
    lines = [owner_line(records, names, kept)]
    lines += [make_line(actor, field, cells, records, kept) for field in fields]
    told = [line for line in lines if not line.is_empty]
    ids = [record.id for record in records]
    return MergeScreen(
        sides=[side_of(spec, record, ids) for record in records],
        differing=[line for line in told if line.differs],
        same=[line for line in told if not line.differs],
        moves=list_moves(actor, spec, ids[1:]),
        url=merge_url(spec, *ids),
    )


def side_of(spec: TypeSpec, record: Record, ids: Sequence[int]) -> Side:
    others = [id for id in ids if id != record.id]
    return Side(
        id=record.id,
        version=record.version,
        title=name_of(record),
        number=record.number,
        url=reverse("records:card", args=[spec.code, record.id]),
        created=date_short(record.created_at),
        created_exact=date_exact(record.created_at),
        stays_url=merge_url(spec, record.id, *others) if record.id != ids[0] else "",
        without_url=merge_url(spec, *others),
    )


def name_of(record: Record) -> str:
    return record.title or record.number


def owner_line(records: Sequence[Record], names: Names, kept: dict[str, int | None]) -> Line:
    chosen = kept.get("owner") or records[0].id
    choices = [Choice(r.id, name_of(r), owner_cell(r, names), r.id == chosen) for r in records]
    return Line("owner", base_labels()["owner"], choices, open=True, several=False, keeps_all=False)


def owner_cell(record: Record, names: Names) -> Cell:
    name = names.people.get(record.owner_id or 0)
    return person_cell(record.owner_id or 0, name) if name else EMPTY


def make_line(
    actor: Actor, field: FieldSpec, cells: CellMaker, records: Sequence[Record], kept: dict[str, int | None]
) -> Line:
    make = cells.of_field(field)
    values = [(record, record.values.get(field.code)) for record in records]
    several = takes_several(field)
    may_choose = why_refused(actor, field) is None and not (field.kind == "files" and several)
    usual = next((record.id for record, value in values if not is_empty(value)), records[0].id)
    chosen = None if several else usual
    if may_choose and field.code in kept and (several or kept[field.code] is not None):
        chosen = kept[field.code]
    choices = [Choice(each.id, name_of(each), make(value), each.id == chosen) for each, value in values]
    return Line(field.code, str(field.label), choices, may_choose, several, keeps_all=chosen is None)


def read_kept(asked: QueryDict, ids: Collection[int]) -> dict[str, int | None]:
    """What a form says about whose value stays, by code: the id of one of these records, None for all."""
    kept: dict[str, int | None] = {}
    for name, given in asked.items():
        if name.startswith(PICK) and isinstance(given, str):
            id = read_id(given)
            if given == ALL or id in ids:
                kept[name.removeprefix(PICK)] = id
    return kept


def list_moves(actor: Actor, spec: TypeSpec, ids: Sequence[int]) -> list[tuple[str, int]]:
    """What of the records that go will hang on the one that stays, as far as this person sees it."""
    linking = linking_fields(actor, spec)
    labels = [f"{each.spec.plural} · {each.field.label}" for each in linking]
    counts = [sum(each) for each in zip(*(count_backlinks(actor, linking, id) for id in ids), strict=True)]
    seen = {0, *(field.id for field in actor.visible_fields(spec))}
    files = chain.from_iterable(found.items() for found in files_of_records(ids).values())
    moves = [*zip(labels, counts, strict=True)]
    moves.append((_("Files"), sum(len(those) for key, those in files if key in seen)))
    moves.append((_("Comments"), sum(count_comments(id) for id in ids)))
    return [(label, count) for label, count in moves if count]


def make_note(actor: Actor, spec: TypeSpec, record: Record, merge: Merge) -> MergeNote:
    """What a card says of a record that became part of it, and of those that did in one go with it."""
    losers = list_together(merge)
    titles = [each.title for each in merged_records(losers).values()]
    direct = merge.survivor_id == record.id and may_merge(actor, spec)
    return MergeNote(
        text=merged_in_words(titles),
        at=date_short(merge.merged_at),
        at_exact=date_exact(merge.merged_at),
        undo=reverse("records:unmerge", args=[spec.code, record.id]) if direct else "",
        source=merge.loser_id,
    )


def merged_in_words(titles: Sequence[str]) -> str:
    """ "“A”, “B” have been merged into this record." in the reader's language."""
    if len(titles) == 1:
        return _("“%(name)s” has been merged into this record.") % {"name": titles[0]}
    quoted = ", ".join(_("“%(name)s”") % {"name": title} for title in titles)
    return _("%(names)s have been merged into this record.") % {"names": quoted}


def stayed_in_words(stayed: Sequence[Stayed]) -> str:
    """ "Телефон, Клиент": what was changed since and did not go back."""
    types = current_generation().types
    labels = []
    for each in stayed:
        field = types[each.type].by_code.get(each.key)
        labels.append(str(field.label) if field else base_labels().get(each.key, _("Files")))
    return ", ".join(dict.fromkeys(labels))
