"""Several reads in one round trip: for what every card and every write asks for."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

#: A statement with its parameters.
Read = tuple[str, Sequence[Any]]
#: For each statement its rows.
Answers = list[list[tuple[Any, ...]]]


def read_together(reads: Sequence[Read]) -> Answers:
    """The rows of each statement. They run in their order, each seeing what is committed when it begins."""
    if not reads:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(text for text, _parameters in reads),
            [value for _text, parameters in reads for value in parameters],
        )
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found
