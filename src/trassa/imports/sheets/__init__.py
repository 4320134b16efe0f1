"""Spreadsheets as rows of text, read as they stream by: memory does not grow with the file.

Whatever a hostile file declares, only what is really there is read, and never more than `limits` at a time.
"""

from trassa.imports.sheets.cells import Broken, clean_cell, protect_cell, says_nothing
from trassa.imports.sheets.files import XLSX, open_sheet, sheets_of
from trassa.imports.sheets.headers import LOOKED_AT, Heading, find_header, join_headings
from trassa.imports.sheets.rows import Row, Sheet, SheetName
from trassa.imports.sheets.texts import DELIMITERS, ENCODINGS

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "LOOKED_AT",
    "XLSX",
    "Broken",
    "Heading",
    "Row",
    "Sheet",
    "SheetName",
    "clean_cell",
    "find_header",
    "join_headings",
    "open_sheet",
    "protect_cell",
    "says_nothing",
    "sheets_of",
]
