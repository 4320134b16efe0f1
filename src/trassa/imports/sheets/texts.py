"""Tables in text files (CSV): in the usual encodings, with the usual delimiters, line by line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets.cells import clean_cell
from trassa.imports.sheets.limits import (
    CHUNK,
    LONGEST_CELL,
    LONGEST_LINE,
    MAX_COLUMNS,
    MAX_LINES,
    refuse_long_cell,
    refuse_long_file,
    refuse_long_line,
    refuse_wide_row,
)
from trassa.imports.sheets.rows import Row, Sheet

DELIMITERS = (";", ",", "\t", "|")
#: Encodings that people may choose from.
ENCODINGS = ("utf-8", "cp1251", "utf-16", "koi8-r", "cp866")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: A Russian letter in UTF-8; in the other encodings such pairs are rare.
_UTF8_LETTER = re.compile(rb"[\xd0\xd1][\x80-\xbf]")
_MOSTLY = 0.8
_ONE_BYTE = ("cp1251", "koi8-r", "cp866")
#: The most frequent letters of Russian; in a wrong encoding others take their places.
_FREQUENT = frozenset("оеаинтсрвлОЕАИНТСРВЛ")
_SAMPLE = 65_536
#: First line of files that say themselves what stands between cells.
_SAYS_DELIMITER = "sep="

csv.field_size_limit(LONGEST_CELL)


@dataclass(slots=True)
class _Place:
    """How far reading is."""

    #: The last row that is complete.
    line: int = 0
    #: Characters read since; a cell may hold several lines.
    pending: int = 0


def open_text_sheet(stream: BinaryIO, size: int, *, encoding: str = "", delimiter: str = "") -> Sheet:
    """The lines of a text file of so many bytes; encoding and delimiter are found out unless they are given.

    Raises FileUnreadable, also while lines are read.
    """
    check_choice(encoding, delimiter)
    encoding = encoding or detect_encoding(stream)
    delimiter = delimiter or detect_delimiter(sample_of(stream, encoding))
    stream.seek(0)
    return Sheet(
        rows=read_rows(stream, encoding, delimiter),
        done=lambda: stream.tell() / max(size, 1),
        encoding=encoding,
        delimiter=delimiter,
    )


def check_choice(encoding: str, delimiter: str) -> None:
    """Raise FileUnreadable for what nobody offered to choose."""
    if encoding and encoding.removesuffix("-sig") not in ENCODINGS:
        raise FileUnreadable(_("Choose one of these encodings: %s.") % ", ".join(ENCODINGS))
    if delimiter and delimiter not in DELIMITERS:
        raise FileUnreadable(_("Choose a semicolon, a comma, a tab or a vertical bar for the delimiter."))


def detect_encoding(stream: BinaryIO) -> str:
    """By their marks UTF-16 and UTF-8, UTF-8 when the whole file is, otherwise the likeliest Russian one."""
    stream.seek(0)
    start = stream.read(_SAMPLE)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    foreign = bytes(byte for byte in start if byte > 127)
    # Mostly UTF-8 with a broken place is no other encoding: reading stops at the place and names its line.
    if is_utf8(stream) or 2 * len(_UTF8_LETTER.findall(foreign)) > _MOSTLY * len(foreign):
        return "utf-8"
    return max(_ONE_BYTE, key=lambda encoding: likelihood(foreign.decode(encoding, "replace")))


def is_utf8(stream: BinaryIO) -> bool:
    """Whether every byte of the file fits."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def likelihood(text: str) -> int:
    """How Russian a text looks: lower case is commoner than upper."""
    return sum(
        (2 if character.islower() else 1) for character in text if character in _FREQUENT
    ) - text.count("\ufffd")


def sample_of(stream: BinaryIO, encoding: str) -> str:
    """The beginning of the file, up to the end of a line."""
    stream.seek(0)
    start = stream.read(_SAMPLE)
    text = start.decode(encoding, "replace").removeprefix("\ufeff")
    whole, newline, _rest = text.rpartition("\n")
    return whole if newline and len(start) == _SAMPLE else text


def detect_delimiter(sample: str) -> str:
    """The delimiter that splits the first lines into the most columns, the same number in most of them."""
    if sample[:4].lower() == _SAYS_DELIMITER and sample[4:5] in DELIMITERS:
        return sample[4]
    lines = [line for line in sample.splitlines(keepends=True) if line.strip()][:30] or [""]

    def quality(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(DELIMITERS, key=quality)


def read_rows(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[Row]:
    """Rows by their number as a spreadsheet program counts them: a cell with line breaks is in one line."""
    place = _Place()
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        reader = csv.reader(read_lines(text, place), delimiter=delimiter)
        for cells in reader:
            place.line, place.pending = place.line + 1, 0
            if place.line > MAX_LINES:
                raise refuse_long_file()
            if place.line == 1 and len(cells) == 2 and "".join(cells).lower() == _SAYS_DELIMITER:
                continue
            row = tuple([clean_cell(cell) for cell in cells])
            while row and not row[-1]:
                row = row[:-1]
            if len(row) > MAX_COLUMNS:
                raise refuse_wide_row(place.line)
            if row:
                yield Row(place.line, row)
    except csv.Error as error:
        raise refuse_long_cell(place.line + 1) from error
    finally:
        # Whoever opened the stream closes it.
        with suppress(ValueError):
            text.detach()


def read_lines(text: io.TextIOWrapper, place: _Place) -> Iterator[str]:
    """Lines of bounded length, without bytes that no text has; raises FileUnreadable with the line."""
    given = 0
    try:
        while line := text.readline(LONGEST_LINE):
            if "\0" in line:
                message = _("Line %s holds bytes that are no text. Save the file as CSV UTF-8 or XLSX.")
                raise FileUnreadable(message % (given + 1))
            place.pending += len(line)
            if place.pending > LONGEST_LINE or (len(line) == LONGEST_LINE and not line.endswith("\n")):
                raise refuse_long_line()
            given += 1
            yield line
    except UnicodeError as error:
        # A file without the mark of its encoding is no UTF-16 from its first line on.
        before = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
        number = given + 1 + before.count(b"\n")
        message = _("Line %(line)s is not in the encoding %(encoding)s. Save the file as CSV UTF-8 or XLSX.")
        named = {"line": number, "encoding": text.encoding.removesuffix("-sig").upper()}
        raise FileUnreadable(message % named) from error
