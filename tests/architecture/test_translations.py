"""Russian is what people read: each text in a room's code has its translation in the room's catalogue."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from tests.architecture.source import PACKAGE, ROOT

ROOMS = sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__")


@cache
def extracted(room: str) -> Catalog:
    """The texts in a room's code, found the way `make messages` finds them."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    [words] = re.findall(r"^KEYWORDS := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    keywords = DEFAULT_KEYWORDS | parse_keywords(words.replace("-k ", "").split())
    found = Catalog()
    for path, line, text, _comments, context in extract_from_dir(PACKAGE / room, methods, options, keywords):
        found.add(text, locations=[(path, line)], context=context)
    return found


def catalogue(room: str) -> Catalog:
    """The room's Russian catalogue; an empty one when there is none."""
    path = PACKAGE / room / "locale" / "ru" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog("ru")
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def messages(found: Catalog) -> Iterator[Message]:
    """Without the header."""
    return (message for message in found if message.id)


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_has_a_russian_translation(room: str) -> None:
    russian = catalogue(room)
    missing = [
        f"{Path(room) / path}:{line} {message.id!r}"
        for message in messages(extracted(room))
        if not is_translated(russian.get(message.id, message.context))
        for path, line in message.locations[:1]
    ]
    assert not missing, "Translate these (`make messages` adds them):\n" + "\n".join(missing)


@pytest.mark.parametrize("room", ROOMS)
def test_no_translation_outlives_its_text(room: str) -> None:
    texts = extracted(room)
    stale = [
        message.id for message in messages(catalogue(room)) if not texts.get(message.id, message.context)
    ]
    assert not stale, "No code says this any more; run `make messages`:\n" + "\n".join(map(str, stale))


@pytest.mark.parametrize("room", ROOMS)
def test_a_translation_fills_in_what_its_text_does(room: str) -> None:
    russian = catalogue(room)
    faults = [f"{message.id!r}: {fault}" for message in messages(russian) for fault in message.check(russian)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("room", ROOMS)
def test_a_count_has_three_russian_forms(room: str) -> None:
    short = [
        message.id
        for message in messages(catalogue(room))
        if message.pluralizable and len([form for form in message.string or () if form]) != 3
    ]
    assert not short


def test_the_texts_of_python_and_of_templates_are_both_found() -> None:
    suffixes = {Path(path).suffix for message in extracted("records") for path, _line in message.locations}
    assert suffixes == {".py", ".html"}


def test_a_text_has_one_translation_in_all_rooms() -> None:
    """Django puts the catalogues of all rooms together: of two translations one would be lost."""
    found: dict[tuple[object, object], dict[str, str]] = {}
    for room in ROOMS:
        for message in messages(catalogue(room)):
            found.setdefault((message.context, str(message.id)), {})[str(message.string)] = room
    several = {key: words for key, words in found.items() if len(words) > 1}
    assert not several, f"Give one of them a context (pgettext), or translate them alike: {several}"
