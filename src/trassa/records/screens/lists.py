"""A list as it is drawn: heads that sort, rows of cells, all made before the template runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext
from markupsafe import Markup

from trassa.access.queries import Actor
from trassa.api import Cursor
from trassa.records.queries import names_for
from trassa.records.queries.names import base_labels
from trassa.records.screens.addresses import Address
from trassa.records.screens.cells import EMPTY, Cell, CellMaker, card_stem
from trassa.records.screens.table_cells import cell_drawer, draw_row, title_drawer
from trassa.records.screens.tones import tone_of
from trassa.records.types import Record, RecordPage
from trassa.schema.queries import current_generation
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: Base columns that a list may show beside fields.
BASE = ("title", "number", "stage", "pipeline", "owner", "created_at", "updated_at", "stage_entered_at")
_SORTED_BASE = {"number": "number", "created_at": "created_at", "updated_at": "updated_at"}


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head. `url` sorts by it, "" when nothing does; `direction` is "", "asc" or "desc"."""

    code: str
    label: str
    numeric: bool = False
    url: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    id: int
    version: int
    url: str
    #: The cells in the order of the heads.
    cells: Markup


MakeRecordCell = Callable[[Record], Cell]


def list_codes(actor: Actor, spec: TypeSpec) -> list[str]:
    """Codes of the columns that this person's list has; a title always comes with it."""
    codes = [code for code in spec.layouts.list_columns if code in BASE or is_seen(actor, spec, code)]
    return codes or ["title", "number", "owner", "created_at"]


def is_seen(actor: Actor, spec: TypeSpec, code: str) -> bool:
    field = spec.by_code.get(code)
    return field is not None and actor.sees_field(field)


def make_heads(spec: TypeSpec, codes: Sequence[str], address: Address) -> list[Head]:
    """The heads; a click sorts, a second click turns the order round."""
    present = address.order.removeprefix("-")
    descending = address.order.startswith("-")
    heads = []
    for code, label in zip(codes, column_labels(spec, codes), strict=True):
        field = spec.by_code.get(code)
        numeric = field is not None and field_kinds.get(field.displayed.kind).style == "num"
        url = direction = ""
        if is_sortable(field, code):
            direction = ("desc" if descending else "asc") if present == code else ""
            url = address.sorted_by(next_order(code, direction, numeric)).url
        heads.append(Head(code, label, numeric, url, direction))
    return heads


def column_labels(spec: TypeSpec, codes: Sequence[str]) -> list[str]:
    """What stands above each column."""
    labels = base_labels() | {"title": str(spec.label), "owner": pgettext("narrow column", "Owner")}
    return [labels[code] if code in BASE else str(spec.by_code[code].label) for code in codes]


def is_sortable(field: FieldSpec | None, code: str) -> bool:
    if code in BASE:
        return code in _SORTED_BASE
    return field is not None and field.sortable and field_kinds.get(field.kind).sortable


def next_order(code: str, direction: str, numeric: bool) -> str:
    """What a click on the head sorts by: figures and dates begin with the largest."""
    first = f"-{code}" if numeric or code in _SORTED_BASE else code
    if not direction:
        return first
    return code if direction == "desc" else f"-{code}"


def make_lines(actor: Actor, spec: TypeSpec, codes: Sequence[str], records: Sequence[Record]) -> list[Line]:
    """Rows of these records, in their order; names of everything they mention are read together."""
    fields = [spec.by_code[code] for code in codes if code in spec.by_code]
    cells = CellMaker(current_generation(), names_for(actor, records, fields))
    makers = [cell_of_column(spec, code, cells) for code in codes]
    labels = column_labels(spec, codes)
    drawers = [
        cell_drawer(label, initials_only=code == "owner") for code, label in zip(codes, labels, strict=True)
    ]
    stem = card_stem(spec.code)
    lines = []
    for record in records:
        url = f"{stem}{record.id}/"
        made = [make(record) for make in makers]
        if "title" in codes:
            drawers[codes.index("title")] = title_drawer(url, aside_of(record, made))
        lines.append(Line(record.id, record.version, url, draw_row(drawers, made)))
    return lines


def aside_of(record: Record, cells: Sequence[Cell]) -> str:
    """What stands behind the dash of the title, unless another cell says it."""
    aside = record.title.partition(" — ")[2]
    return "" if aside and any(cell.text == aside for cell in cells) else aside


def cell_of_column(spec: TypeSpec, code: str, cells: CellMaker) -> MakeRecordCell:
    """The function that makes one column's cell of a record."""
    base: dict[str, MakeRecordCell] = {
        "title": title_cell,
        "number": lambda record: Cell(record.number, "code"),
        "owner": lambda record: cells.person(record.owner_id),
        "created_at": lambda record: cells.moments.cell(record.created_at),
        "updated_at": lambda record: cells.moments.cell(record.updated_at),
        "stage_entered_at": lambda record: cells.moments.cell(record.stage_entered_at),
    }
    if code in base:
        return base[code]
    if code == "stage":
        stages = stage_cells(spec)
        return lambda record: stages.get(record.stage_id or 0, EMPTY)
    if code == "pipeline":
        pipelines = {pipeline.id: Cell(str(pipeline.label)) for pipeline in spec.pipelines}
        return lambda record: pipelines.get(record.pipeline_id or 0, EMPTY)
    make = cells.of_field(spec.by_code[code])
    return lambda record: make(record.values.get(code))


def stage_cells(spec: TypeSpec) -> dict[int, Cell]:
    """The chip of every stage, by its id."""
    stages = (stage for pipeline in spec.pipelines for stage in pipeline.stages)
    return {stage.id: Cell(str(stage.label), "chip", tone_of(stage.color)) for stage in stages}


def title_cell(record: Record) -> Cell:
    """The title up to its dash: the car of a deal, whose client is the second line."""
    return Cell(record.title.partition(" — ")[0], "title")


def more_url(page: RecordPage, address: Address, order: str, path: str) -> str:
    """Where the rows behind this page are; "" on the last page."""
    if page.next is None:
        return ""
    value, id = page.next
    after = Cursor(order, id, (value if value is None else str(value),)).encode()
    return Address(path, address.text, address.order, address.conditions).joined({"after": after})


def read_cursor(text: str, order: str) -> tuple[object, int] | None:
    """The `after` of a list; raises Invalid when it belongs to another order."""
    if not text:
        return None
    cursor = Cursor.decode(text, order=order, values=1)
    return cursor.values[0], cursor.id
