"""When two names mean the same: the same words in any order and any case of declension."""

import re
from functools import lru_cache
from threading import Lock

from snowballstemmer import stemmer

#: What precedes every key of a name, so that it never equals a phone or a number.
PREFIX = "~"
_WORD = re.compile(r"\w+")
_STEMMER = stemmer("russian")
#: The stemmer keeps the word in hand in itself, so threads take turns.
_TURN = Lock()
#: Legal forms and titles say nothing about who it is.
_IGNORED = {"ооо", "оао", "ао", "зао", "пао", "ип", "нко", "ltd", "llc", "inc", "gmbh"}


def name_key(name: str) -> str:
    """Sorted stems of the words: «Иванов Пётр» and «Петром Ивановым» are one key; "" for a single letter.

    A single word is no name that tells anybody apart, so it gives no key unless it is long.
    """
    words = [word for word in _WORD.findall(name.casefold().replace("ё", "е")) if word not in _IGNORED]
    if sum(len(word) for word in words) < 5:
        return ""
    return PREFIX + " ".join(sorted(map(stem, words)))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The part of a word that stays when it is declined; names repeat, and stemming takes its time."""
    with _TURN:
        return str(_STEMMER.stemWord(word))
