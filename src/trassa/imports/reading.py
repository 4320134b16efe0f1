"""The table in the stored file of a run: what is looked at first, and its lines below the headings."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.imports.columns import Targets, count_known
from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets import (
    LOOKED_AT,
    XLSX,
    Row,
    Sheet,
    find_header,
    join_headings,
    open_sheet,
    sheets_of,
)
from trassa.imports.types import ImportRun, SampleRow, Source
from trassa.kernel import NotFound
from trassa.records.queries.files import open_content
from trassa.records.types import StoredFile

#: Characters of a cell that are kept for showing it.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Look:
    """A first look into a file."""

    sheets: Sequence[str]
    source: Source
    headings: Sequence[str]
    #: The first lines, headings and titles above them included.
    sample: Sequence[SampleRow]


def look_into(stream: BinaryIO, file: StoredFile, names: Targets, wanted: Source | None = None) -> Look:
    """Find the table in a file: its sheet, its headings, its first lines.

    What `wanted` names is taken as it is; without it the first visible sheet that is not empty is looked
    through for headings that mean something, and so is a sheet that is named without a line. Raises
    FileUnreadable.
    """
    sheets = sheets_of(stream, file.type)
    shown = [sheet.name for sheet in sheets if not sheet.hidden] or [sheet.name for sheet in sheets]
    candidates = [wanted.sheet] if wanted is not None else shown
    for name in candidates:
        source = replace(wanted or Source(), sheet=name if file.type == XLSX else "")
        sheet = open_source(stream, file, source)
        rows = list(islice(sheet.rows, LOOKED_AT))
        if rows:
            break
    else:
        raise FileUnreadable(_("The file is empty. The first row must hold the names of the columns."))
    if wanted is None or wanted.line == 0:
        heading = find_header(rows, lambda headings: count_known(headings, names))
        source = replace(source, line=heading.line, lines=heading.lines)
    source = replace(source, encoding=sheet.encoding, delimiter=sheet.delimiter)
    return Look([each.name for each in sheets], source, headings_of(rows, source), sample_of(rows))


def headings_of(rows: Sequence[Row], source: Source) -> tuple[str, ...]:
    """The headings of a table; raises FileUnreadable when there are none in this line."""
    lines = [row for row in rows if source.line <= row.line <= source.heading.last]
    if not lines or lines[0].line != source.line:
        raise FileUnreadable(_("There are no headings in line %s. Choose another line.") % source.line)
    headings = [str(heading)[:_SHOWN] for heading in join_headings(lines)]
    width = max((len(row.cells) for row in rows if row.line > source.heading.last), default=0)
    return (*headings, *[""] * (width - len(headings)))


def sample_of(rows: Sequence[Row]) -> list[SampleRow]:
    return [SampleRow(row.line, tuple(str(cell)[:_SHOWN] for cell in row.cells)) for row in rows]


def open_source(stream: BinaryIO, file: StoredFile, source: Source) -> Sheet:
    """The sheet that a source names."""
    return open_sheet(
        stream,
        file.type,
        file.size,
        name=source.sheet,
        encoding=source.encoding,
        delimiter=source.delimiter,
    )


@contextmanager
def opened_file(run: ImportRun, actor: Actor) -> Iterator[tuple[StoredFile, BinaryIO]]:
    """The stored file of a run; raises FileUnreadable when its time is over."""
    try:
        file, stream = open_content(actor, run.file_id or 0)
    except NotFound:
        message = _("The file is not kept any more. Upload it once again.")
        raise FileUnreadable(message) from None
    with closing(stream):
        yield file, stream


def rows_below(sheet: Sheet, source: Source, cursor: int) -> Iterator[Row]:
    """The lines of a table behind the cursor."""
    start = max(source.heading.last, cursor)
    return (row for row in sheet.rows if row.line > start and (source.hidden or not row.hidden))
