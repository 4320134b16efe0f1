"""Verification names what somebody with full access to the database has done to history."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection

from trassa.journal import Fault, Problem, Stream, checkpoint, erase, verify

Append = Callable[..., None]
Tampering = Callable[[], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db

CAR = Stream("record", 5)
WHOLE = "stream_kind = 'record' AND stream_id = 5"


@pytest.fixture(autouse=True)
def _history(write: Append) -> None:
    """Three entries of record 5 between those of its neighbours, all checkpointed."""
    for id in (4, 5, 6):
        for step in range(3):
            write(id, price=(f"{step}.00", f"{step + 1}.00"), city=(None, "Тверь"))
    checkpoint()


def problems_after(*statements: str) -> list[Problem]:
    with connection.cursor() as cursor:
        for table in ("journal_entry", "journal_checkpoint", "journal_checkpoint_head"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
    return verify().problems


def test_untouched_history_is_clean() -> None:
    report = verify()
    assert report.is_clean
    assert (report.entries, report.streams, report.checkpoints) == (9, 3, 1)


def test_progress_is_told() -> None:
    heard: list[int] = []
    verify(progress=heard.append)
    assert heard[-1] == 9


def test_one_stream_can_be_verified_alone() -> None:
    erase(CAR, 1, ["price"], actor_id=1)
    report = verify(stream=CAR)
    assert report.is_clean
    assert (report.entries, report.streams) == (4, 1)


@pytest.mark.parametrize(
    "change",
    [
        "changes = jsonb_set(changes, '{price,1}', '\"9.00\"')",
        "changes = changes - 'price'",
        "changes = changes || '{\"owner\": [null, 3]}'",
        "changes = '[]'",
        "changes = '{\"price\": 1}'",
        "actor_id = 8",
        "actor_id = NULL",
        "at = at - interval '1 day'",
        "kind = 'created'",
        "cause = '{}'",
        "salt = NULL",
        "salt = decode(repeat('00', 16), 'hex')",
        "erased = '{}', salt = NULL",
        "hash = sha256('x')",
    ],
)
def test_a_tampered_entry_is_named(change: str) -> None:
    problems = problems_after(f"UPDATE journal_entry SET {change} WHERE {WHOLE} AND seq = 2")
    assert Problem(Fault.ALTERED, CAR, 2) in problems
    assert {problem.stream for problem in problems} == {CAR}


def test_an_entry_removed_from_the_middle_is_named() -> None:
    assert problems_after(f"DELETE FROM journal_entry WHERE {WHOLE} AND seq = 2") == [
        Problem(Fault.MISSING, CAR, 2)
    ]


def test_a_removed_beginning_is_named() -> None:
    assert problems_after(f"DELETE FROM journal_entry WHERE {WHOLE} AND seq = 1") == [
        Problem(Fault.MISSING, CAR, 1)
    ]


def test_a_cut_off_tail_is_named() -> None:
    assert problems_after(f"DELETE FROM journal_entry WHERE {WHOLE} AND seq > 1") == [
        Problem(Fault.CUT_OFF, CAR, 2)
    ]


def test_a_cut_off_tail_is_named_even_when_the_head_was_moved_back() -> None:
    problems = problems_after(
        f"UPDATE journal_head SET seq = 1, hash = (SELECT hash FROM journal_entry WHERE {WHOLE} AND seq = 1)"
        f" WHERE {WHOLE}",
        f"DELETE FROM journal_entry WHERE {WHOLE} AND seq > 1",
    )
    assert problems == [Problem(Fault.CUT_OFF, CAR, 2)]


def test_a_removed_stream_is_named() -> None:
    problems = problems_after(
        f"DELETE FROM journal_entry WHERE {WHOLE}", f"DELETE FROM journal_head WHERE {WHOLE}"
    )
    assert problems == [Problem(Fault.STREAM_MISSING, CAR, 3)]


def test_an_entry_forged_at_the_end_is_named() -> None:
    columns = "kind, at, actor_id, cause, changes, salt, hash"
    forged = (
        f"INSERT INTO journal_entry (stream_kind, stream_id, seq, {columns})"
        f" SELECT stream_kind, stream_id, 4, {columns} FROM journal_entry WHERE {WHOLE} AND seq = 3"
    )
    assert problems_after(forged) == [Problem(Fault.FORGED, CAR, 4)]


def test_a_changed_head_is_named() -> None:
    assert problems_after(f"UPDATE journal_head SET hash = sha256('x') WHERE {WHOLE}") == [
        Problem(Fault.HEAD_ALTERED, CAR, 3)
    ]
    assert problems_after(f"DELETE FROM journal_head WHERE {WHOLE}") == [Problem(Fault.HEAD_ALTERED, CAR, 3)]


def test_history_rewritten_with_all_its_hashes_is_named_by_the_checkpoint(write: Append) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(f"DELETE FROM journal_entry WHERE {WHOLE}")
        cursor.execute(f"DELETE FROM journal_head WHERE {WHOLE}")
    for _ in range(3):
        write(5, price=("5.00", "6.00"))
    assert verify().problems == [Problem(Fault.REWRITTEN, CAR, 3)]


def test_a_changed_checkpoint_is_named() -> None:
    assert problems_after("UPDATE journal_checkpoint SET at = at - interval '1 day'") == [
        Problem(Fault.CHECKPOINT_ALTERED, None, 1)
    ]


def test_a_head_changed_in_a_checkpoint_is_named() -> None:
    problems = problems_after(f"UPDATE journal_checkpoint_head SET seq = 2 WHERE {WHOLE}")
    assert Problem(Fault.CHECKPOINT_ALTERED, None, 1) in problems
    assert Problem(Fault.REWRITTEN, CAR, 2) in problems


def test_a_removed_checkpoint_is_named(write: Append) -> None:
    write(5)
    checkpoint()
    assert problems_after("DELETE FROM journal_checkpoint WHERE number = 1") == [
        Problem(Fault.CHECKPOINT_MISSING, None, 1)
    ]


def test_a_removed_last_checkpoint_is_named_by_the_heads_that_remain() -> None:
    assert problems_after("DELETE FROM journal_checkpoint") == [Problem(Fault.CHECKPOINT_MISSING, None, 1)]


def test_a_hash_kept_outside_proves_checkpoints_that_were_made_anew(write: Append) -> None:
    write(5)
    mark = checkpoint()
    assert mark is not None
    assert verify(anchors={mark.number: mark.hash}).is_clean
    problems_after("DELETE FROM journal_checkpoint_head", "DELETE FROM journal_checkpoint")
    checkpoint()
    assert verify().is_clean
    assert verify(anchors={mark.number: mark.hash}).problems == [Problem(Fault.CHECKPOINT_MISSING, None, 2)]


def test_the_report_counts_on_when_there_are_too_many_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trassa.journal.verification.MAX_PROBLEMS", 2)
    problems_after("UPDATE journal_entry SET kind = 'x'")
    report = verify()
    assert (len(report.problems), report.found) == (2, 9)
