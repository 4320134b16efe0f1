"""Writing history, reading it back, erasing values from it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from trassa.journal import NewEntry, Stream, append, erase, list_entries, verify
from trassa.kernel import NotFound, frozen

Append = Callable[..., None]
CAR = Stream("record", 5)
pytestmark = pytest.mark.django_db


def test_an_entry_reads_as_it_was_written() -> None:
    moment = datetime(2026, 3, 24, 15, 0, tzinfo=UTC)
    with frozen(moment):
        append(
            [NewEntry(CAR, "changed", {"price": ("100.00", None), "tags": ([1, 2], [])})],
            actor_id=7,
            cause={"via": "api", "token": 3},
        )
    (entry,) = list_entries(CAR)
    assert (entry.stream, entry.seq, entry.kind, entry.at, entry.actor_id) == (CAR, 1, "changed", moment, 7)
    assert entry.cause == {"via": "api", "token": 3}
    assert entry.changes == {"price": ("100.00", None), "tags": ([1, 2], [])}


def test_a_given_moment_is_kept() -> None:
    past = datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    append([NewEntry(CAR, "created", {}, at=past)], actor_id=None, cause={})
    assert list_entries(CAR)[0].at == past


def test_entries_of_a_stream_are_numbered_without_gaps(write: Append) -> None:
    for price in range(3):
        write(5, price=(price, price + 1))
    assert [entry.seq for entry in list_entries(CAR)] == [3, 2, 1]


def test_one_call_may_write_several_entries_to_a_stream_in_order() -> None:
    entries = [NewEntry(Stream("record", id), kind, {}) for id in (9, 5) for kind in ("created", "moved")]
    append(entries, actor_id=1, cause={})
    assert [entry.kind for entry in list_entries(CAR)] == ["moved", "created"]
    assert [entry.kind for entry in list_entries(Stream("record", 9))] == ["moved", "created"]


def test_pages_continue_below_the_last_entry(write: Append) -> None:
    for _ in range(5):
        write(5)
    first = list_entries(CAR, limit=2)
    second = list_entries(CAR, before_seq=first[-1].seq, limit=2)
    assert [entry.seq for entry in first + second] == [5, 4, 3, 2]


def test_five_hundred_entries_take_one_statement() -> None:
    entries = [NewEntry(Stream("record", id), "created", {"title": (None, "Камри")}) for id in range(500)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        append(entries, actor_id=1, cause={})
    assert len(queries) == 1
    assert verify().is_clean


def test_nothing_to_write_takes_no_statement(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        append([], actor_id=1, cause={})


@pytest.mark.django_db(transaction=True)
def test_history_is_refused_outside_the_transaction_of_its_change() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        append([NewEntry(CAR, "changed", {})], actor_id=1, cause={})


@pytest.mark.parametrize("attack", ["UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry"])
def test_the_database_refuses_to_change_history(write: Append, attack: str) -> None:
    write(5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(attack)


def test_even_erasing_may_not_touch_anything_but_values(write: Append) -> None:
    write(5)
    cursor = connection.cursor()
    cursor.execute("SELECT set_config('trassa.journal_erase', 'on', true)")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("UPDATE journal_entry SET actor_id = 1")


def test_erased_values_are_gone_and_the_chain_still_verifies(write: Append) -> None:
    write(5, phone=(None, "+79161234567"), city=(None, "Тверь"))
    erase(CAR, 1, ["phone"], actor_id=3)
    erased, original = list_entries(CAR)
    assert original.changes == {"city": (None, "Тверь")}
    assert original.erased == ("phone",)
    assert (erased.kind, erased.actor_id, erased.cause) == ("erased", 3, {"seq": 1, "keys": ["phone"]})
    assert verify().is_clean
    erase(CAR, 1, ["city", "phone"], actor_id=3)
    assert list_entries(CAR)[-1].erased == ("city", "phone")
    assert verify().is_clean


def test_nothing_is_left_from_which_an_erased_value_could_be_guessed(write: Append) -> None:
    write(5, phone=(None, "+79161234567"), city=(None, "Тверь"))
    erase(CAR, 1, ["phone"], actor_id=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT salt, erased -> 'salts' ? 'phone', changes::text FROM journal_entry WHERE seq = 1"
        )
        salt, has_salt, changes = cursor.fetchone()
    assert salt is None
    assert not has_salt
    assert "7916" not in changes


def test_erasing_what_is_not_there_changes_nothing(write: Append) -> None:
    write(5, city=(None, "Тверь"))
    erase(CAR, 1, ["phone"], actor_id=3)
    assert len(list_entries(CAR)) == 1
    with pytest.raises(NotFound):
        erase(CAR, 2, ["city"], actor_id=3)
