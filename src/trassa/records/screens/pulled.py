"""What a form shows of the records that are chosen in it: the fields that come through their links."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from trassa.access.queries import Actor
from trassa.records.queries.lookups import look_up
from trassa.records.queries.names import NamesWanted
from trassa.records.screens.cells import Cell, CellMaker
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.ui import read_id


@dataclass(frozen=True, slots=True)
class Pulled:
    """One field of a chosen record, with the link that it comes through."""

    label: str
    link: str
    cell: Cell


def lookups_of(actor: Actor, spec: TypeSpec) -> list[FieldSpec]:
    """Fields that a form can show as soon as a record is chosen: those through a link to one record."""
    return [field for field in actor.visible_fields(spec) if field.through and field.through.has_column]


def pull_through(actor: Actor, spec: TypeSpec, given: QueryDict) -> Sequence[Pulled]:
    """Values of the chosen records, in the order of the fields; empty ones are left out."""
    lookups = lookups_of(actor, spec)
    links = {field.through.code: field.through.column for field in lookups if field.through}
    row = {column: read_id(given.get(code, "")) for code, column in links.items()}
    if not any(row.values()):
        return []
    found, _also = look_up(actor, lookups, [{"id": 0, **row}])
    wanted = NamesWanted()
    for field in lookups:
        wanted.add_value(field, found[field.code].get(0))
    cells = CellMaker(current_generation(), wanted.read(actor))
    made = [(field, cells.of_field(field)(found[field.code].get(0))) for field in lookups]
    return [
        Pulled(str(field.label), str(field.through.label if field.through else ""), cell)
        for field, cell in made
        if cell.text
    ]
