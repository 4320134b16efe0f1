"""A look into ZIP containers: archives, office files, books. Nothing is unpacked to disk.

Refused are bombs, names that lead out of the folder they are unpacked to, programs, macros, and office
files whose XML declares a document type: none needs one, and entities that expand to gigabytes hide there.
"""

import re
import stat
import struct
import zipfile
from collections.abc import Iterable
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from trassa.records.contents.names import extension_of, is_visible
from trassa.records.contents.refusals import refuse
from trassa.records.contents.types import (
    DOCX,
    EPUB,
    MACRO_EXTENSIONS,
    ODP,
    ODS,
    ODT,
    PPTX,
    PROGRAMS,
    XLSX,
    ZIP,
    FileType,
)

MAX_ENTRIES = 10_000
#: Unpacked bytes of all entries.
MAX_UNPACKED = 2 * 1024**3
#: Unpacked bytes for one packed byte, looked at from CALM bytes on.
MAX_RATIO = 200
CALM = 20 * 1024**2
#: Bytes within which the first element of an XML part must begin.
_PROLOG = 64 * 1024
#: Bytes of the list of parts in an office file.
_CONTENT_TYPES = 1024 * 1024
#: Bytes at the end within which a ZIP container describes itself, its comment included.
_TAIL = 70_000
#: Bytes of the directory that one entry may take on average.
_LONGEST_LINE = 1_000
_XML = (".xml", ".rels", ".vml")
_DRIVE = re.compile(r"^[A-Za-z]:")
_APPLICATIONS = {"AndroidManifest.xml", "META-INF/MANIFEST.MF", "AppManifest.xaml", "AppxManifest.xml"}
_MACRO_PARTS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|Basic/|Scripts/)", re.IGNORECASE)
_MACRO_CONTENT = b"macroEnabled"
_OFFICE: tuple[tuple[str, FileType], ...] = (
    ("word/", DOCX),
    ("xl/", XLSX),
    ("ppt/", PPTX),
)
_BY_MIMETYPE = {each.code: each for each in (ODT, ODS, ODP, EPUB)}


def inspect_archive(file: BinaryIO, size: int) -> FileType:
    """What kind of ZIP container this is; raises Invalid for what is refused."""
    try:
        check_directory(file, size)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            check_bulk(entries, size)
            for entry in entries:
                check_entry(entry)
            found = find_type(archive, {entry.filename for entry in entries})
            if found is not ZIP:
                check_office(archive, entries)
            else:
                check_programs(entries)
            return found
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError) as problem:
        message = _("The archive is damaged. Make it again and send it once more.")
        raise refuse("broken_archive", message) from problem


def check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a list of entries that alone would fill the memory, before it is read."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("no end of the directory")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    if (
        (wide := tail.rfind(b"PK\x06\x06")) >= 0
        and len(tail) >= wide + 56
        and 0xFFFF in (count, length >> 16)
    ):
        count, length = struct.unpack_from("<QQ", tail, wide + 32)
    if count > MAX_ENTRIES or length > MAX_ENTRIES * _LONGEST_LINE:
        raise refuse_bomb()


def refuse_bomb() -> Exception:
    message = _("Unpacked, this archive would be too large. Send its files one by one, or fewer of them.")
    return refuse("archive_bomb", message)


def check_bulk(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what would grow out of all proportion; `size` is that of the whole file."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    overlapping = packed > size
    swollen = unpacked > CALM and unpacked > MAX_RATIO * max(size, 1)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or overlapping or swollen:
        raise refuse_bomb()


def check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse names that lead elsewhere, links, and names with invisible characters."""
    name = entry.orig_filename.replace("\\", "/")
    leads_out = name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if leads_out or is_link or not all(is_visible(character) for character in name):
        raise refuse(
            "archive_path",
            _("The archive holds a name that leads out of its folder: “%(name)s”. Make it again.")
            % {"name": shown(name)},
        )


def check_programs(entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse archives with programs in them."""
    for entry in entries:
        extension = extension_of(entry.filename.rsplit("/", 1)[-1].rstrip(". "))
        if extension in PROGRAMS or extension in MACRO_EXTENSIONS:
            raise refuse(
                "program",
                _("There is a program in the archive: “%(name)s”. Take it out and send the rest.")
                % {"name": shown(entry.filename)},
            )


def find_type(archive: zipfile.ZipFile, names: set[str]) -> FileType:
    """An office file, a book, or a plain archive; applications are refused."""
    if names & _APPLICATIONS:
        raise refuse("program", _("This is a program. Programs are not kept here."))
    if "mimetype" in names:
        declared = read_start(archive, "mimetype", 100).decode("ascii", "replace").strip()
        return _BY_MIMETYPE.get(declared, ZIP)
    if "[Content_Types].xml" in names:
        for folder, found in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return found
    return ZIP


def check_office(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse macros and XML with a document type."""
    for entry in entries:
        if _MACRO_PARTS.search(entry.filename):
            raise refuse_macros()
        if entry.filename == "[Content_Types].xml":
            declared = read_start(archive, entry.filename, _CONTENT_TYPES).replace(b"\0", b"")
            if _MACRO_CONTENT in declared:
                raise refuse_macros()
        if entry.filename.lower().endswith(_XML):
            check_prolog(read_start(archive, entry.filename, _PROLOG))


def refuse_macros() -> Exception:
    message = _("There are macros in this file. Save it without macros (.docx, .xlsx) and send that.")
    return refuse("macros", message)


def check_prolog(beginning: bytes) -> None:
    """Refuse XML that declares a document type before its first element."""
    parser = expat.ParserCreate()
    seen: list[str] = []

    def stop(what: str) -> None:
        seen.append(what)
        raise StopIteration

    parser.StartDoctypeDeclHandler = lambda *_: stop("doctype")
    parser.StartElementHandler = lambda *_: stop("element")
    try:
        parser.Parse(beginning, False)
    except StopIteration:
        pass
    except expat.ExpatError:
        # Not XML at all: office programs will say so; what matters is that nothing is declared.
        seen.append("broken")
    if "doctype" in seen or not seen:
        raise refuse(
            "xml_bomb",
            _("The file declares a document type, which office files never do. Save it anew and send that."),
        )


def read_start(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of an entry."""
    with archive.open(name) as entry:
        return entry.read(size)


def shown(name: str) -> str:
    """A hostile name, fit for a sentence."""
    return "".join(character for character in name if is_visible(character))[-80:]
