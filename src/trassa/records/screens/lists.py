"""The rows of a list as they are drawn: cells, all made before the template runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from trassa.access.queries import Actor
from trassa.api import Cursor
from trassa.records.queries import names_for
from trassa.records.screens.addresses import Address
from trassa.records.screens.cells import EMPTY, Cell, CellMaker, card_stem
from trassa.records.screens.columns import head_label
from trassa.records.screens.table_cells import cell_drawer, draw_row, title_drawer
from trassa.records.screens.tones import tone_of
from trassa.records.types import Record, RecordPage
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    id: int
    version: int
    url: str
    #: The cells in the order of the heads.
    cells: Markup


MakeRecordCell = Callable[[Record], Cell]


def make_lines(actor: Actor, spec: TypeSpec, codes: Sequence[str], records: Sequence[Record]) -> list[Line]:
    """Rows of these records, in their order; names of everything they mention are read together."""
    fields = [spec.by_code[code] for code in codes if code in spec.by_code]
    cells = CellMaker(current_generation(), names_for(actor, records, fields))
    makers = [cell_of_column(spec, code, cells) for code in codes]
    drawers = [cell_drawer(head_label(spec, code), initials_only=code == "owner") for code in codes]
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
        "stage_due_at": lambda record: cells.moments.cell(record.stage_due_at),
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
    return replace(address, path=path).joined({"after": after})


def read_cursor(text: str, order: str) -> tuple[object, int] | None:
    """The `after` of a list; raises Invalid when it belongs to another order."""
    if not text:
        return None
    cursor = Cursor.decode(text, order=order, values=1)
    return cursor.values[0], cursor.id
