"""Where the table lies in a file: its sheet, the line of its headings, how a text is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.imports.sheets import DELIMITERS, ENCODINGS, XLSX
from trassa.imports.types import ImportRun, SampleRow, Source

#: First lines of the file among which the headings are pointed at.
SHOWN = 12
#: Columns of them.
WIDE = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table lies, and what else could be chosen."""

    url: str
    words: str
    sheets: Sequence[str]
    sheet: str
    line: int
    lines: int
    hidden: bool
    rows: Sequence[SampleRow]
    #: Of a text file; empty for a workbook.
    encodings: Sequence[tuple[str, str]]
    encoding: str
    delimiters: Sequence[tuple[str, str]]
    delimiter: str
    error: str
    #: Somebody is at it.
    is_open: bool


def make_place(run: ImportRun, error: str, *, is_open: bool) -> Place:
    source, is_text = run.source, run.file_type != XLSX
    encoding = source.encoding.removesuffix("-sig")
    return Place(
        url=reverse("imports:place", args=[run.id]),
        words=in_words(run),
        sheets=run.sheets if len(run.sheets) > 1 else (),
        sheet=source.sheet,
        line=source.line,
        lines=source.lines,
        hidden=source.hidden,
        rows=[SampleRow(row.line, row.cells[:WIDE]) for row in run.sample[:SHOWN]],
        encodings=[(each, each.upper()) for each in ENCODINGS] if is_text else (),
        encoding=encoding,
        delimiters=[(each, delimiter_name(each)) for each in DELIMITERS] if is_text else (),
        delimiter=source.delimiter,
        error=error,
        is_open=is_open or bool(error),
    )


def delimiter_name(delimiter: str) -> str:
    names = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("vertical bar")}
    return names[delimiter]


def in_words(run: ImportRun) -> str:
    """ "sheet “Cars”, headings in lines 3–4"."""
    source = run.source
    parts = [_("sheet “%s”") % source.sheet] if len(run.sheets) > 1 else []
    if source.lines > 1:
        parts.append(
            _("headings in lines %(first)s–%(last)s") % {"first": source.line, "last": source.heading.last}
        )
    else:
        parts.append(_("headings in line %s") % source.line)
    return ", ".join(parts)


def read_place(sent: QueryDict, run: ImportRun) -> Source:
    """The place that a form names. On another sheet the headings are looked for."""
    source = run.source
    sheet = str(sent.get("sheet", source.sheet))
    line = str(sent.get("line", ""))
    found = replace(
        source,
        sheet=sheet,
        line=int(line) if line.isdecimal() and len(line) < 8 else source.line,
        lines=2 if sent.get("two") else 1,
        hidden="hidden" in sent,
        encoding=str(sent.get("encoding", source.encoding)),
        delimiter=str(sent.get("delimiter", source.delimiter)),
    )
    return found if sheet == source.sheet else replace(found, line=0, lines=1)
