"""A stored file as a spreadsheet: by what it was found to be, not by its name."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets.rows import Sheet, SheetName
from trassa.imports.sheets.texts import open_text_sheet
from trassa.imports.sheets.workbooks import open_workbook_sheet, workbook_sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTS = ("text/csv", "text/plain", "text/tab-separated-values")


def check_type(type: str) -> None:
    """Refuse what is neither a workbook nor a text; `type` is the media type found out from the content."""
    if type != XLSX and type not in TEXTS:
        raise FileUnreadable(
            _("This is neither XLSX nor CSV. Open it in a spreadsheet program and save it as XLSX.")
        )


def sheets_of(stream: BinaryIO, type: str) -> list[SheetName]:
    """The sheets of a file; raises FileUnreadable."""
    check_type(type)
    return workbook_sheets(stream) if type == XLSX else [SheetName("")]


def open_sheet(
    stream: BinaryIO, type: str, size: int, *, name: str = "", encoding: str = "", delimiter: str = ""
) -> Sheet:
    """The lines of one sheet, the first visible one without a name. Raises FileUnreadable, now or later."""
    check_type(type)
    if type == XLSX:
        return open_workbook_sheet(stream, name)
    return open_text_sheet(stream, size, encoding=encoding, delimiter=delimiter)
