"""XML of workbooks. Elements are taken off the tree as soon as they are complete, so it never grows.

The tree is built in C; a handler in Python for every tag took twice as long. Document types, deep nesting and
endless elements are refused.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from django.utils.translation import gettext as _

from trassa.imports.errors import FileUnreadable
from trassa.imports.sheets.limits import (
    CHUNK,
    MAX_DOCUMENT,
    MAX_ELEMENTS,
    MAX_PENDING,
    refuse_broken,
    refuse_long_line,
)


class _Growth:
    """Makes the elements of a tree and counts them; the first one is the root."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.room = MAX_ELEMENTS

    def make(self, tag: str, attributes: dict[str, str]) -> Element:
        self.room -= 1
        if self.room < 0:
            raise refuse_broken("XML")
        element = Element(tag, attributes)
        if self.root is None:
            self.root = element
        return element


def local(name: str) -> str:
    """A tag or an attribute without its namespace."""
    return name.rpartition("}")[2]


def read_document(stream: BinaryIO) -> Element:
    """A small document as a tree; raises FileUnreadable."""
    growth = _Growth()
    parser = XMLParser(target=TreeBuilder(element_factory=growth.make))
    read = 0
    for chunk in chunks_of(stream):
        read += len(chunk)
        if read > MAX_DOCUMENT:
            raise refuse_broken("XML")
        feed(parser, chunk)
    if growth.root is None:
        raise refuse_broken("XML")
    return growth.root


def stream_children(stream: BinaryIO, container: str) -> Iterator[tuple[int, Sequence[Element]]]:
    """The children of one element below the root ("" for the root itself), as they come.

    Gives, piece by piece, the bytes read so far and the children that have been completed since; they are
    gone from the tree afterwards. Raises FileUnreadable.
    """
    growth = _Growth()
    parser = XMLParser(target=TreeBuilder(element_factory=growth.make))
    read = taken = 0
    for chunk in chunks_of(stream):
        read += len(chunk)
        feed(parser, chunk)
        found = find_container(growth.root, container)
        complete = found[:-1] if found is not None else []
        if complete:
            assert found is not None
            yield read, complete
            del found[: len(complete)]
            taken, growth.room = read, MAX_ELEMENTS
        elif read - taken > MAX_PENDING:
            raise refuse_long_line()
    found = find_container(growth.root, container)
    if found is not None:
        yield read, found[:]


def find_container(root: Element | None, name: str) -> Element | None:
    if root is None or not name:
        return root
    return next((child for child in root if local(child.tag) == name), None)


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a document that declares no document type; raises FileUnreadable."""
    guard = expat.ParserCreate()
    begun = False

    def begin(*_element: object) -> None:
        nonlocal begun
        begun = True

    guard.StartElementHandler, guard.StartDoctypeDeclHandler = begin, refuse_document_type
    while chunk := stream.read(CHUNK):
        if not begun:
            try:
                guard.Parse(chunk, False)
            except expat.ExpatError as error:
                raise refuse_broken(error) from error
        yield chunk


def feed(parser: XMLParser, chunk: bytes) -> None:
    try:
        parser.feed(chunk)
    except ParseError as error:
        raise refuse_broken(error) from error


def refuse_document_type(*_declared: object) -> None:
    raise FileUnreadable(
        _("The file declares a document type, which no spreadsheet program does. Save it anew.")
    )
