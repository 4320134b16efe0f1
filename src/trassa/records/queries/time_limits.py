"""How long the database may think about a condition that somebody wrote.

An expression is bounded in size, but over a million records a few functions of every linked one can still
take minutes. Nobody waits for a page that long, and nobody else should.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid
from trassa.records.types import ListQuery

P = ParamSpec("P")
T = TypeVar("T")

#: For one statement.
WHERE_SECONDS = 10.0


def in_time(read: Callable[P, T]) -> Callable[P, T]:
    """Decorate a read of a ListQuery: with an expression as its condition each statement has WHERE_SECONDS.

    Raises Invalid, code `too_slow`, when that is not enough. Without an expression it costs nothing.
    """

    @wraps(read)
    def timed(*args: P.args, **kwargs: P.kwargs) -> T:
        queries = (each for each in (*args, *kwargs.values()) if isinstance(each, ListQuery))
        if all(query.where is None for query in queries):
            return read(*args, **kwargs)
        inside = connection.in_atomic_block
        try:
            with transaction.atomic():
                limit_statements(f"{WHERE_SECONDS * 1000:.0f}")
                found = read(*args, **kwargs)
                if inside:
                    limit_statements("DEFAULT")
                return found
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
                raise too_slow() from error
            raise

    return timed


def limit_statements(milliseconds: str) -> None:
    """From here to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout TO {milliseconds}")


def too_slow() -> Invalid:
    message = _(
        "This condition takes too long. Narrow the list by another field as well, or store what the condition"
        " computes as a field."
    )
    return Invalid(message, code="too_slow", errors=[FieldError("where", "too_slow", message)])
