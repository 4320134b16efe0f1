"""The table of distinct words by which search puts misspelt ones right.

A write only notes the open text of its documents (`records_fresh_text`): learning there would make writers
of the same new word wait for each other. A job takes the notes. Words of restricted fields are never noted.
"""

import re
from collections.abc import Iterable

from django.db import connection, transaction

from trassa.records.queries.spelling import is_word

#: Notes that are taken in one transaction.
CHUNK = 2_000

_WORD = re.compile(r"\w+")
_TAKE = """
DELETE FROM records_fresh_text WHERE id IN (
    SELECT id FROM records_fresh_text ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING text
"""
_LEARN = "INSERT INTO records_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
_FORGET = """
WITH present AS MATERIALIZED (
    SELECT word FROM ts_stat('SELECT words FROM records_search WHERE field_id = 0')
)
DELETE FROM records_word AS known WHERE NOT EXISTS (
    SELECT FROM present
    WHERE present.word = (tsvector_to_array(to_tsvector('russian', known.word)))[1]
)
"""


def learn_words() -> int:
    """Take all notes into the table of words; gives how many texts there were."""
    taken = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TAKE, [CHUNK])
            texts = [text for (text,) in cursor.fetchall()]
            if texts:
                cursor.execute(_LEARN, [distinct_words(texts)])
        taken += len(texts)
        if len(texts) < CHUNK:
            return taken


def distinct_words(texts: Iterable[str]) -> list[str]:
    """The words that a search may mean, in lower case, sorted: writers of one order do not deadlock."""
    return sorted({word for text in texts for word in _WORD.findall(text.lower()) if is_word(word)})


def forget_words() -> int:
    """Drop words that no open document has any more, such as the name of a deleted person; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)
