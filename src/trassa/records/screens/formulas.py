"""How the value of a formula came about, as one reader may know it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.expressions import Node, Printer, explain, write
from trassa.records.actions.formulas import formula_value
from trassa.records.queries import reader_scope, reader_style
from trassa.records.queries.expressions import read_values
from trassa.records.queries.formulas import find_progress
from trassa.records.queries.verdicts import sees_all
from trassa.records.screens.cells import Cell
from trassa.records.screens.explanations import Step, make_step
from trassa.records.types import Record
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec
from trassa.ui import date_short


@dataclass(frozen=True, slots=True)
class FormulaView:
    """A formula with its value for one record; `text` and `steps` are there for who sees all that it uses."""

    label: str
    cell: Cell
    text: str = ""
    steps: Step | None = None
    note: str = ""
    #: Records counted of all while old ones are being counted, "" otherwise.
    progress: str = ""


def make_formula(actor: Actor, spec: TypeSpec, record: Record, field: FieldSpec, cell: Cell) -> FormulaView:
    """What this reader is told about the formula of a field."""
    assert field.formula is not None
    progress = progress_in_words(spec, field)
    if not sees_all(actor, current_generation(), spec, field.formula):
        note = _("It is worked out from something that you do not see.")
        return FormulaView(str(field.label), cell, note=note, progress=progress)
    scope, style = reader_scope(actor), reader_style()
    values = read_values(actor, spec, record.id, field.formula)
    found = explain(field.formula, values, Printer(scope, spec.id, style), reader_id=None)
    differs = formula_value(field, values) != record.values.get(field.code)
    note = why_frozen(actor, spec, record, field)
    if not note and differs and not progress:
        note = why_different(field.frozen_when)
    return FormulaView(
        label=str(field.label),
        cell=cell,
        text=write(field.formula, scope, spec.id, style),
        steps=make_step(actor, found),
        note=note,
        progress=progress,
    )


def why_frozen(actor: Actor, spec: TypeSpec, record: Record, field: FieldSpec) -> str:
    """Since when and because of what the value stays; "" while it follows."""
    if field.code not in record.frozen or field.frozen_when is None:
        return ""
    moment = record.frozen[field.code]
    words = {"moment": date_short(moment) if moment else ""}
    if not sees_all(actor, current_generation(), spec, field.frozen_when):
        return (_("Fixed since %(moment)s.") if moment else _("The value is fixed.")) % words
    words["condition"] = write(field.frozen_when, reader_scope(actor), spec.id, reader_style())
    if moment is None:
        return _("Fixed, because: %(condition)s.") % words
    return _("Fixed since %(moment)s, because: %(condition)s.") % words


def why_different(frozen_when: Node | None) -> str:
    """Why the stored value is not what the reader would work out."""
    if frozen_when is None:
        return _("Part of it comes from records that you do not see.")
    return _("The value stays as it was.")


def progress_in_words(spec: TypeSpec, field: FieldSpec) -> str:
    """How many records have been counted, while they are being counted anew."""
    progress = find_progress(spec)
    if progress is None or field.id not in progress.field_ids:
        return ""
    counted = {"done": progress.done, "total": progress.total}
    return _("Records are being counted: %(done)s of %(total)s.") % counted
