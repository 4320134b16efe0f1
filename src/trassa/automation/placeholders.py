"""Secrets within addresses and heads of calls: “{code}” in rules and logs, the value in what is sent."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,62})\}")


def codes_in(text: str) -> list[str]:
    """Codes of the secrets that a text asks for."""
    return _PLACE.findall(text)


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """A text with values in place of codes."""
    return _PLACE.sub(lambda found: value_of(found[1]), text)


def codes_of_call(given: Mapping[str, Any]) -> set[str]:
    """Codes of all secrets that the settings of a calling step name."""
    texts = [str(given.get("url", "")), *map(str, dict(given.get("headers") or {}).values())]
    signing = {str(given["secret"])} if given.get("secret") else set()
    return signing | {code for text in texts for code in codes_in(text)}
