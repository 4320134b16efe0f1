"""Workbooks (XLSX), read line by line from their XML.

python-calamine reads faster and openpyxl is well kept, but the one holds a whole sheet in memory, and as many
cells as a file declares, and the other takes five times as long. See docs/decisions/0024-imports.md.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets.limits import LONGEST_NAME, MAX_LINES, MAX_SHEETS, refuse_broken, refuse_long_file
from trassa.imports.sheets.lines import LineReader
from trassa.imports.sheets.markup import local, read_document, stream_children
from trassa.imports.sheets.numbers import Format, format_of
from trassa.imports.sheets.rows import Row, Sheet, SheetName
from trassa.imports.sheets.shared_texts import SharedTexts, read_shared_texts

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_SHARED = "xl/sharedStrings.xml"
_TRUE = ("1", "true")
#: What reading a damaged container raises.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    LookupError,
    ValueError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Book:
    """What is in a workbook, without its cells."""

    #: Sheets with the names of their entries, in order.
    sheets: tuple[tuple[SheetName, str], ...]
    from_1904: bool


def workbook_sheets(stream: BinaryIO) -> list[SheetName]:
    """The sheets of a workbook in order; raises FileUnreadable."""
    with opened(stream) as archive:
        return [sheet for sheet, _entry in read_book(archive).sheets]


def open_workbook_sheet(stream: BinaryIO, name: str) -> Sheet:
    """The lines of one sheet; of the first visible one without a name. Raises FileUnreadable."""
    with opened(stream) as archive:
        book = read_book(archive)
        entry = find_entry(book, name)
        size = archive.getinfo(entry).file_size
    done = [0]
    return Sheet(rows=read_lines(stream, book, entry, done), done=lambda: done[0] / max(size, 1))


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The container; whatever is wrong with it becomes FileUnreadable."""
    try:
        with zipfile.ZipFile(stream) as archive:
            yield archive
    except FileUnreadable:
        raise
    except _FAULTS as error:
        raise refuse_broken(error) from error


def read_book(archive: zipfile.ZipFile) -> Book:
    """Names of sheets and where they lie."""
    targets = read_targets(archive)
    document = read_entry(archive, _WORKBOOK)
    from_1904 = any(each.get("date1904") in _TRUE for each in named(document, "workbookPr"))
    sheets = []
    for each in named(document, "sheet"):
        relation = next((value for key, value in each.items() if key.endswith("}id")), "")
        if entry := targets.get(relation):
            hidden = each.get("state", "visible") != "visible"
            sheets.append((SheetName(each.get("name", ""), hidden), entry))
    if not sheets:
        raise FileUnreadable(_("There is no sheet in the file."))
    if len(sheets) > MAX_SHEETS or any(len(sheet.name) > LONGEST_NAME for sheet, _entry in sheets):
        message = _("There are too many sheets in the file, or their names are too long. Save one by itself.")
        raise FileUnreadable(message)
    return Book(tuple(sheets), from_1904)


def find_entry(book: Book, name: str) -> str:
    """The entry of the sheet with this name."""
    wanted = [entry for sheet, entry in book.sheets if sheet.name == name]
    shown = [entry for sheet, entry in book.sheets if not sheet.hidden]
    found = wanted if name else shown or [entry for _sheet, entry in book.sheets]
    if not found:
        raise FileUnreadable(
            _("There is no sheet “%(name)s” in the file.") % {"name": name}
            if name
            else _("There is no sheet in the file.")
        )
    return found[0]


def read_targets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Entries of worksheets by the ids under which the workbook names them."""
    known = set(archive.namelist())
    targets = {}
    for each in named(read_entry(archive, _RELATIONS), "Relationship"):
        target = each.get("Target", "")
        entry = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if each.get("Type", "").endswith("/worksheet") and entry in known:
            targets[each.get("Id", "")] = entry
    return targets


def read_entry(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as stream:
        return read_document(stream)  # type: ignore[arg-type]


def named(document: Element, name: str) -> Iterator[Element]:
    """All elements of a name, whatever their namespace."""
    return (element for element in document.iter() if local(element.tag) == name)


def read_formats(archive: zipfile.ZipFile) -> list[Format]:
    """What each style of cells makes of numbers."""
    if _STYLES not in archive.namelist():
        return []
    document = read_entry(archive, _STYLES)
    codes = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in named(document, "numFmt")}
    styles = next(named(document, "cellXfs"), ())
    return [format_of(int(each.get("numFmtId", 0)), codes) for each in styles]


def read_lines(stream: BinaryIO, book: Book, entry: str, done: list[int]) -> Iterator[Row]:
    """The lines of a sheet that are not empty; notes in `done` how many bytes have been read."""
    with opened(stream) as archive:
        reader = LineReader(read_texts(archive), read_formats(archive), from_1904=book.from_1904)
        with archive.open(entry) as cells:
            for read, elements in stream_children(cells, "sheetData"):  # type: ignore[arg-type]
                done[0] = read
                for element in elements:
                    row = reader.read(element)
                    if row is not None:
                        if row.line > MAX_LINES:
                            raise refuse_long_file()
                        yield row


def read_texts(archive: zipfile.ZipFile) -> SharedTexts:
    """The table of texts, empty where cells hold their texts themselves."""
    if _SHARED not in archive.namelist():
        return SharedTexts()
    with archive.open(_SHARED) as stream:
        return read_shared_texts(stream)  # type: ignore[arg-type]
