"""Search that finds something all the same: words with a slip of the finger, text in the wrong layout.

Only when nothing is found is another text tried. What is tried comes from the words of all open documents,
so it may stand in records that the person does not see; it is named only when it finds a record in sight.
See docs/decisions/0013-search.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from django.db import connection, transaction

from trassa.access.queries import Actor
from trassa.kernel import switch_layout
from trassa.records.queries.search import search, words_in
from trassa.records.types import Hit
from trassa.schema.types import TypeSpec

#: Shorter words are too near to too many others.
MIN_WORD, MAX_WORD = 4, 40
#: From this length on a word may have two slips.
LONG_WORD = 7
#: Other texts that are tried for one search, and words that are put right in it.
TRIES, CORRECTED_WORDS = 4, 4
#: Nearest words by trigrams among which the nearest by slips are looked for, and how many of those are kept.
CANDIDATES, OPTIONS = 40, 3
#: Share of common trigrams; two letters that changed places in a word of five leave as little.
SIMILARITY = {False: 0.2, True: 0.3}

_NEAR = f"""
SELECT wanted.word, near.word
FROM unnest(%s::text[]) AS wanted (word) CROSS JOIN LATERAL (
    SELECT word FROM records_word
    WHERE word %% wanted.word AND length(word) BETWEEN length(wanted.word) - %s AND length(wanted.word) + %s
    ORDER BY similarity(word, wanted.word) DESC, word LIMIT {CANDIDATES}
) AS near
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; `instead` is the text that found it when the given one found nothing, otherwise ""."""

    hits: list[Hit]
    instead: str = ""


def find_hits(
    actor: Actor, text: str, *, limit: int = 10, types: Sequence[TypeSpec] | None = None
) -> Findings:
    """The best answers to `text`, or to what was probably meant by it."""
    hits = search(actor, text, limit=limit, types=types)
    if hits:
        return Findings(hits)
    for other in other_texts(text):
        hits = search(actor, other, limit=limit, types=types)
        if hits:
            return Findings(hits, other)
    return Findings([])


def other_texts(text: str) -> Iterator[str]:
    """Texts that may be meant: in the other keyboard layout first, then with words put right."""
    switched = switch_layout(text)
    if len(switched) >= MIN_WORD - 1:
        yield switched
    yield from respelled(text)


def respelled(text: str) -> list[str]:
    """Texts with misspelt words replaced by known ones, those with the fewest slips first."""
    words = [fold(word) for word in words_in(text)]
    doubtful = [word for word in words if is_word(word)][:CORRECTED_WORDS]
    if not doubtful:
        return []
    near = near_words(doubtful)
    options = [near[word] if word in doubtful and near[word] else [(0, word)] for word in words]
    texts = sorted(
        (sum(slips for slips, _word in chosen), place, " ".join(word for _slips, word in chosen))
        for place, chosen in enumerate(product(*options))
    )
    return [other for slips, _place, other in texts if slips][:TRIES]


def near_words(words: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Known words near to these, each with its number of slips, the fewest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for is_long in (False, True):
        alike = [word for word in dict.fromkeys(words) if (len(word) >= LONG_WORD) is is_long]
        for word, other in known_words(alike, is_long=is_long):
            if (slips := slips_between(word, fold(other))) <= allowed_slips(word):
                found[word].append((slips, other))
    for word, options in found.items():
        found[word] = sorted(options)[:OPTIONS]
    return found


def known_words(words: Sequence[str], *, is_long: bool) -> list[tuple[str, str]]:
    """Pairs of a word and one that has many of its trigrams."""
    if not words:
        return []
    slips = 2 if is_long else 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {SIMILARITY[is_long]}")
        cursor.execute(_NEAR, [list(words), slips, slips])
        return list(cursor.fetchall())


def is_word(text: str) -> bool:
    """Whether this may be a misspelt word, and no number, VIN or abbreviation."""
    return text.isalpha() and MIN_WORD <= len(text) <= MAX_WORD


def fold(word: str) -> str:
    """A word as words are compared: ё is е, as it is in the index of words."""
    return word.lower().replace("ё", "е")


def allowed_slips(word: str) -> int:
    return 2 if len(word) >= LONG_WORD else 1


def slips_between(word: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or changed places with their neighbour.

    The distance of optimal string alignment: Boytsov, "Indexing methods for approximate dictionary
    searching", 2011, section 2.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, 1):
        earlier, before, row = before, row, [place]
        for at, second in enumerate(other, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != second))
            if place > 1 and at > 1 and letter == other[at - 2] and word[place - 2] == second:
                cost = min(cost, earlier[at - 2] + 1)
            row.append(cost)
    return row[-1]
