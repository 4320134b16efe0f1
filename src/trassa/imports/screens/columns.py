"""What may be chosen for the columns of a file, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import fillable_fields, folded, labels_of
from trassa.imports.types import Column, ImportRun
from trassa.imports.validation import fillable_targets, keys_of_link
from trassa.records.queries import base_labels
from trassa.schema.queries import current_generation
from trassa.schema.types import FieldSpec, TypeSpec

#: A value and its words.
Choice = tuple[str, str]
#: Values of a column that are shown beside it.
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file: what it is called, what it holds, what it fills."""

    index: int
    #: As spreadsheet programs call it: A, B, … AA.
    letter: str
    heading: str
    samples: Sequence[str]
    target: str
    key: str
    #: What may identify the records that a column of links names.
    keys: Sequence[Choice]
    #: Why it cannot fill what its heading names.
    note: str = ""


def make_columns(run: ImportRun, columns: Sequence[Column], spec: TypeSpec, actor: Actor) -> list[ColumnLine]:
    """The columns that hold anything at all."""
    lines = []
    worked = worked_out(spec, actor)
    for index, column in enumerate(columns):
        samples = samples_of(run, index)
        if not (column.heading or samples or column.target):
            continue
        keys = key_choices(column, spec, actor)
        lines.append(
            ColumnLine(
                index,
                letter_of(index),
                column.heading,
                samples,
                column.target,
                column.key,
                keys,
                "" if column.target else worked.get(folded(column.heading), ""),
            )
        )
    return lines


def worked_out(spec: TypeSpec, actor: Actor) -> dict[str, str]:
    """Names of fields that no file fills because a formula does, with what to say of them."""
    fields = [field for field in actor.visible_fields(spec) if field.formula is not None]
    return {
        folded(name): _("“%s” is worked out by a formula: files do not fill it.") % field.label
        for field in fields
        for name in (*labels_of(field), field.code)
    }


def samples_of(run: ImportRun, index: int) -> list[str]:
    """The first different values of a column."""
    below = (row.cells for row in run.sample if row.line > run.source.heading.last)
    found = (cells[index] for cells in below if index < len(cells) and cells[index])
    return list(dict.fromkeys(found))[:SAMPLES]


def letter_of(index: int) -> str:
    """0 → "A", 26 → "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def label_of(code: str, spec: TypeSpec) -> str:
    """What people call a field or a base column."""
    field = spec.by_code.get(code)
    return str(field.label) if field else base_labels().get(code, code)


def target_choices(spec: TypeSpec, actor: Actor) -> list[Choice]:
    """Everything that a column may fill; what is required has an asterisk."""
    required = {field.code for field in required_fields(spec, actor)}
    codes = fillable_targets(actor, spec)
    return [(code, label_of(code, spec) + (" *" if code in required else "")) for code in codes]


def key_choices(column: Column, spec: TypeSpec, actor: Actor) -> list[Choice]:
    """How the records behind a link may be found; none for what is no link."""
    field = spec.by_code.get(column.target)
    if field is None or field.target_type_id is None:
        return []
    generation = current_generation()
    target = generation.types_by_id[field.target_type_id]
    codes = keys_of_link(column, spec, actor, generation)
    return [("", _("whatever fits")), *((code, label_of(code, target)) for code in codes)]


def required_fields(spec: TypeSpec, actor: Actor) -> list[FieldSpec]:
    """The fields without which no new record comes to be, and that nothing else fills."""
    return [
        field
        for field in fillable_fields(actor, spec)
        if field.required and field.default is None and field.default_formula is None
    ]
