"""The bin on screen: its rows in words, and the types that have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.api import Cursor
from trassa.kernel import FieldError, Invalid
from trassa.people.queries import names_of
from trassa.records.queries.bins import Binned, uses_bin
from trassa.records.queries.known import list_types
from trassa.schema.types import TypeSpec
from trassa.ui import date_exact, date_short

ORDER = "bin"


@dataclass(frozen=True, slots=True)
class BinLine:
    """One row."""

    id: int
    url: str
    title: str
    number: str
    at: str
    at_exact: str
    #: "" when nobody is known.
    by: str
    by_id: int | None
    #: Where a merge can be taken back; such a row cannot be restored.
    merge_url: str = ""
    merged: str = ""


@dataclass(frozen=True, slots=True)
class TypeTab:
    """A type whose bin the person uses."""

    label: str
    url: str
    active: bool


def make_bin_lines(spec: TypeSpec, found: Sequence[Binned]) -> list[BinLine]:
    """Rows of these records, in their order."""
    names = names_of(each.binned_by_id for each in found if each.binned_by_id is not None)
    return [
        BinLine(
            id=each.id,
            url=reverse("records:card", args=[spec.code, each.id]),
            title=each.title,
            number=each.number,
            at=date_short(each.binned_at),
            at_exact=date_exact(each.binned_at),
            by=names.get(each.binned_by_id or 0, ""),
            by_id=each.binned_by_id,
            merge_url=merge_url_of(spec, each),
            merged=merged_words(each),
        )
        for each in found
    ]


def merge_url_of(spec: TypeSpec, binned: Binned) -> str:
    """The card that a record became part of, which offers to take the merge back."""
    if binned.survivor_id is None or not binned.survivor_title:
        return ""
    return f"{reverse('records:card', args=[spec.code, binned.survivor_id])}?merged={binned.id}"


def merged_words(binned: Binned) -> str:
    if binned.survivor_id is None:
        return ""
    if not binned.survivor_title:
        return _("Merged into a record that you do not see")
    return _("Merged into “%(name)s”") % {"name": binned.survivor_title}


def make_type_tabs(actor: Actor, shown: TypeSpec) -> list[TypeTab]:
    """The bins of all types that the person uses."""
    return [
        TypeTab(str(spec.plural), reverse("records:type_bin", args=[spec.code]), spec.id == shown.id)
        for spec in list_types(actor)
        if uses_bin(actor, spec)
    ]


def write_place(place: tuple[datetime, int] | None) -> str | None:
    """Behind which record the next page begins, as addresses carry it."""
    return None if place is None else Cursor(ORDER, place[1], (place[0].isoformat(),)).encode()


def read_place(text: str) -> tuple[datetime, int] | None:
    """The inverse; raises Invalid for what is no such place."""
    if not text:
        return None
    cursor = Cursor.decode(text, order=ORDER, values=1)
    try:
        moment = datetime.fromisoformat(str(cursor.values[0]))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = _("Begin again without a cursor: this one does not belong to this list.")
        raise Invalid(message, errors=[FieldError("cursor", "invalid_cursor", message)])
    return moment, cursor.id
