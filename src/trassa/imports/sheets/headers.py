"""Finds the headings of a sheet: below lines of title, and in two lines where cells are merged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trassa.imports.sheets.rows import Row

#: Lines among which headings are looked for.
LOOKED_AT = 30
#: Says how many of these headings mean something.
Score = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings stand: their first line, and in how many lines, 1 or 2."""

    line: int
    lines: int = 1

    @property
    def last(self) -> int:
        """The line below which values begin."""
        return self.line + self.lines - 1


def join_headings(rows: Sequence[Row]) -> tuple[str, ...]:
    """The headings in one or two lines: a merged cell counts for all columns below it.

    «Собственник» over «Имя» and «Телефон» gives «Собственник Имя» and «Собственник Телефон».
    """
    first, *below = [row.cells for row in rows]
    if not below:
        return first
    second = below[0]
    headings, group = [], ""
    for index in range(max(len(first), len(second))):
        upper = first[index] if index < len(first) else ""
        lower = second[index] if index < len(second) else ""
        # A merged cell reaches as far as cells below it are filled and none beside it begins.
        group = upper or (group if lower else "")
        headings.append(" ".join(part for part in (group, lower) if part))
    return tuple(headings)


def find_header(rows: Sequence[Row], score: Score) -> Heading:
    """The line (or two) with the most headings that mean something; failing that the first wide one."""
    rows = rows[:LOOKED_AT]
    best, found = 0, None
    for index, row in enumerate(rows):
        single = score(row.cells)
        if single > best:
            best, found = single, Heading(row.line)
        following = rows[index + 1] if index + 1 < len(rows) else None
        if following is not None and following.line == row.line + 1 and has_gaps(row, following):
            joined = join_headings((row, following))
            double = score(joined)
            if double > best or (double == best == single and score(below_filled(joined, row, following))):
                best, found = double, Heading(row.line, 2)
    return found or first_wide(rows)


def below_filled(joined: Sequence[str], upper: Row, lower: Row) -> list[str]:
    """The headings that both lines make: values below headings make none that mean something."""
    return [heading for index, heading in enumerate(joined) if upper.cell(index) and lower.cell(index)]


def has_gaps(upper: Row, lower: Row) -> bool:
    """Whether cells are filled below that are empty above, as below a merged cell."""
    return any(cell and not upper.cell(index) for index, cell in enumerate(lower.cells))


def first_wide(rows: Sequence[Row]) -> Heading:
    """The first line that fills at least half as many columns as the widest: a title fills one or two."""
    widths = [sum(1 for cell in row.cells if cell) for row in rows]
    most = max(widths, default=0)
    for row, width in zip(rows, widths, strict=True):
        if 2 * width >= most:
            return Heading(row.line)
    return Heading(1)
