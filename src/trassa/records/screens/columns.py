"""Columns of a list: which ones a person has, their heads, and the choice of others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from trassa.access.queries import Actor
from trassa.records.queries.arrangements import BASE, is_column
from trassa.records.queries.names import base_label
from trassa.records.screens.addresses import Address, write_columns
from trassa.records.screens.controls import is_editable
from trassa.records.types import Column
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, TypeSpec

_SORTED_BASE = {"number": "number", "created_at": "created_at", "updated_at": "updated_at"}
#: Pixels of a column without a width where others have one.
USUAL_WIDTH = 140


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head. `url` sorts by it, "" when nothing does; `direction` is "", "asc" or "desc"."""

    code: str
    label: str
    numeric: bool = False
    url: str = ""
    direction: str = ""
    #: Pixels, 0 when no column of the list has a width.
    width: int = 0
    #: Whether cells open for editing.
    is_editable: bool = False


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One line of the dialog: a column that the list has or may have."""

    #: With its width, as addresses write it.
    value: str
    label: str
    is_shown: bool


def list_columns(actor: Actor, spec: TypeSpec, address: Address) -> list[Column]:
    """The columns that this person's list has; a title always comes with it."""
    wanted = address.arrangement.columns or [Column(code) for code in spec.layouts.list_columns]
    columns = [each for each in wanted if is_column(actor, spec, each.code)]
    if not columns:
        columns = [Column(code) for code in ("title", "number", "owner", "created_at")]
    if all(each.code != "title" for each in columns):
        columns.insert(0, Column("title"))
    if any(each.width for each in columns):
        columns = [replace(each, width=each.width or USUAL_WIDTH) for each in columns]
    return columns


def is_usual(actor: Actor, spec: TypeSpec, address: Address) -> bool:
    """Whether an address asks for the very columns that the list has anyway."""
    bare = address.arranged(columns=())
    return list_columns(actor, spec, address) == list_columns(actor, spec, bare)


def column_choices(actor: Actor, spec: TypeSpec, address: Address) -> list[ColumnChoice]:
    """What can be shown: the columns of the list in their order, then all others."""
    shown = list_columns(actor, spec, address)
    codes = {each.code for each in shown}
    fields = [field.code for field in actor.visible_fields(spec)]
    others = [code for code in (*BASE, *fields) if code not in codes and is_column(actor, spec, code)]
    return [
        ColumnChoice(write_columns([each]), label_of(spec, each.code), each.code in codes)
        for each in [*shown, *map(Column, dict.fromkeys(others))]
    ]


def label_of(spec: TypeSpec, code: str) -> str:
    """What a column is called."""
    field = spec.by_code.get(code)
    if field and code not in BASE:
        return str(field.label)
    return str(spec.label) if code == "title" else base_label(code)


def head_label(spec: TypeSpec, code: str) -> str:
    """What stands above a column; short where it is narrow."""
    return pgettext("narrow column", "Owner") if code == "owner" else label_of(spec, code)


def make_heads(actor: Actor, spec: TypeSpec, columns: Sequence[Column], address: Address) -> list[Head]:
    """The heads; a click sorts, a second click turns the order round."""
    present = address.order.removeprefix("-")
    descending = address.order.startswith("-")
    heads = []
    for column in columns:
        code = column.code
        field = spec.by_code.get(code) if code not in BASE else None
        numeric = field is not None and field_kinds.get(field.displayed.kind).style == "num"
        url = direction = ""
        if is_sortable(field, code):
            direction = ("desc" if descending else "asc") if present == code else ""
            url = address.sorted_by(next_order(code, direction, numeric)).url
        editable = code == "owner" if field is None else is_editable(actor, field)
        heads.append(Head(code, head_label(spec, code), numeric, url, direction, column.width, editable))
    return heads


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
