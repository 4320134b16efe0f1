"""What a content is, found out from the content; the name is believed only where it agrees.

Signatures are those of the library `filetype`; containers (ZIP, OLE) and texts are looked into here.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

import filetype  # type: ignore[import-untyped]
import olefile
from django.utils.translation import gettext as _
from PIL import Image

from trassa.records.contents import types
from trassa.records.contents.archives import inspect_archive, refuse_macros
from trassa.records.contents.names import extension_of
from trassa.records.contents.refusals import refuse
from trassa.records.contents.types import (
    BY_EXTENSION,
    MACRO_EXTENSIONS,
    MAX_PIXELS,
    PROGRAMS,
    TEXTS,
    UNKNOWN,
    FileType,
)

#: Bytes from which signatures are recognised.
_HEAD = 8192

_PROGRAM_SIGNATURES = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\0asm",
    b"#!",
    b"\xef\xbb\xbf#!",
    b"<?php",
    b"L\0\0\0\x01\x14\x02\0",
    b"!<arch>\ndebian",
    b"\xed\xab\xee\xdb",
    b"[InternetShortcut]",
    b"ITSF",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS = {b"{\\rtf": types.RTF, b"%PDF-": types.PDF}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_INSTALLER = "000C1084-0000-0000-C000-000000000046"
_OLE_TYPES = (
    ("WordDocument", types.DOC),
    ("Workbook", types.XLS),
    ("Book", types.XLS),
    ("PowerPoint Document", types.PPT),
    ("__properties_version1.0", types.MSG),
)
#: Object identifier of signed data (PKCS #7), in DER and in its text form.
_SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_SIGNED_TEXT = (b"-----BEGIN PKCS7", b"-----BEGIN CMS", b"-----BEGIN SIGN")
_HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    rb"<(!doctype\s+html|html|head|body|script|iframe|meta|title|style|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(
    rb"\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b",
    re.IGNORECASE | re.DOTALL,
)
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
#: What `filetype` calls some types.
_ALIASES = {
    "application/x-rar-compressed": types.RAR,
    "image/heif": types.HEIC,
    "image/x-icon": types.ICON,
    "audio/x-wav": types.WAV,
    "audio/x-flac": types.FLAC,
    "audio/m4a": types.M4A,
    "video/x-m4v": types.MP4,
    "video/x-matroska": types.WEBM,
    "video/x-ms-asf": types.WMV,
    "audio/x-ms-wma": types.WMV,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a content turned out to be; width and height in pixels of a verified raster, else None."""

    type: FileType
    width: int | None = None
    height: int | None = None


def inspect_content(file: BinaryIO, size: int, name: str) -> Found:
    """Find out the type of a content that came under this (clean) name.

    Raises Invalid for an empty file, for what is refused whatever it is called (programs, macros, bombs),
    and for a content that is not what its name says.
    """
    if size == 0:
        raise refuse("empty", _("The file is empty. Choose another one."))
    check_extension(extension_of(name))
    found = find_type(file, size)
    agreed = agree(found, extension_of(name))
    return measure(file, agreed) if agreed.raster else Found(agreed)


def check_extension(extension: str) -> None:
    """Refuse names of programs and of office files with macros."""
    if extension in PROGRAMS:
        raise refuse("program", _("Programs and scripts (.%s) are not kept here.") % extension)
    if extension in MACRO_EXTENSIONS:
        raise refuse_macros()


def find_type(file: BinaryIO, size: int) -> FileType:
    """The type by content alone, UNKNOWN when nothing is recognised; raises Invalid for what is refused."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(_PROGRAM_SIGNATURES) or (head.startswith(b"MZ") and find_text(head) is None):
        raise refuse("program", _("This is a program or a script. Programs are not kept here."))
    if head.startswith(_ZIP):
        return inspect_archive(file, size)
    if head.startswith(_OLE):
        return inspect_compound(file)
    for beginning, found in _BEGINNINGS.items():
        if head.lstrip().startswith(beginning):
            return found
    # Texts first: some signatures are two letters, and a table may well begin with "BMW".
    if (text := find_text(head)) is not None:
        return text
    code = getattr(filetype.guess(head), "mime", "")
    return _ALIASES.get(code) or types.type_of_code(code)


def find_text(head: bytes) -> FileType | None:
    """Signatures, pages and plain texts; None for bytes that are no text."""
    if (head.startswith(b"\x30") and _SIGNED in head[:40]) or head.startswith(_SIGNED_TEXT):
        return types.SIGNATURE
    encoding = next((name for bom, name in _BOMS.items() if head.startswith(bom)), None)
    if encoding == "utf-16":
        plain = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    else:
        plain = head.removeprefix(b"\xef\xbb\xbf")
    if _CONTROLS.search(plain):
        return None
    if _SVG.match(plain):
        return types.SVG
    if _HTML.match(plain):
        return types.HTML
    return types.TEXT


def inspect_compound(file: BinaryIO) -> FileType:
    """An office file of before 2007, a mail, or something else in an OLE container."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as compound:
            streams = {"/".join(path) for path in compound.listdir(streams=True, storages=True)}
            installer = compound.root is not None and compound.root.clsid == _INSTALLER
    except (OSError, ValueError, IndexError, AttributeError, RecursionError) as problem:
        raise refuse("broken", _("The file is damaged. Save it anew and send that.")) from problem
    if installer:
        raise refuse("program", _("This is a program. Programs are not kept here."))
    parts = {part.lower() for path in streams for part in path.split("/")}
    if parts & {"_vba_project", "vba", "_vba_project_cur", "macros"}:
        raise refuse_macros()
    if "encryptedpackage" in parts:
        raise refuse(
            "encrypted",
            _("The file is protected with a password, so it cannot be checked. Send it without one."),
        )
    return next((found for stream, found in _OLE_TYPES if stream in streams), UNKNOWN)


def agree(found: FileType, extension: str) -> FileType:
    """The type that content and name agree on; raises Invalid when the name says something else."""
    expected = BY_EXTENSION.get(extension, ())
    if found is types.TEXT:
        # A text is what its name says, as long as the name speaks of a text.
        texts = [each for each in expected if each in (*TEXTS, types.HTML, types.SIGNATURE)]
        if texts:
            return texts[0]
    if not expected or found in expected:
        return found
    if found is UNKNOWN:
        message = _("By its name this is %(name)s, but it cannot be read as that. Send the original file.")
        raise refuse("wrong_type", message % {"name": expected[0]})
    message = _("By its name this is %(name)s, inside it is %(content)s. Give it the right name.")
    raise refuse("wrong_type", message % {"name": expected[0], "content": found})


def measure(file: BinaryIO, found: FileType) -> Found:
    """Width and height of a raster whose header holds; without them it is kept but not shown."""
    file.seek(0)
    try:
        with Image.open(file, formats=[found.code.removeprefix("image/").upper()]) as image:
            width, height = image.size
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return Found(found)
    if width * height > MAX_PIXELS:
        return Found(found)
    return Found(found, width, height)
