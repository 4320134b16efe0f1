"""The outbox: what happened, kept in the writer's transaction until the relay has told everybody.

A write inserts one row here and nothing that makes commits wait for each other. Rooms subscribe with pure
functions that turn payloads into jobs and notices. See docs/decisions/0005-outbox.md.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db import connection, transaction

from trassa.journal.types import Json
from trassa.kernel import Registry

Payload: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Notice:
    """Tells open browsers that a thing of `topic` changed; never carries values.

    `id` None means that the whole list changed.
    """

    topic: str
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A Procrastinate job to insert.

    Dropped when a job with the same `queueing_lock` is waiting already; jobs with the same `lock` run one
    after the other.
    """

    task: str
    args: Mapping[str, Json]
    queueing_lock: str | None = None
    lock: str | None = None
    queue: str = "default"
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What follows from some payloads."""

    notices: Sequence[Notice] = field(default=())
    jobs: Sequence[Job] = field(default=())


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Handles all payloads of one event, in order, many at once.

    `handle` is a pure function: no database, no network. When it fails for a payload, that payload is tried
    again later for this subscriber only.
    """

    event: str
    handle: Callable[[Sequence[Payload]], Dispatch]


subscribers: Registry[Subscriber] = Registry(
    "journal.subscribers",
    description="Turns events of the outbox into background jobs and notices for open browsers.",
)


def publish(event: str, payload: Payload) -> None:
    """Put one event into the outbox, inside the caller's transaction.

    `event` is in the past tense with its room ("records.written"). A batch is one event with many ids.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is published in the transaction of its change")
    with connection.cursor() as cursor:
        cursor.execute(*publish_statement(event, payload))


def publish_statement(event: str, payload: Payload) -> tuple[str, list[Any]]:
    """What `publish` sends, with its parameters, for a caller that sends several statements together."""
    document = json.dumps(dict(payload), ensure_ascii=False, separators=(",", ":"))
    return "INSERT INTO journal_outbox (event, payload) VALUES (%s, %s)", [event, document]


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A message that one subscriber could not handle; `next_attempt_at` None means that it has given up."""

    id: int
    event: str
    subscriber: str | None
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    error: str


def list_parked(*, limit: int = 100) -> list[ParkedMessage]:
    """Messages that are tried again or wait for a person, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, event, subscriber, created_at, attempts, nullif(next_attempt_at, 'infinity'), error
            FROM journal_outbox WHERE next_attempt_at IS NOT NULL ORDER BY created_at, id LIMIT %s
            """,
            [limit],
        )
        return [ParkedMessage(*row) for row in cursor.fetchall()]


def retry_parked() -> int:
    """Try every parked message again at once; returns how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_outbox SET next_attempt_at = now(), attempts = 0"
            " WHERE next_attempt_at IS NOT NULL"
        )
        return int(cursor.rowcount)


def prune_parked(*, older_than: timedelta = timedelta(days=90)) -> int:
    """Drop messages that nobody could handle and that are older than this; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM journal_outbox WHERE next_attempt_at = 'infinity'"
            " AND created_at < now() - make_interval(secs => %s)",
            [older_than.total_seconds()],
        )
        return int(cursor.rowcount)
