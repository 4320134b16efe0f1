"""Subscribers turn messages into jobs and notices; one that fails holds nobody up."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trassa.journal import Dispatch, Job, Notice, Payload, Subscriber, subscribers
from trassa.journal.dispatch import (
    COLLAPSE_ABOVE,
    PAYLOAD_BYTES,
    Message,
    collapse,
    dispatch,
    distinct_jobs,
    split_payloads,
)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Payload]]:
    """Only two subscribers: `index`, and `announce` that fails for 13. What `index` was asked."""
    asked: list[Sequence[Payload]] = []

    def index(payloads: Sequence[Payload]) -> Dispatch:
        asked.append(payloads)
        return Dispatch(jobs=[Job("index", {"id": payload["id"]}) for payload in payloads])

    def announce(payloads: Sequence[Payload]) -> Dispatch:
        if any(payload["id"] == 13 for payload in payloads):
            raise ValueError("unlucky")
        return Dispatch(notices=[Notice("t1", int(str(payload["id"]))) for payload in payloads])

    monkeypatch.setattr(subscribers, "_entries", {})
    subscribers.register("index", Subscriber("records.written", index))
    subscribers.register("announce", Subscriber("records.written", announce))
    return asked


def written(*ids: int) -> list[Message]:
    return [Message(id, "records.written", {"id": id}) for id in ids]


def test_a_subscriber_is_asked_once_for_all_its_messages(
    asked: list[Sequence[Payload]],
) -> None:
    dispatch([*written(1, 2, 3), Message(4, "persons.dismissed", {"id": 4})])
    assert asked == [[{"id": 1}, {"id": 2}, {"id": 3}]]


def test_an_event_that_nobody_listens_to_leads_to_nothing() -> None:
    delivery = dispatch([Message(4, "persons.dismissed", {"id": 4})])
    assert (delivery.jobs, delivery.notices, delivery.failed) == ([], [], [])


def test_a_failing_handler_keeps_only_its_own_message() -> None:
    delivery = dispatch(written(12, 13, 14))
    assert [job.args["id"] for job in delivery.jobs] == [12, 13, 14]
    assert [notice.id for notice in delivery.notices] == [12, 14]
    (failed,) = delivery.failed
    assert (failed.id, failed.subscriber, failed.error) == (13, "announce", "ValueError: unlucky")


def test_a_parked_message_is_handled_by_the_subscriber_that_failed_only() -> None:
    delivery = dispatch([Message(1, "records.written", {"id": 1}, subscriber="announce", attempts=3)])
    assert delivery.jobs == []
    assert [notice.id for notice in delivery.notices] == [1]


def test_a_job_that_cannot_be_written_as_json_is_its_handlers_fault() -> None:
    subscribers.register(
        "wrong",
        Subscriber("records.written", lambda payloads: Dispatch(jobs=[Job("x", {"at": {1}})])),  # type: ignore[dict-item]
    )
    delivery = dispatch(written(1))
    assert [message.subscriber for message in delivery.failed] == ["wrong"]


def test_of_several_versions_the_last_one_is_told() -> None:
    assert collapse([Notice("t1", 5, 1), Notice("t2", 5, 9), Notice("t1", 5, 2)]) == [
        ["t1", 5, 2],
        ["t2", 5, 9],
    ]


def test_very_many_changes_become_one_changed_list() -> None:
    few = [Notice("t1", id, 1) for id in range(COLLAPSE_ABOVE)]
    many = [Notice("t2", id, 1) for id in range(COLLAPSE_ABOVE + 1)]
    lines = collapse([*few, *many])
    assert len(lines) == COLLAPSE_ABOVE + 1
    assert lines[-1] == ["t2", None, None]


def test_a_changed_list_stands_for_its_things() -> None:
    assert collapse([Notice("t1", 5, 1), Notice("t1"), Notice("t1", 6, 1)]) == [["t1", None, None]]


def test_the_second_job_of_a_queueing_lock_is_dropped() -> None:
    jobs = [Job("a", {"n": n}, queueing_lock=lock) for n, lock in enumerate(["x", None, "x", None, "y"])]
    assert [job.args["n"] for job in distinct_jobs(jobs)] == [0, 1, 3, 4]


@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.integers(), st.none() | st.integers()).map(list), max_size=600
    )
)
def test_payloads_fit_into_a_notify_and_lose_nothing(lines: list[list[object]]) -> None:
    payloads = split_payloads(lines, limit=700)  # type: ignore[arg-type]
    assert all(len(payload.encode()) <= 700 for payload in payloads)
    assert [line for payload in payloads for line in json.loads(payload)] == lines


def test_the_limit_is_below_what_postgresql_takes() -> None:
    payloads = split_payloads([["t1", id, id] for id in range(5_000)])
    assert len(payloads) > 1
    assert max(len(payload) for payload in payloads) <= PAYLOAD_BYTES < 8_000
