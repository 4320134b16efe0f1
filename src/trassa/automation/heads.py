"""Heads of requests and answers as logs keep them: few, short, and without what opens doors."""

import re
from collections.abc import Iterable

#: Lines of a head that are kept, characters of a name and of a value.
MOST_LINES, LONGEST_NAME, LONGEST_VALUE = 30, 60, 200
MASK = "•••"
#: Names whose values are never kept.
_SECRET = re.compile(
    r"auth|cookie|token|secret|session|signature|password|api.?key|credential", re.IGNORECASE
)

Head = list[list[str]]


def kept_head(lines: Iterable[tuple[str, str]]) -> Head:
    """Names and values, secrets masked, both cut to a bearable length."""
    return [
        [name[:LONGEST_NAME], MASK if _SECRET.search(name) else shorten(str(value))]
        for name, value in [*lines][:MOST_LINES]
    ]


def shorten(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"
