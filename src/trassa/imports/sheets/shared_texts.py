"""A workbook's table of texts, kept as bytes: a fraction of what as many Python strings would take."""

import re
from array import array
from typing import BinaryIO
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets.limits import LONGEST_CELL, MAX_SHARED_BYTES, refuse_broken
from trassa.imports.sheets.markup import local, stream_children

#: How workbooks write characters that XML has not: "_x000D_".
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedTexts:
    """Texts by their number in the table."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("L")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        """Raises FileUnreadable for a number that the table has not."""
        if not 0 <= index < len(self._ends):
            raise refuse_broken(_("a cell names a text that is not there"))
        end = self._ends[index]
        return self._bytes[self._ends[index - 1] if index else 0 : end].decode()

    def add(self, text: str) -> None:
        """Raises FileUnreadable when the table grows too large."""
        self._bytes += text.encode("utf-8", "replace")
        if len(text) > LONGEST_CELL or len(self._bytes) > MAX_SHARED_BYTES:
            raise FileUnreadable(_("The texts in this file are too long. Split it, or save it as CSV."))
        self._ends.append(len(self._bytes))


def read_shared_texts(stream: BinaryIO) -> SharedTexts:
    """The table of `sharedStrings.xml`; raises FileUnreadable."""
    texts = SharedTexts()
    for _read, items in stream_children(stream, ""):
        for item in items:
            texts.add(text_of(item))
    return texts


def text_of(item: Element) -> str:
    """The text of one entry, in one piece or in several of different looks; phonetic hints are none of it."""
    if len(item) == 1 and not len(item[0]):
        return unescaped(item[0].text or "")
    return "".join(
        unescaped(child.text or "") or run_text(child) for child in item if local(child.tag) in "tr"
    )


def run_text(run: Element) -> str:
    """The text of a piece with a look of its own."""
    if local(run.tag) != "r":
        return ""
    return "".join(unescaped(child.text or "") for child in run if local(child.tag) == "t")


def unescaped(text: str) -> str:
    """A text with characters for their codes; those that nobody can see are left out."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(int(found.group(1), 16)), text)


def _character(code: int) -> str:
    if code in (9, 10):
        return chr(code)
    return "" if code < 32 or 0xD800 <= code < 0xE000 else chr(code)
