"""What changing the kind of a field would do to its values: only between kinds that keep texts in one column.

Reads for administrators: nobody's rights limit them. Records in the bin keep what they hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from trassa.expressions import Kind as ValueKind
from trassa.schema.errors import ValueRefused
from trassa.schema.generations import current_generation
from trassa.schema.registries import FieldKind, field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

#: Values read at once.
_PORTION = 10_000


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that is none of the new kind, and the record that has it."""

    id: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """Values of a field as another kind of field."""

    kind: str
    #: Values in all.
    count: int = 0
    #: Record id → the text that the new kind keeps, where it differs.
    rewritten: Mapping[int, str] = field(default_factory=dict)
    #: Values that the new kind does not take.
    unfit: tuple[Unfit, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether the kind can change just now, value for value."""
        return not self.rewritten and not self.unfit


def is_convertible(before: str, after: str) -> bool:
    """Whether a field may change from one kind to another: both keep a text in a column of the type."""
    kinds = (field_kinds.find(before), field_kinds.find(after))
    return all(kind is not None and _keeps_text(kind) for kind in kinds)


def _keeps_text(kind: FieldKind) -> bool:
    return kind.storage == "column" and kind.expression is ValueKind.TEXT and not kind.automatic


def read_conversion(type_code: str, code: str, kind: str, settings: Mapping[str, Any]) -> Conversion:
    """What the values of an active field would be as another kind; `settings` are those it shall have."""
    spec = current_generation().types[type_code]
    facets = field_kinds.get(kind)
    defaults = {setting.name: setting.default for setting in facets.settings}
    shown = replace(spec.by_code[code], kind=kind, settings={**defaults, **settings})
    return _read(spec, shown, facets)


def _read(spec: TypeSpec, shown: FieldSpec, facets: FieldKind) -> Conversion:
    rewritten: dict[int, str] = {}
    unfit: list[Unfit] = []
    count = 0
    column = shown.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, number, {column} FROM {spec.table}"
            f" WHERE {column} IS NOT NULL AND deleted_at IS NULL ORDER BY id"
        )
        while rows := cursor.fetchmany(_PORTION):
            count += len(rows)
            for id, number, text in rows:
                kept = _kept(facets, shown, text)
                if kept is None:
                    unfit.append(Unfit(id, spec.format_number(number), text))
                elif kept != text:
                    rewritten[id] = kept
    return Conversion(shown.kind, count, rewritten, tuple(unfit))


def _kept(facets: FieldKind, shown: FieldSpec, text: str) -> str | None:
    """The text as the kind keeps it; None when it is no value of it."""
    try:
        value = facets.parse_import(text, shown)
    except ValueRefused:
        return None
    return value if isinstance(value, str) else None
