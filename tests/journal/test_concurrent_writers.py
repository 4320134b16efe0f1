"""History stays whole under concurrent writers, rollbacks and killed connections; tampering is then found."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InterfaceError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trassa.journal import NewEntry, Stream, append, checkpoint, direct_conninfo, erase, verify

STREAMS = [Stream(kind, id) for kind in ("deal", "car") for id in range(3)]


class End(StrEnum):
    COMMIT = "commit"
    ROLLBACK = "rollback"
    PART = "part"
    KILL = "kill"


@dataclass(frozen=True)
class Step:
    """One transaction of a writer: entries for these streams, and how it ends.

    PART commits, but rolls back a savepoint with the same entries written once more.
    """

    streams: tuple[Stream, ...]
    end: End


steps = st.builds(
    Step, st.lists(st.sampled_from(STREAMS), min_size=1, max_size=5).map(tuple), st.sampled_from(list(End))
)
scripts = st.lists(st.lists(steps, min_size=1, max_size=6), min_size=2, max_size=4)


class RolledBack(Exception):
    """A writer changes its mind."""


class Writer(threading.Thread):
    """Plays a script on a connection of its own and counts what was committed."""

    def __init__(self, script: list[Step], committed: Counter[Stream]) -> None:
        super().__init__()
        self.script = script
        self.committed = committed
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for step in self.script:
                self.play(step)
        except BaseException as error:
            self.error = error
        finally:
            connection.close()

    def play(self, step: Step) -> None:
        try:
            with transaction.atomic():
                self.write(step)
                if step.end is End.PART:
                    with _changed_mind(), transaction.atomic():
                        self.write(step)
                        raise RolledBack
                elif step.end is End.ROLLBACK:
                    raise RolledBack
                elif step.end is End.KILL:
                    _terminate_own_connection()
        except RolledBack:
            return
        except (DatabaseError, InterfaceError):
            assert step.end is End.KILL
            connection.close()
            return
        self.committed.update(step.streams)

    def write(self, step: Step) -> None:
        change = {"price": (None, f"{random.random():.4f}")}
        append([NewEntry(stream, "changed", change) for stream in step.streams], actor_id=1, cause={})


@contextmanager
def _changed_mind() -> Iterator[None]:
    try:
        yield
    except RolledBack:
        return


def _terminate_own_connection() -> None:
    """End this thread's server process from outside, and wait until it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with psycopg.connect(direct_conninfo("trassa test"), autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def play(all_scripts: list[list[Step]]) -> Counter[Stream]:
    counters: list[Counter[Stream]] = [Counter() for _ in all_scripts]
    writers = [Writer(script, counter) for script, counter in zip(all_scripts, counters, strict=True)]
    for writer in writers:
        writer.start()
    checkpoint()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive()
        if writer.error:
            raise writer.error
    return sum(counters, Counter())


def stored() -> Counter[Stream]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream_kind, stream_id, count(*) FROM journal_entry GROUP BY 1, 2")
        return Counter({Stream(kind, id): count for kind, id, count in cursor.fetchall()})


TAMPERINGS: dict[str, str] = {
    "value": 'UPDATE journal_entry SET changes = \'{"price": [null, "0"]}\' WHERE {row}',
    "hash": "UPDATE journal_entry SET hash = sha256(hash) WHERE {row}",
    "actor": "UPDATE journal_entry SET actor_id = actor_id + 1 WHERE {row}",
    "removed": "DELETE FROM journal_entry WHERE {row}",
    "moved": "UPDATE journal_entry SET seq = seq + 1000 WHERE {row}",
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    all_scripts=scripts,
    tampering=st.sampled_from(sorted(TAMPERINGS)),
    choice=st.randoms(use_true_random=False),
)
def test_history_is_whole_after_any_mix_of_writers_and_tampering_is_found(
    all_scripts: list[list[Step]], tampering: str, choice: random.Random
) -> None:
    before = stored()
    committed = play(all_scripts)
    assert stored() == before + committed
    checkpoint()
    report = verify()
    assert report.is_clean, report.problems
    assert report.entries == sum(stored().values())
    if not report.entries:
        return
    stream = choice.choice(sorted(stored()))
    seq = choice.randint(1, stored()[stream])
    row = f"stream_kind = '{stream.kind}' AND stream_id = {stream.id} AND seq = {seq}"
    with _undone():
        connection.cursor().execute("SET LOCAL session_replication_role = replica")
        connection.cursor().execute(TAMPERINGS[tampering].replace("{row}", row))
        found = {(problem.stream, problem.seq) for problem in verify().problems}
    assert (stream, seq) in found
    assert {named for named, _seq in found} == {stream}
    erase(stream, seq, ["price"], actor_id=1)
    assert verify().is_clean


@contextmanager
def _undone() -> Iterator[None]:
    with _changed_mind(), transaction.atomic():
        yield
        raise RolledBack


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_streams_in_any_order_never_deadlock() -> None:
    script = [Step(tuple(random.Random(seed).sample(STREAMS, 6)), End.COMMIT) for seed in range(25)]
    orders: list[Callable[[list[Step]], list[Step]]] = [list, lambda steps: steps[::-1], sorted_by_size]
    committed = play([order(script) for order in orders])
    assert set(committed.values()) == {75}
    assert verify().is_clean


def sorted_by_size(script: list[Step]) -> list[Step]:
    return sorted(script, key=lambda step: step.streams[0])
