"""Transactions begin with their first statement, and are otherwise what they were."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DataError
from psycopg import sql
from psycopg.pq import TransactionStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def notes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS notes (id integer PRIMARY KEY, words text)")
        cursor.execute("TRUNCATE notes")


def status() -> TransactionStatus:
    return connection.connection.info.transaction_status


def kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM notes ORDER BY id")
        return [id for (id,) in cursor.fetchall()]


class Undone(Exception):
    """Ends a transaction that is to leave nothing."""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is undone whatever happens in it."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def note(id: int, words: str = "words") -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO notes VALUES (%s, %s)", [id, words])


def test_nothing_is_sent_before_the_first_statement_of_a_transaction() -> None:
    with transaction.atomic():
        assert status() == TransactionStatus.IDLE
        with connection.cursor() as cursor:
            cursor.execute("SELECT 40 + %s", [2])
            assert cursor.fetchall() == [(42,)]
        assert status() == TransactionStatus.INTRANS
    assert status() == TransactionStatus.IDLE


def test_an_empty_transaction_leaves_no_trace() -> None:
    with transaction.atomic():
        pass
    note(1)
    assert status() == TransactionStatus.IDLE
    assert kept() == [1]


def test_a_transaction_is_undone_whole() -> None:
    with undone():
        note(1)
        note(2)
    assert kept() == []


def test_several_statements_at_once_keep_the_order_of_their_answers() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 2")
        first = cursor.fetchall()
        assert cursor.nextset()
        assert (first, cursor.fetchall()) == ([(1,)], [(2,)])


@pytest.mark.parametrize("wrong", ["SELEKT 1", "SELECT 1/0"])
def test_a_first_statement_that_fails_leaves_no_transaction_behind(wrong: str) -> None:
    with pytest.raises((ProgrammingError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(wrong)
    assert status() == TransactionStatus.IDLE
    note(1)
    assert kept() == [1]


def test_what_follows_a_first_statement_that_nobody_could_read_is_still_one_transaction() -> None:
    with undone():
        with pytest.raises(psycopg.errors.SyntaxError), connection.connection.cursor() as cursor:
            cursor.execute("SELEKT 1")
        note(1)
    assert kept() == []


def test_a_savepoint_as_the_first_statement_undoes_its_part_alone() -> None:
    with transaction.atomic():
        with suppress(IntegrityError), transaction.atomic():
            note(1)
            note(1)
        note(2)
    assert kept() == [2]


def test_many_rows_and_copies_begin_their_transaction_too() -> None:
    for way in ("many", "copy", "composed"):
        with undone(), connection.connection.cursor() as cursor:
            if way == "many":
                cursor.executemany("INSERT INTO notes VALUES (%s, 'x')", [(1,), (2,)])
            elif way == "copy":
                with cursor.copy("COPY notes FROM STDIN") as copy:
                    copy.write_row((1, "x"))
            else:
                cursor.execute(sql.SQL("INSERT INTO {} VALUES (1, 'x')").format(sql.Identifier("notes")))
            assert status() == TransactionStatus.INTRANS
        assert kept() == []


def test_a_cursor_of_the_server_reads_inside_its_transaction() -> None:
    note(1)
    with transaction.atomic():
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT id FROM notes WHERE id = %s", [1])
            assert cursor.fetchall() == [(1,)]
        assert status() == TransactionStatus.INTRANS
