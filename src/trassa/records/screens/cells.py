"""Values as screens show them: one `Cell` a value, made by a function chosen once a field.

Lists make hundreds of cells a page, so everything that depends on the field alone is decided before
the first row: the kind, the style, the labels of options.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from trassa.kernel import company_zone, today
from trassa.records.screens.tones import tone_of
from trassa.schema.registries import field_kinds
from trassa.schema.types import FieldSpec, Generation, Names
from trassa.ui import NO_BREAK_SPACE, avatar_color, date_exact, date_short, initials, short_name


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its text and how it is drawn. `style` is a macro's name in `records/cells.html`."""

    text: str = ""
    style: str = "text"
    #: Class of a chip or of an avatar.
    tone: str = ""
    url: str = ""
    #: The exact moment of a relative date.
    title: str = ""
    #: Letters in an avatar.
    initials: str = ""
    #: Several linked records or several options.
    parts: tuple["Cell", ...] = ()
    #: What stands behind the text: the period of a link.
    aside: str = ""
    #: Links of other times than today.
    rest: tuple["Cell", ...] = ()


EMPTY = Cell(style="empty")

MakeCell = Callable[[Any], Cell]


def card_stem(type_code: str) -> str:
    """What the addresses of a type's cards begin with; the record's id and a slash follow.

    Pages with many records ask once, because working out an address takes long.
    """
    return reverse("records:card", args=[type_code, 0]).removesuffix("0/")


class Moments:
    """Dates as cells: short and relative, exact on hover. Days repeat on a page, so they are written once."""

    def __init__(self) -> None:
        self._days: dict[date, tuple[str, str]] = {}
        self._zone = company_zone()
        self._today = today()

    def cell(self, value: date | datetime | None) -> Cell:
        """The cell of a date or a moment; it also takes None."""
        if value is None:
            return EMPTY
        if not isinstance(value, datetime):
            return Cell(*self._day(value))
        local = value.astimezone(self._zone)
        short, style, _tone, _url, exact = self._day(local.date())
        if abs((local.date() - self._today).days) <= 1:
            short = f"{short}{NO_BREAK_SPACE}{local:%H:%M}"
        return Cell(short, style, title=f"{exact}, {local:%H:%M:%S}")

    def _day(self, day: date) -> tuple[str, str, str, str, str]:
        """A cell's values for a day."""
        if day not in self._days:
            self._days[day] = date_short(day), date_exact(day)
        short, exact = self._days[day]
        return short, "date", "", "", exact


@dataclass(frozen=True, slots=True)
class CellMaker:
    """Makes the cells of one page; `names` has everything that its values refer to."""

    generation: Generation
    names: Names
    moments: Moments = field(default_factory=Moments)
    #: Cells of persons by their ids: few people own many records.
    _persons: dict[int, Cell] = field(default_factory=dict)

    def of_field(self, field: FieldSpec) -> MakeCell:
        """The function that makes cells of one field; it also takes None."""
        field = field.displayed
        match field.kind:
            case "choice":
                make = self._choice(field)
            case "multi_choice":
                make = self._several(self._choice(field))
            case "link":
                make = self._link(field)
            case "links":
                make = self._several(self._link(field))
            case "dated_link":
                make = self._periods(field)
            case "person":
                make = self.person
            case "files":
                make = files_cell
            case "date" | "datetime":
                make = self.moments.cell
            case _:
                make = self._plain(field)
        return make

    def _plain(self, field: FieldSpec) -> MakeCell:
        kind, names = field_kinds.get(field.kind), self.names
        text_of, style = kind.cell, kind.style

        def make(value: Any) -> Cell:
            if value is None:
                return EMPTY
            text = text_of(value, field, names)
            return Cell(text, style, url=kind.href(value)) if text else EMPTY

        return make

    def _choice(self, field: FieldSpec) -> MakeCell:
        cells = {
            option.id: Cell(str(option.label), "chip" if option.color else "text", tone_of(option.color))
            for option in field.options
        }
        return lambda value: cells.get(value, EMPTY)

    def _link(self, field: FieldSpec) -> MakeCell:
        target = self.generation.types_by_id.get(field.target_type_id or 0)
        titles = self.names.records
        if target is None:
            return lambda value: EMPTY
        stem = card_stem(target.code)

        def make(value: Any) -> Cell:
            title = titles.get(value)
            return Cell(title, "link", url=f"{stem}{value}/") if title else EMPTY

        return make

    def _periods(self, field: FieldSpec) -> MakeCell:
        """Links of today first, the latest of the others behind them; the text names those of today."""
        make_one, day = self._link(field), today()

        def make(values: Any) -> Cell:
            links = [(each, make_one(each.id)) for each in reversed(values or ())]
            made = [(each.holds_on(day), replace(cell, aside=str(each))) for each, cell in links if cell.text]
            now = tuple(cell for holds, cell in made if holds)
            rest = tuple(cell for holds, cell in made if not holds)
            text = ", ".join(cell.text for cell in now)
            return Cell(text, "periods", parts=now, rest=rest) if made else EMPTY

        return make

    @staticmethod
    def _several(make_one: MakeCell) -> MakeCell:
        def make(values: Any) -> Cell:
            parts = tuple(cell for cell in map(make_one, values or ()) if cell.text)
            return Cell(", ".join(cell.text for cell in parts), "several", parts=parts) if parts else EMPTY

        return make

    def person(self, value: int | None) -> Cell:
        """A person by id: avatar and name."""
        if value is None:
            return EMPTY
        if value not in self._persons:
            name = self.names.people.get(value)
            self._persons[value] = person_cell(value, name) if name else EMPTY
        return self._persons[value]


def person_cell(id: int, name: str) -> Cell:
    """A person with an avatar."""
    return Cell(short_name(name), "person", f"t{avatar_color(id)}", title=name, initials=initials(name))


def files_cell(value: Any) -> Cell:
    """How many files, up to three of their pictures; all names when hovered."""
    if not value:
        return EMPTY
    drawn = [each for each in value if each.preview == "made"][:3]
    parts = tuple(
        Cell(each.name, url=reverse("records:picture", args=[each.id, "thumbnail"])) for each in drawn
    )
    return Cell(str(len(value)), "files", title=", ".join(each.name for each in value), parts=parts)


def moment_cell(value: date | datetime | None) -> Cell:
    """One date alone."""
    return Moments().cell(value)
