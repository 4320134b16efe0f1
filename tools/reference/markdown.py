"""Markdown as the reference pages use it."""

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 118


def paragraph(text: str) -> str:
    """The text in lines of bounded length."""
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def code(text: object) -> str:
    """Text as code; nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; line breaks and bars inside cells do no harm."""
    lines = [_row(head), "|" + "---|" * len(head)]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(' '.join(str(cell).split()).replace('|', chr(92) + '|') for cell in cells)} |"


def page(title: str, *parts: str) -> str:
    """A whole page; says where it comes from."""
    note = "<!-- Made from the code by `make docs`. Do not edit. -->"
    return "\n\n".join([f"# {title}", note, *(part for part in parts if part)]) + "\n"


def first_sentence(doc: str | None) -> str:
    """The first line of a docstring."""
    return (doc or "").strip().partition("\n")[0].strip()
