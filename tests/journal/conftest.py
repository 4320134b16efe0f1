"""What tests of history and outbox share: short ways to write, and a way past the triggers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from trassa.journal import Json, NewEntry, Stream, append, direct_conninfo

Append = Callable[..., None]


@pytest.fixture
def write() -> Append:
    """Append one entry to a stream of kind "record": write(5, title=("old", "new"))."""

    def write_entry(id: int, kind: str = "changed", **changes: tuple[Json, Json]) -> None:
        with transaction.atomic():
            append([NewEntry(Stream("record", id), kind, changes)], actor_id=7, cause={"via": "test"})

    return write_entry


@contextmanager
def _tampering() -> Iterator[None]:
    tables = ("journal_entry", "journal_checkpoint", "journal_checkpoint_head")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def tampering() -> Callable[[], AbstractContextManager[None]]:
    """What somebody with the owner's password could do: a block without the triggers."""
    return _tampering


@pytest.fixture
def direct(transactional_db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of its own, as a relay has, to the tests' database; no jobs wait there."""
    with psycopg.connect(direct_conninfo("trassa test"), autocommit=True) as opened:
        # Django empties only tables that it manages.
        opened.execute("TRUNCATE procrastinate_jobs CASCADE")
        yield opened
