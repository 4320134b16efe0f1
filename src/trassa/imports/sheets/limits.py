"""How much of a file is read at a time, and what no honest spreadsheet exceeds."""

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable

#: Characters of one cell; Excel's own limit is 32,767.
LONGEST_CELL = 100_000
#: Characters of all cells of a line together.
LONGEST_LINE = 1_000_000
#: Columns with something in them.
MAX_COLUMNS = 500
#: Sheets of a workbook, and characters of the name of one.
MAX_SHEETS, LONGEST_NAME = 1_000, 200
#: Lines of a sheet, Excel's own limit.
MAX_LINES = 1_048_576
#: Bytes of a workbook's table of texts, which is held in memory.
MAX_SHARED_BYTES = 96 * 1024**2
#: Bytes of a document that is read whole: the list of sheets, the styles.
MAX_DOCUMENT = 32 * 1024**2
#: Elements that are in memory at a time.
MAX_ELEMENTS = 400_000
#: Bytes in which a line or a text must end.
MAX_PENDING = 4 * 1024**2
#: Bytes read from a file at a time.
CHUNK = 64 * 1024


def refuse_long_cell(line: int) -> FileUnreadable:
    message = _("Line %(line)s has a cell with more than %(count)s characters. Is a quotation mark missing?")
    return FileUnreadable(message % {"line": line, "count": f"{LONGEST_CELL:,}".replace(",", "\u00a0")})


def refuse_long_line() -> FileUnreadable:
    message = _("A line of the file holds more than %s characters. Leave long texts out, or split the file.")
    return FileUnreadable(message % f"{LONGEST_LINE:,}".replace(",", "\u00a0"))


def refuse_wide_row(line: int) -> FileUnreadable:
    message = _("Line %(line)s has more than %(count)s columns. Leave out those that are not needed.")
    return FileUnreadable(message % {"line": line, "count": MAX_COLUMNS})


def refuse_long_file() -> FileUnreadable:
    return FileUnreadable(_("The file has too many lines. Split it and import the parts one by one."))


def refuse_broken(detail: object) -> FileUnreadable:
    message = _("The file is damaged: %(detail)s. Open it in a spreadsheet program and save it anew.")
    return FileUnreadable(message % {"detail": str(detail)[:200]})
