"""A board as it is drawn: columns of cards, precomputed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trassa.access.queries import Actor
from trassa.access.types import Row, Verb
from trassa.api import Cursor
from trassa.kernel import Invalid, now
from trassa.people.queries import names_of
from trassa.records.queries import names_for
from trassa.records.screens.addresses import Address
from trassa.records.screens.cells import CellMaker, card_stem
from trassa.records.screens.deadlines import DueMark, due_mark
from trassa.records.types import Record, RecordPage
from trassa.schema.queries import current_generation
from trassa.schema.types import Names, PipelineSpec, StageSpec, TypeSpec
from trassa.ui import avatar_color, duration, initials

CURSOR = "board"
#: Cards of a column that are read at once.
PAGE = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `entered` orders the cards of a column, the latest first."""

    id: int
    version: int
    url: str
    stage: str
    entered: str
    title: str
    #: What stands behind the dash of the title: the client of a deal.
    aside: str
    subtitle: str
    amount: str
    #: How long it has stood in this stage, "" on the first day.
    age: str
    #: Its stage's deadline, while it is soon or past.
    due: DueMark | None
    owner: str
    owner_initials: str
    owner_tone: str
    movable: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with its first cards and the address of the next ones."""

    id: int
    code: str
    label: str
    color: str
    meaning: str
    #: Codes of the stages that may follow, "" when all may.
    next: str
    cards: Sequence[Card]
    more: str
    #: Address of the quick form; "" when the person may not create here.
    create: str


def make_cards(actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, records: Sequence[Record]) -> list[Card]:
    """Cards of these records, in their order. At most two queries, and one for each linked type shown."""
    names = card_names(actor, spec, records)
    cells = CellMaker(current_generation(), names)
    fields = [spec.by_code[code] for code in spec.layouts.board_subtitle if code in spec.by_code]
    parts = [(field.code, cells.of_field(field)) for field in fields]
    amount_of = amount_maker(spec, cells)
    stem = card_stem(spec.code)
    stages = {stage.id: stage.code for stage in pipeline.stages}
    ages, moment = Ages(), now()
    cards = []
    for record in records:
        words = [make(record.values.get(code)).text for code, make in parts]
        owner = names.people.get(record.owner_id or 0, "")
        entered = record.stage_entered_at
        title, _dash, aside = record.title.partition(" — ")
        cards.append(
            Card(
                id=record.id,
                version=record.version,
                url=f"{stem}{record.id}/",
                stage=stages.get(record.stage_id or 0, ""),
                entered=entered.isoformat() if entered else "",
                title=title,
                aside=aside,
                subtitle=" · ".join(word for word in words if word),
                amount=amount_of(record),
                age=ages.words(entered),
                due=due_mark(record, moment) if record.stage_due_at else None,
                owner=owner,
                owner_initials=initials(owner),
                owner_tone=f"t{avatar_color(record.owner_id or 0)}",
                movable=actor.may(Verb.MOVE, row_of(spec, record)),
            )
        )
    return cards


def amount_maker(spec: TypeSpec, cells: CellMaker) -> Callable[[Record], str]:
    """The function that writes a card's amount, "" without one."""
    field = spec.by_code.get(spec.layouts.board_sum)
    if field is None:
        return lambda record: ""
    code, make = field.code, cells.of_field(field)
    return lambda record: make(record.values.get(code)).text


class Ages:
    """How long cards have stood in their stages: "3 дня", nothing on the first day."""

    def __init__(self) -> None:
        self._now = now()
        self._words: dict[int, str] = {0: ""}

    def words(self, entered: datetime | None) -> str:
        days = (self._now - entered).days if entered else 0
        if days not in self._words:
            self._words[days] = duration(timedelta(days=days)) if days > 0 else ""
        return self._words[days]


def card_names(actor: Actor, spec: TypeSpec, records: Sequence[Record]) -> Names:
    """Names that cards mention: owners, and what the subtitle refers to."""
    codes = {*spec.layouts.board_subtitle}
    fields = [field for field in actor.visible_fields(spec) if field.code in codes]
    shown = [field.displayed for field in fields]
    if any(field.target_type_id or field.kind in ("person", "department") for field in shown):
        return names_for(actor, records, fields)
    return Names(people=names_of({record.owner_id for record in records if record.owner_id is not None}))


def row_of(spec: TypeSpec, record: Record) -> Row:
    """What rights need to know of a record that was read for a screen."""
    taking_part = (record.values.get(field.code) for field in spec.participant_fields)
    return Row(
        type_id=spec.id,
        owner_id=record.owner_id,
        department_id=record.department_id,
        pipeline_id=record.pipeline_id,
        stage_id=record.stage_id,
        participant_ids=frozenset(id for id in taking_part if id is not None),
    )


def make_columns(
    actor: Actor, spec: TypeSpec, pipeline: PipelineSpec, pages: Mapping[int, RecordPage], address: Address
) -> list[Column]:
    """All columns of a board, with names read for all cards together."""
    everything = [record for stage in pipeline.stages for record in pages[stage.id].items]
    cards = iter(make_cards(actor, spec, pipeline, everything))
    columns = []
    for stage in pipeline.stages:
        page = pages[stage.id]
        creatable = stage.meaning == "open" and actor.may_create(spec, pipeline, stage)
        columns.append(
            Column(
                id=stage.id,
                code=stage.code,
                label=str(stage.label),
                color=stage.color,
                meaning=stage.meaning,
                next=" ".join(each.code for each in pipeline.stages if each.id in stage.next_stage_ids),
                cards=[next(cards) for _record in page.items],
                more=more_url(pipeline, stage, page, address),
                create=reverse("records:quick_create", args=[pipeline.code, stage.code]) if creatable else "",
            )
        )
    return columns


def more_url(pipeline: PipelineSpec, stage: StageSpec, page: RecordPage, address: Address) -> str:
    """Where the cards behind this page are; "" on the last page."""
    if page.next is None:
        return ""
    entered, id = page.next
    path = reverse("records:stage_cards", args=[pipeline.code, stage.code])
    after = Cursor(CURSOR, id, (entered.isoformat(),)).encode()
    return replace(address, path=path).joined({"after": after})


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """The `after` of a board's column; raises Invalid when it is broken."""
    if not text:
        return None
    cursor = Cursor.decode(text, order=CURSOR, values=1)
    try:
        return datetime.fromisoformat(str(cursor.values[0])), cursor.id
    except ValueError:
        raise Invalid(_("Begin again: this page of the list is not known."), code="invalid_cursor") from None
