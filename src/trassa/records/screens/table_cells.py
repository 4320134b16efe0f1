"""Cells of a list as markup.

A page has hundreds of them, and drawn by a template they took a third of its time. Only what every list shows
is drawn here; everything else by the macro `cell` of `records/cells.html`.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from markupsafe import Markup

from trassa.records.screens.cells import Cell
from trassa.ui import macro

BLANK = '<td class="blank"></td>'

Draw = Callable[[Cell], str]


def draw_row(drawers: Sequence[Draw], cells: Sequence[Cell]) -> Markup:
    """The cells of one row."""
    return Markup("".join([draw(cell) for draw, cell in zip(drawers, cells, strict=True)]))


def cell_drawer(label: str, *, initials_only: bool = False) -> Draw:
    """The function that draws the cells of one column; narrow screens show its label beside each.

    `initials_only` leaves the names of persons to be read when hovered.
    """
    opening = f'<td data-label="{escape(label)}"'
    anything = macro("records/cells.html", "cell")
    known = {**STYLES, "person": avatar} if initials_only else STYLES

    def draw(cell: Cell) -> str:
        if cell.style == "empty":
            return BLANK
        inside = known.get(cell.style)
        return f"{opening}{inside(cell)}</td>" if inside else f"{opening}>{anything(cell)}</td>"

    return draw


def title_drawer(url: str, aside: str) -> Draw:
    """Draws the title of one record, which leads to its card; `aside` is its second line."""
    second = f'<span class="sub">{escape(aside)}</span>' if aside else ""
    return lambda cell: (
        f'<td class="name"><a href="{escape(url)}" data-panel>{escape(cell.text)}</a>{second}</td>'
    )


def link(cell: Cell) -> str:
    """A linked record, opened beside the list; the period of the link when hovered."""
    title = f' title="{escape(cell.aside)}"' if cell.aside else ""
    return f'<a href="{escape(cell.url)}" data-panel{title}>{escape(cell.text)}</a>'


def avatar(cell: Cell) -> str:
    """A person's initials, with the name when hovered or read aloud."""
    name = escape(cell.title)
    return (
        f'><span class="avatar {cell.tone}" title="{name}" role="img" aria-label="{name}">'
        f"{escape(cell.initials)}</span>"
    )


#: For each style: the rest of the opening tag and what stands inside.
STYLES: Mapping[str, Draw] = {
    "text": lambda cell: f">{escape(cell.text)}",
    "num": lambda cell: f' class="num">{escape(cell.text)}',
    "code": lambda cell: f' class="id">{escape(cell.text)}',
    "date": lambda cell: f' class="date" title="{escape(cell.title)}">{escape(cell.text)}',
    "chip": lambda cell: f'><span class="chip {cell.tone}">{escape(cell.text)}</span>',
    "link": lambda cell: f">{link(cell)}",
    "periods": lambda cell: f">{', '.join(map(link, cell.parts))}",
}
