"""Keyboard layouts: what the same keys give in the other alphabet."""

import re

_ENGLISH = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN = str.maketrans(_ENGLISH + '~{}:"<>', _RUSSIAN + "ёхъжэбю")
_TO_ENGLISH = str.maketrans(_RUSSIAN, _ENGLISH)
_LATIN, _CYRILLIC = re.compile(r"[a-z]", re.IGNORECASE), re.compile(r"[а-яё]", re.IGNORECASE)


def switch_layout(text: str) -> str:
    """What the same keys give in the other layout, "ghbdtn" → "привет"; "" when both alphabets are mixed."""
    latin, cyrillic = _LATIN.search(text), _CYRILLIC.search(text)
    if bool(latin) is bool(cyrillic):
        return ""
    return text.strip().lower().translate(_TO_RUSSIAN if latin else _TO_ENGLISH)
