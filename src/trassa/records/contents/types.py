"""Types of contents: what we recognise, under which extensions it may come, how it is shown."""

from dataclasses import dataclass
from typing import Literal

#: Pictures with more pixels are neither shown nor drawn small.
MAX_PIXELS = 120_000_000

Group = Literal["image", "pdf", "document", "table", "slides", "text", "sound", "video", "archive", "other"]

#: Groups that the setting `types` of a field may name.
GROUPS: tuple[Group, ...] = (
    "image",
    "pdf",
    "document",
    "table",
    "slides",
    "text",
    "sound",
    "video",
    "archive",
    "other",
)


@dataclass(frozen=True, slots=True)
class FileType:
    """One type of content."""

    #: Media type such as "image/png".
    code: str
    #: How people call it: "PDF", "Word".
    name: str
    group: Group
    #: Extensions under which it may come; the first one is the usual one.
    extensions: tuple[str, ...]
    #: A picture whose raster Pillow verifies; browsers may show it themselves.
    raster: bool = False

    def __str__(self) -> str:
        return self.name


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

JPEG = FileType("image/jpeg", "JPEG", "image", ("jpg", "jpeg", "jfif", "jpe"), raster=True)
PNG = FileType("image/png", "PNG", "image", ("png",), raster=True)
GIF = FileType("image/gif", "GIF", "image", ("gif",), raster=True)
WEBP = FileType("image/webp", "WebP", "image", ("webp",), raster=True)
BMP = FileType("image/bmp", "BMP", "image", ("bmp", "dib"))
TIFF = FileType("image/tiff", "TIFF", "image", ("tiff", "tif"))
HEIC = FileType("image/heic", "HEIC", "image", ("heic", "heif", "heics"))
AVIF = FileType("image/avif", "AVIF", "image", ("avif",))
ICON = FileType("image/vnd.microsoft.icon", "ICO", "image", ("ico",))
SVG = FileType("image/svg+xml", "SVG", "other", ("svg",))

PDF = FileType("application/pdf", "PDF", "pdf", ("pdf",))
DOCX = FileType(f"{_OPEN_XML}.wordprocessingml.document", "Word", "document", ("docx", "dotx"))
XLSX = FileType(f"{_OPEN_XML}.spreadsheetml.sheet", "Excel", "table", ("xlsx", "xltx"))
PPTX = FileType(f"{_OPEN_XML}.presentationml.presentation", "PowerPoint", "slides", ("pptx", "ppsx", "potx"))
ODT = FileType(f"{_OPEN_DOCUMENT}.text", "OpenDocument", "document", ("odt", "ott"))
ODS = FileType(f"{_OPEN_DOCUMENT}.spreadsheet", "OpenDocument", "table", ("ods", "ots"))
ODP = FileType(f"{_OPEN_DOCUMENT}.presentation", "OpenDocument", "slides", ("odp", "otp"))
DOC = FileType("application/msword", "Word 97–2003", "document", ("doc", "dot", "wps"))
XLS = FileType("application/vnd.ms-excel", "Excel 97–2003", "table", ("xls", "xlt"))
PPT = FileType("application/vnd.ms-powerpoint", "PowerPoint 97–2003", "slides", ("ppt", "pps", "pot"))
MSG = FileType("application/vnd.ms-outlook", "Outlook", "document", ("msg",))
RTF = FileType("application/rtf", "RTF", "document", ("rtf", "doc"))
EPUB = FileType("application/epub+zip", "EPUB", "document", ("epub",))

TEXT = FileType("text/plain", "text", "text", ("txt", "log", "md", "text", "asc", "srt", "yml", "yaml"))
CSV = FileType("text/csv", "CSV", "table", ("csv", "tsv"))
JSON = FileType("application/json", "JSON", "text", ("json", "geojson"))
XML = FileType("application/xml", "XML", "text", ("xml", "xsd", "kml", "gpx"))
EML = FileType("message/rfc822", "e-mail", "text", ("eml",))
CALENDAR = FileType("text/calendar", "iCalendar", "text", ("ics",))
VCARD = FileType("text/vcard", "vCard", "text", ("vcf",))
HTML = FileType("text/html", "HTML", "other", ("html", "htm", "xhtml", "mht", "mhtml"))

MP3 = FileType("audio/mpeg", "MP3", "sound", ("mp3",))
WAV = FileType("audio/wav", "WAV", "sound", ("wav",))
OGG = FileType("audio/ogg", "Ogg", "sound", ("ogg", "oga", "opus", "ogv"))
M4A = FileType("audio/mp4", "M4A", "sound", ("m4a", "m4b", "aac", "mp4"))
FLAC = FileType("audio/flac", "FLAC", "sound", ("flac",))
AMR = FileType("audio/amr", "AMR", "sound", ("amr",))
AAC = FileType("audio/aac", "AAC", "sound", ("aac",))
MP4 = FileType("video/mp4", "MP4", "video", ("mp4", "m4v", "mov", "3gp", "m4a"))
MOV = FileType("video/quicktime", "QuickTime", "video", ("mov", "qt", "mp4"))
THREE_GP = FileType("video/3gpp", "3GP", "video", ("3gp", "3g2", "mp4"))
WEBM = FileType("video/webm", "WebM", "video", ("webm", "mkv", "mka"))
AVI = FileType("video/x-msvideo", "AVI", "video", ("avi",))
MPEG = FileType("video/mpeg", "MPEG", "video", ("mpg", "mpeg", "vob"))
WMV = FileType("video/x-ms-wmv", "WMV", "video", ("wmv", "wma", "asf"))

ZIP = FileType("application/zip", "ZIP", "archive", ("zip", "kmz"))
RAR = FileType("application/vnd.rar", "RAR", "archive", ("rar",))
SEVEN_ZIP = FileType("application/x-7z-compressed", "7-Zip", "archive", ("7z",))
GZIP = FileType("application/gzip", "gzip", "archive", ("gz", "tgz"))
BZIP2 = FileType("application/x-bzip2", "bzip2", "archive", ("bz2",))
XZ = FileType("application/x-xz", "xz", "archive", ("xz",))
TAR = FileType("application/x-tar", "tar", "archive", ("tar",))

SIGNATURE = FileType("application/pkcs7-signature", "signature", "other", ("sig", "p7s", "p7m", "sgn", "p7b"))
UNKNOWN = FileType("application/octet-stream", "", "other", ())

FILE_TYPES: dict[str, FileType] = {
    each.code: each for each in list(globals().values()) if isinstance(each, FileType)
}
#: Extensions that say what is inside; others say nothing and are taken with any content.
BY_EXTENSION: dict[str, tuple[FileType, ...]] = {
    extension: tuple(each for each in FILE_TYPES.values() if extension in each.extensions)
    for each in FILE_TYPES.values()
    for extension in each.extensions
}
#: Texts differ by their extension alone.
TEXTS = (TEXT, CSV, JSON, XML, EML, CALENDAR, VCARD)

_PROGRAMS = """
action app appimage application appref-ms appx apk asp aspx bas bash bat bin cgi chm cmd com command cpl
crx csh deb desktop dll dmg elf exe fish gadget hta img inf ins ipa iso jar jnlp job js jse jsp ksh lnk
mjs msc msi msix msp mst out phar php php3 php5 phtml pif pkg pl ps1 ps1xml psd1 psm1 py pyc pyw pyz rb
reg rpm run scf scr sct sh shb shs so sys url vb vbe vbs vhd vhdx wasm webloc workflow ws wsc wsf wsh xbap
xll zsh
"""
_MACRO_FILES = "docm dotm xlsm xltm xlam xlsb xla pptm potm ppsm ppam sldm wll ppa"
#: Programs, scripts and what starts them; images of disks, which hide where they come from.
PROGRAMS = frozenset(_PROGRAMS.split())
#: Office files that are made to carry macros.
MACRO_EXTENSIONS = frozenset(_MACRO_FILES.split())


def type_of_code(code: str) -> FileType:
    """The type with this media type; UNKNOWN for any other."""
    return FILE_TYPES.get(code, UNKNOWN)
