"""The relay: everything published is told, once, in one batch; what fails is parked alone."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from trassa.journal import (
    CHANNEL,
    Dispatch,
    Job,
    Json,
    Notice,
    Payload,
    Subscriber,
    direct_conninfo,
    list_parked,
    prune_parked,
    publish,
    retry_parked,
    run_relay,
    subscribers,
)
from trassa.journal.relay import MAX_ATTEMPTS, relay_tick

Direct = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.django_db(transaction=True)


class Handlers:
    """Subscribers whose behaviour a test changes: ids in `broken` make `announce` fail."""

    def __init__(self) -> None:
        self.broken: set[Json] = set()
        self.queueing_lock: str | None = None
        self.task = "index"

    def index(self, payloads: Sequence[Payload]) -> Dispatch:
        return Dispatch(jobs=[Job(self.task, {"id": p["id"]}, self.queueing_lock) for p in payloads])

    def announce(self, payloads: Sequence[Payload]) -> Dispatch:
        for payload in payloads:
            if payload["id"] in self.broken:
                raise ValueError(f"cannot announce {payload['id']}")
        return Dispatch(notices=[Notice("t1", int(str(p["id"])), 1) for p in payloads])


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Handlers:
    made = Handlers()
    monkeypatch.setattr(subscribers, "_entries", {})
    subscribers.register("index", Subscriber("written", made.index))
    subscribers.register("announce", Subscriber("written", made.announce))
    return made


def publish_ids(*ids: int) -> None:
    with transaction.atomic():
        for id in ids:
            publish("written", {"id": id})


def one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def job_ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args ->> 'id')::int FROM procrastinate_jobs ORDER BY id")
        return [id for (id,) in cursor.fetchall()]


def outbox_size() -> object:
    return one("SELECT count(*) FROM journal_outbox")


@pytest.fixture
def heard(direct: Direct) -> Iterator[Callable[[], list[list[Json]]]]:
    """All payloads that were notified since the test began, each a list of [topic, id, version]."""
    with psycopg.connect(direct_conninfo("trassa test"), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")

        def hear() -> list[list[Json]]:
            return [json.loads(n.payload) for n in listener.notifies(timeout=0.2)]

        yield hear


def test_what_was_published_becomes_jobs_and_one_notification(
    handlers: Handlers, direct: Direct, heard: Callable[[], list[list[Json]]]
) -> None:
    publish_ids(1, 2, 3)
    assert relay_tick(direct) == 3
    assert job_ids() == [1, 2, 3]
    assert heard() == [[["t1", 1, 1], ["t1", 2, 1], ["t1", 3, 1]]]
    assert outbox_size() == 0
    assert relay_tick(direct) == 0


def test_a_tick_inserts_all_its_jobs_with_one_call(
    handlers: Handlers, direct: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_ids(*range(50))
    statements: list[str] = []
    execute = direct.execute

    def listen_in(query: str, *arguments: object, **options: object) -> object:
        statements.append(query)
        return execute(query, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(direct, "execute", listen_in)
    relay_tick(direct)
    assert len(job_ids()) == 50
    assert [("procrastinate_defer_jobs" in text, "pg_notify" in text) for text in statements] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_what_was_rolled_back_is_never_told(handlers: Handlers, direct: Direct) -> None:
    with transaction.atomic():
        publish("written", {"id": 1})
        transaction.set_rollback(True)
    assert relay_tick(direct) == 0


def test_an_event_is_refused_outside_a_transaction(handlers: Handlers) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        publish("written", {"id": 1})


def test_a_transaction_that_commits_late_is_not_skipped(handlers: Handlers, direct: Direct) -> None:
    with psycopg.connect(direct_conninfo("trassa test")) as late:
        late.execute("INSERT INTO journal_outbox (event, payload) VALUES ('written', '{\"id\": 1}')")
        publish_ids(2)
        relay_tick(direct)
        assert job_ids() == [2]
        late.commit()
    relay_tick(direct)
    assert job_ids() == [2, 1]


def test_a_relay_killed_before_its_commit_loses_nothing(
    handlers: Handlers, direct: Direct, heard: Callable[[], list[list[Json]]]
) -> None:
    publish_ids(1, 2)
    with psycopg.connect(direct_conninfo("trassa test")) as doomed:
        doomed.execute("SELECT 'the transaction that the tick is a part of'")
        assert relay_tick(doomed) == 2
        direct.execute("SELECT pg_terminate_backend(%s, 5000)", [doomed.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            doomed.commit()
    assert (job_ids(), heard(), outbox_size()) == ([], [], 2)
    relay_tick(direct)
    assert job_ids() == [1, 2]


def test_two_relays_share_the_work(handlers: Handlers, direct: Direct) -> None:
    publish_ids(*range(600))
    with psycopg.connect(direct_conninfo("trassa test"), autocommit=True) as other, other.transaction():
        assert relay_tick(other) == 500
        assert relay_tick(direct) == 100
    assert sorted(job_ids()) == list(range(600))


def test_a_failing_handler_parks_only_its_own_message(
    handlers: Handlers, direct: Direct, heard: Callable[[], list[list[Json]]]
) -> None:
    handlers.broken = {2}
    publish_ids(1, 2, 3)
    relay_tick(direct)
    assert job_ids() == [1, 2, 3]
    assert heard() == [[["t1", 1, 1], ["t1", 3, 1]]]
    (parked,) = list_parked()
    assert (parked.event, parked.subscriber, parked.attempts) == ("written", "announce", 1)
    assert parked.error == "ValueError: cannot announce 2"


def test_a_parked_message_is_tried_again_later_and_then_told_once(
    handlers: Handlers, direct: Direct, heard: Callable[[], list[list[Json]]]
) -> None:
    handlers.broken = {2}
    publish_ids(2)
    relay_tick(direct)
    assert relay_tick(direct, parked=True) == 0
    direct.execute("UPDATE journal_outbox SET next_attempt_at = now()")
    assert relay_tick(direct, parked=True) == 1
    (parked,) = list_parked()
    assert parked.attempts == 2
    assert parked.next_attempt_at is not None
    assert parked.next_attempt_at > parked.created_at
    handlers.broken = set()
    assert retry_parked() == 1
    relay_tick(direct, parked=True)
    assert (job_ids(), heard(), outbox_size()) == ([2], [[["t1", 2, 1]]], 0)


def test_a_message_that_failed_too_often_waits_for_a_person(handlers: Handlers, direct: Direct) -> None:
    handlers.broken = {2}
    publish_ids(2)
    relay_tick(direct)
    direct.execute("UPDATE journal_outbox SET next_attempt_at = now(), attempts = %s", [MAX_ATTEMPTS - 1])
    relay_tick(direct, parked=True)
    (parked,) = list_parked()
    assert parked.next_attempt_at is None
    assert prune_parked() == 0
    direct.execute("UPDATE journal_outbox SET created_at = now() - interval '100 days'")
    assert prune_parked() == 1


def test_a_job_that_the_database_refuses_parks_only_its_own_message(
    handlers: Handlers, direct: Direct
) -> None:
    publish_ids(1)
    with transaction.atomic():
        publish("odd", {"id": 2})
    subscribers.register("odd", Subscriber("odd", lambda payloads: Dispatch(jobs=[Job("x" * 500, {})])))
    assert relay_tick(direct) == 2
    assert job_ids() == [1]
    (parked,) = list_parked()
    assert parked.event == "odd"
    assert "too long" in parked.error


def test_a_job_whose_queueing_lock_waits_already_is_not_inserted_again(
    handlers: Handlers, direct: Direct
) -> None:
    handlers.queueing_lock = "reindex"
    publish_ids(1, 2)
    relay_tick(direct)
    publish_ids(3)
    relay_tick(direct)
    assert job_ids() == [1]
    assert outbox_size() == 0


def test_another_relay_taking_the_queueing_lock_first_loses_nothing(
    handlers: Handlers, direct: Direct
) -> None:
    handlers.queueing_lock = "reindex"
    publish_ids(1)
    with psycopg.connect(direct_conninfo("trassa test")) as other:
        other.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)"
            " VALUES ('default', 'index', 'reindex', '{\"id\": 9}')"
        )
        tick = threading.Thread(target=relay_tick, args=(direct,))
        tick.start()
        time.sleep(0.2)
        other.commit()
        tick.join(10)
    assert (job_ids(), outbox_size(), list_parked()) == ([9], 0, [])


def test_many_notices_come_in_several_payloads_and_very_many_as_one_line(
    handlers: Handlers, direct: Direct, heard: Callable[[], list[list[Json]]]
) -> None:
    def announce_widely(payloads: Sequence[Payload]) -> Dispatch:
        return Dispatch(
            notices=[Notice(f"topic{id % 10}", id, 10**9) for id in range(1_000)]
            + [Notice("import", id, 1) for id in range(201)]
        )

    subscribers.register("widely", Subscriber("imported", announce_widely))
    with transaction.atomic():
        publish("imported", {})
    relay_tick(direct)
    payloads = heard()
    lines = [line for payload in payloads for line in payload]
    assert len(payloads) > 1
    assert len(lines) == 1_001
    assert lines[-1] == ["import", None, None]


def test_a_running_relay_finds_what_was_committed_far_behind_the_others(
    handlers: Handlers, direct: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trassa.journal.relay.LOOK_BACK", 1)
    monkeypatch.setattr("trassa.journal.relay.SWEEP_SECONDS", 0.2)
    with psycopg.connect(direct_conninfo("trassa test")) as late, running_relay():
        late.execute("INSERT INTO journal_outbox (event, payload) VALUES ('written', '{\"id\": 0}')")
        publish_ids(*range(1, 20))
        wait_for(lambda: len(job_ids()) == 19)
        late.commit()
        wait_for(lambda: job_ids()[-1] == 0)


@contextmanager
def running_relay() -> Iterator[threading.Thread]:
    stop = threading.Event()
    relay = threading.Thread(target=run_relay, args=(stop,), daemon=True)
    relay.start()
    try:
        yield relay
    finally:
        stop.set()
        relay.join(10)
    assert not relay.is_alive()


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_running_relay_outlives_its_connection_and_stops_when_told(
    handlers: Handlers, direct: Direct
) -> None:
    with running_relay():
        publish_ids(1)
        wait_for(lambda: job_ids() == [1])
        direct.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'trassa relay'"
        )
        publish_ids(2)
        wait_for(lambda: job_ids() == [1, 2])


def test_running_relays_tell_everything_exactly_once(
    handlers: Handlers, heard: Callable[[], list[list[Json]]]
) -> None:
    # Fewer than a tick may name one by one, however the ticks fall.
    def write(first: int) -> None:
        for id in range(first, first + 60):
            publish_ids(id)
        connection.close()

    with running_relay(), running_relay():
        writers = [threading.Thread(target=write, args=(first,)) for first in (0, 60, 120)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(30)
        wait_for(lambda: outbox_size() == 0)
    assert sorted(job_ids()) == list(range(180))
    told = sorted(int(str(line[1])) for payload in heard() for line in payload if isinstance(line, list))
    assert told == list(range(180))
