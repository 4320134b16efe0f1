"""Locks of schema changes: one change at a time, no write meanwhile, nobody waits long.

A change that cannot get a lock soon steps back, so that others are never queued behind it for
longer, and tries again after a pause.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from trassa.kernel import Unavailable

#: Key of the advisory lock: writers share it (`schema_pin()` in the migration), a change excludes them.
LOCK_KEY = 7110001
#: How long a change waits in a queue before it lets others pass: a little beyond the second
#: (`deadlock_timeout`) after which PostgreSQL asks an autovacuum that is in the way to step aside.
LOCK_TIMEOUT = "1300ms"
#: While it already holds a table, it waits for the next one only this long: well below the second after
#: which PostgreSQL would look for a deadlock and stop somebody's read.
NEXT_TABLE_TIMEOUT = "100ms"
#: Pauses between attempts in seconds.
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0, 2.0, 2.0, 2.0)


def lock_out_writers() -> None:
    """Take the exclusive lock: from here to the end of the transaction nobody writes records."""
    with_retries(lambda: execute("SELECT pg_advisory_xact_lock(%s)", LOCK_KEY))


def lock_tables(names: Sequence[str]) -> None:
    """Take the tables for DDL, one after the other, waiting patiently for the first one only."""
    for position, name in enumerate(names):
        if position == 1:
            execute("SELECT set_config('lock_timeout', %s, true)", NEXT_TABLE_TIMEOUT)
        execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")


def with_retries(attempt: Callable[[], None]) -> None:
    """Run `attempt` under a short lock timeout until it gets its locks; raises Unavailable at last."""
    for pause in (*PAUSES, None):
        try:
            with transaction.atomic(), lock_timeout(LOCK_TIMEOUT):
                attempt()
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            if pause is None:
                message = _("The tables are busy, perhaps with a long report. Try again in a minute.")
                raise Unavailable(message, code="schema_busy") from error
        time.sleep(pause * random.uniform(0.8, 1.2))


@contextmanager
def lock_timeout(duration: str) -> Iterator[None]:
    """A lock timeout for the block. After an error the savepoint restores the old one by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        before = cursor.fetchone()[0]
    execute("SELECT set_config('lock_timeout', %s, true)", duration)
    yield
    execute("SELECT set_config('lock_timeout', %s, true)", before)


def execute(statement: str, *parameters: str | int | None) -> None:
    """Run one statement whose result nobody reads."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
