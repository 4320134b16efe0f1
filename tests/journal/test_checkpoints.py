"""Checkpoints cover every head once, also those of transactions that commit late."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from trassa.journal import NewEntry, Stream, append, checkpoint, verify

Append = Callable[..., None]


def checkpointed() -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT checkpoint, stream_id, seq FROM journal_checkpoint_head ORDER BY 1, 2, 3")
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_a_checkpoint_lists_the_heads_that_moved(write: Append) -> None:
    write(5)
    write(5)
    write(6)
    first = checkpoint()
    write(6)
    second = checkpoint()
    assert first is not None
    assert second is not None
    assert (first.number, first.heads, second.number, second.heads) == (1, 2, 2, 1)
    assert checkpointed() == [(1, 5, 2), (1, 6, 1), (2, 6, 2)]
    assert verify().is_clean


@pytest.mark.django_db
def test_nothing_new_makes_no_checkpoint(write: Append) -> None:
    assert checkpoint() is None
    write(5)
    checkpoint()
    assert checkpoint() is None
    assert checkpoint(everything=True) is None


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_in_a_later_checkpoint(
    write: Append, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trassa.journal.checkpoints.MARGIN", timedelta(0))
    written, go_on = threading.Event(), threading.Event()

    def commit_late() -> None:
        with transaction.atomic():
            append([NewEntry(Stream("record", 9), "created", {})], actor_id=1, cause={})
            written.set()
            go_on.wait(10)
        connection.close()

    late = threading.Thread(target=commit_late)
    late.start()
    written.wait(10)
    write(5)
    checkpoint()
    assert checkpointed() == [(1, 5, 1)]
    go_on.set()
    late.join()
    checkpoint()
    assert checkpointed() == [(1, 5, 1), (2, 9, 1)]
    assert verify().is_clean


@pytest.mark.django_db(transaction=True)
def test_an_old_entry_is_not_looked_at_again(write: Append, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trassa.journal.checkpoints.MARGIN", timedelta(0))
    write(5)
    checkpoint()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry"
            " WHERE recorded_at >= (SELECT max(horizon) FROM journal_checkpoint)"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_two_checkpoints_at_once_do_not_disturb_each_other(write: Append) -> None:
    for id in range(20):
        write(id)

    def make() -> None:
        checkpoint()
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify().checkpoints == 1
    assert verify().is_clean
