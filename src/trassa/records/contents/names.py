"""Names of files as people send them, made safe to show, to store and to save anywhere.

A name never decides where a content lies, so a bad one can do no harm here; it could on the disk of whoever
saves the file, or mislead their eyes. What carries no meaning is left out, the rest stays as it was written.
"""

import re
import unicodedata

#: Characters of a name; longer ones lose the end of the stem and keep their extension.
MAX_CHARACTERS = 150
#: Bytes that file systems take.
MAX_BYTES = 240
#: Longer "extensions" are none.
_LONGEST_EXTENSION = 12

#: Control and format characters (zero width, right-to-left overrides), surrogates, private, unassigned ones.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")
#: Windows takes these for devices, whatever extension follows.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
NAMELESS = "file"


def clean_name(raw: str) -> str:
    """The name without folders, invisible characters, leading dots and what no file system takes.

    Never empty and never longer than MAX_CHARACTERS and MAX_BYTES.
    """
    visible = "".join(character for character in raw if character.isspace() or is_visible(character))
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", visible.rstrip("/\\ "))[-1])
    name = _SPACES.sub(" ", _FORBIDDEN.sub("_", name)).strip(" .")
    stem, extension = split_name(name)
    if _DEVICES.fullmatch(name.partition(".")[0].strip()):
        stem = f"_{stem}"
    return shorten(stem or NAMELESS, extension)


def is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE


def split_name(name: str) -> tuple[str, str]:
    """Stem and extension with its dot: ("Договор", ".pdf"); ("README", "")."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or not extension or len(extension) > _LONGEST_EXTENSION or " " in extension:
        return name, ""
    return stem.rstrip(" ."), f".{extension}"


def extension_of(name: str) -> str:
    """The extension in lower case without its dot, "" when there is none."""
    return split_name(name)[1].removeprefix(".").lower()


def shorten(stem: str, extension: str) -> str:
    """Stem and extension within the limits; the stem gives way, and never in the middle of a character."""
    stem = stem[: MAX_CHARACTERS - len(extension)]
    while len(f"{stem}{extension}".encode()) > MAX_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip(' .') or NAMELESS}{extension}"
