"""Two records side by side, field by field, before they become one; and what is said of those that did."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.access.types import Verb
from trassa.records.actions.joining import Pick, is_joined, takes_several
from trassa.records.actions.preparing import is_empty, why_refused
from trassa.records.actions.unmerging import Stayed
from trassa.records.models import Merge
from trassa.records.queries.attachments import files_of_records
from trassa.records.queries.backlinks import count_backlinks, linking_fields
from trassa.records.queries.comments import count_comments
from trassa.records.queries.merges import merged_records
from trassa.records.queries.names import base_labels, names_for
from trassa.records.screens.cells import EMPTY, Cell, CellMaker, person_cell
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, Names, TypeSpec
from trassa.ui import date_exact, date_short

PICK = "pick-"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records."""

    id: int
    version: int
    title: str
    number: str
    url: str
    created: str
    created_exact: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: the survivor's value, the other one's, and which of them stays."""

    code: str
    label: str
    into: Cell
    source: Cell
    pick: Pick
    #: Whether this person may choose.
    open: bool
    #: Whether both may stay.
    several: bool


@dataclass(frozen=True, slots=True)
class MergeScreen:
    """Everything about a merge that is not done yet. `source` goes into `into`."""

    into: Side
    source: Side
    differing: Sequence[Line]
    same: Sequence[Line]
    #: What moves, in words with counts: ("Сделки", 3).
    moves: Sequence[tuple[str, int]]
    url: str
    #: The same with the two exchanged.
    swapped_url: str


@dataclass(frozen=True, slots=True)
class MergeNote:
    """On a card: that another record is part of it; `undo` posts to take that back, "" where one may not."""

    text: str
    at: str
    at_exact: str
    undo: str
    source: int


def merge_url(spec: TypeSpec, into: int, source: int) -> str:
    """Where two records are compared and merged."""
    return f"{reverse('records:merge', args=[spec.code])}?ids={into},{source}"


def may_merge(actor: Actor, spec: TypeSpec) -> bool:
    """Whether this person may merge any records of the type."""
    return not any(actor.reach(verb, spec).nothing for verb in (Verb.SEE, Verb.EDIT, Verb.DELETE))


def make_screen(actor: Actor, spec: TypeSpec, into: Record, source: Record, asked: QueryDict) -> MergeScreen:
    """The two beside each other; fields that differ first, with what was chosen already."""
    fields = [field for field in actor.visible_fields(spec) if is_joined(field)]
    names = names_for(actor, [into, source], fields)
    cells = CellMaker(current_generation(), names)
    lines = [make_line(actor, field, cells, (into, source), asked) for field in fields]
    mine, theirs = (owner_cell(record, names) for record in (into, source))
    pick = read_pick(asked, "owner") or Pick.INTO
    lines.insert(0, Line("owner", base_labels()["owner"], mine, theirs, pick, open=True, several=False))
    told = [line for line in lines if not (line.into == line.source == EMPTY)]
    return MergeScreen(
        into=side_of(spec, into),
        source=side_of(spec, source),
        differing=[line for line in told if line.into != line.source],
        same=[line for line in told if line.into == line.source],
        moves=list_moves(actor, spec, source.id),
        url=merge_url(spec, into.id, source.id),
        swapped_url=merge_url(spec, source.id, into.id),
    )


def side_of(spec: TypeSpec, record: Record) -> Side:
    url = reverse("records:card", args=[spec.code, record.id])
    created = record.created_at
    title = record.title or record.number
    return Side(
        record.id, record.version, title, record.number, url, date_short(created), date_exact(created)
    )


def owner_cell(record: Record, names: Names) -> Cell:
    name = names.people.get(record.owner_id or 0)
    return person_cell(record.owner_id or 0, name) if name else EMPTY


def make_line(
    actor: Actor, field: FieldSpec, cells: CellMaker, pair: tuple[Record, Record], asked: QueryDict
) -> Line:
    make = cells.of_field(field)
    mine, theirs = (record.values.get(field.code) for record in pair)
    several = takes_several(field)
    usual = Pick.BOTH if several else Pick.FROM if is_empty(mine) and not is_empty(theirs) else Pick.INTO
    may_choose = why_refused(actor, field) is None and not (field.kind == "files" and several)
    pick = (read_pick(asked, field.code) if may_choose else None) or usual
    return Line(field.code, str(field.label), make(mine), make(theirs), pick, may_choose, several)


def read_picks(asked: QueryDict) -> dict[str, Pick]:
    """What a form says about whose value stays, by code."""
    codes = [name.removeprefix(PICK) for name in asked if name.startswith(PICK)]
    return {code: pick for code in codes if (pick := read_pick(asked, code)) is not None}


def read_pick(asked: QueryDict, code: str) -> Pick | None:
    given = asked.get(PICK + code)
    return Pick(given) if given in list(Pick) else None


def list_moves(actor: Actor, spec: TypeSpec, id: int) -> list[tuple[str, int]]:
    """What of the record that goes will hang on the other one, as far as this person sees it."""
    linking = linking_fields(actor, spec)
    counts = zip(linking, count_backlinks(actor, linking, id), strict=True)
    moves = [(f"{each.spec.plural} · {each.field.label}", count) for each, count in counts]
    seen = {0, *(field.id for field in actor.visible_fields(spec))}
    files = files_of_records([id]).get(id, {})
    moves.append((_("Files"), sum(len(those) for key, those in files.items() if key in seen)))
    moves.append((_("Comments"), count_comments(id)))
    return [(label, count) for label, count in moves if count]


def make_note(actor: Actor, spec: TypeSpec, record: Record, merge: Merge) -> MergeNote:
    """What a card says of a record that became part of it."""
    title = merged_records([merge.loser_id])[merge.loser_id].title
    direct = merge.survivor_id == record.id and may_merge(actor, spec)
    return MergeNote(
        text=_("“%(name)s” has been merged into this record.") % {"name": title},
        at=date_short(merge.merged_at),
        at_exact=date_exact(merge.merged_at),
        undo=reverse("records:unmerge", args=[spec.code, record.id]) if direct else "",
        source=merge.loser_id,
    )


def stayed_in_words(stayed: Sequence[Stayed]) -> str:
    """ "Телефон, Клиент": what was changed since and did not go back."""
    types = current_generation().types
    labels = []
    for each in stayed:
        field = types[each.type].by_code.get(each.key)
        labels.append(str(field.label) if field else base_labels().get(each.key, _("Files")))
    return ", ".join(dict.fromkeys(labels))
