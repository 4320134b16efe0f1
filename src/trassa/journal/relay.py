"""The relay: takes messages out of the outbox and hands on what follows from them, in one transaction.

Rows are claimed with SKIP LOCKED (never «id above the last one»: transactions commit out of order), so any
number of relays may run. A tick makes at most one call that inserts jobs and one NOTIFY. A relay that dies
before its commit has done nothing. See docs/decisions/0005-outbox.md.
"""

import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import psycopg
from psycopg import errors

from trassa.journal.direct import direct_conninfo
from trassa.journal.dispatch import (
    Delivery,
    Message,
    collapse,
    dispatch,
    distinct_jobs,
    job_rows,
    split_payloads,
)

logger = logging.getLogger(__name__)

CHANNEL = "trassa_events"
BATCH = 500
#: Seconds between ticks while messages flow, and while nothing happens. The first change after a pause is
#: told soon; a flow of changes is told together, which spares every open stream a message a change.
BUSY_SECONDS, IDLE_SECONDS = 0.080, 0.040
#: Seconds between looks at parked messages, and at messages far below the last one told.
SWEEP_SECONDS = 1.0
#: How far below the last one told a tick looks. A transaction may commit behind so many others without
#: waiting for the sweep; and ticks stay cheap while a dump keeps deleted rows from being cleaned.
LOOK_BACK = 1_000
#: Seconds before the first retry of a failed message, and the most between two.
FIRST_RETRY, LAST_RETRY = 1.0, 3_600.0
#: After so many attempts (some two days) a message waits for a person.
MAX_ATTEMPTS = 60
#: How often to insert jobs when other relays insert the same ones.
JOB_ATTEMPTS = 4
#: Seconds before the first and at most between two attempts to reach the database.
FIRST_RECONNECT, LAST_RECONNECT = 0.1, 2.0

Database: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_TAKE = """
DELETE FROM journal_outbox WHERE id = ANY (ARRAY(
    SELECT id FROM journal_outbox WHERE {due} LIMIT %s FOR UPDATE SKIP LOCKED
))
RETURNING id, event, payload::text, subscriber, attempts, created_at
"""
_TAKE_FRESH = _TAKE.format(due="next_attempt_at IS NULL AND id > %s ORDER BY id")
_TAKE_PARKED = _TAKE.format(due="next_attempt_at <= now() ORDER BY next_attempt_at")
_HAS_FRESH = "SELECT EXISTS (SELECT FROM journal_outbox WHERE next_attempt_at IS NULL AND id > %s)"
_PARK = """
INSERT INTO journal_outbox (event, payload, created_at, subscriber, attempts, next_attempt_at, error)
VALUES (
    %s, %s, %s, %s, %s,
    CASE WHEN %s::float8 IS NULL THEN 'infinity' ELSE now() + make_interval(secs => %s::float8) END, %s
)
"""
_INSERT_JOBS = """
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW(queue, task, priority, lock, queueing_lock, args, NULL)::procrastinate_job_to_defer_v1
    ORDER BY position
))
FROM ROWS FROM (jsonb_to_recordset(%s) AS (
    queue text, task text, priority integer, lock text, queueing_lock text, args jsonb
)) WITH ORDINALITY AS job (queue, task, priority, lock, queueing_lock, args, position)
WHERE NOT EXISTS (
    SELECT FROM procrastinate_jobs AS waiting
    WHERE waiting.queueing_lock = job.queueing_lock AND waiting.status = 'todo'
)
"""
_NOTIFY = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"


def run_relay(stop: threading.Event) -> None:
    """Relay until `stop` is set; waits for the database when it is away."""
    delay = FIRST_RECONNECT
    while not stop.is_set():
        try:
            with psycopg.connect(direct_conninfo("trassa relay"), autocommit=True) as connection:
                logger.info("relay: connected")
                delay = FIRST_RECONNECT
                _run_connected(connection, stop)
        except Exception as error:  # a relay has nobody to report to, and must go on
            if isinstance(error, psycopg.OperationalError):
                logger.warning("relay: the database is away: %s", error)
            else:
                logger.exception("relay: starting over")
            stop.wait(delay)
            delay = min(delay * 2, LAST_RECONNECT)


def _run_connected(connection: Database, stop: threading.Event) -> None:
    told, floor, swept_at = 1, 0, 0.0
    while not stop.is_set():
        began = time.monotonic()
        above = floor
        if began - swept_at >= SWEEP_SECONDS:
            swept_at, above = began, 0
            told += relay_tick(connection, parked=True)
        if told or _has_fresh(connection, above):
            messages = _tick(connection, _TAKE_FRESH, above)
            told = len(messages)
            floor = max([floor, *(message.id - LOOK_BACK for message in messages)])
        if told < BATCH:
            interval = BUSY_SECONDS if told else IDLE_SECONDS
            stop.wait(max(0.0, interval - (time.monotonic() - began)))


def _has_fresh(connection: Database, above: int) -> bool:
    row = connection.execute(_HAS_FRESH, [above]).fetchone()
    return row is not None and bool(row[0])


def relay_tick(connection: Database, *, parked: bool = False) -> int:
    """Tell at most one batch of messages; returns how many. With `parked`, of those to be tried again."""
    return len(_tick(connection, _TAKE_PARKED) if parked else _tick(connection, _TAKE_FRESH, 0))


def _tick(connection: Database, take: str, *parameters: int) -> list[Message]:
    with connection.transaction():
        rows = connection.execute(take, [*parameters, BATCH]).fetchall()
        messages = [
            Message(id, event, json.loads(payload), subscriber, attempts, created_at)
            for id, event, payload, subscriber, attempts, created_at in sorted(rows)
        ]
        if messages:
            _tell(connection, messages)
    return messages


def _tell(connection: Database, messages: Sequence[Message]) -> None:
    """Deliver all at once; when the database refuses that, each alone, so that the one at fault is parked."""
    delivery = dispatch(messages)
    try:
        _deliver(connection, delivery)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except psycopg.Error as error:
        if len(messages) > 1:
            for message in messages:
                _tell(connection, [message])
            return
        logger.exception("relay: cannot deliver %s", messages[0])
        delivery.failed = [replace(messages[0], error=f"{type(error).__name__}: {error}")]
    _park(connection, delivery.failed)


def _deliver(connection: Database, delivery: Delivery) -> None:
    """Insert the jobs and notify, both or nothing."""
    jobs = job_rows(distinct_jobs(delivery.jobs))
    payloads = split_payloads(collapse(delivery.notices))
    for attempt in range(1, JOB_ATTEMPTS + 1):
        try:
            with connection.transaction():
                if delivery.jobs:
                    connection.execute(_INSERT_JOBS, [jobs])
                if payloads:
                    connection.execute(_NOTIFY, [CHANNEL, payloads])
            return
        except errors.UniqueViolation:
            # Another relay inserted a job with the same queueing lock in between: this time it is seen.
            if attempt == JOB_ATTEMPTS:
                raise


def _park(connection: Database, failed: Sequence[Message]) -> None:
    if not failed:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_PARK, [_parked_row(message) for message in failed])


def _parked_row(message: Message) -> list[object]:
    attempts = message.attempts + 1
    wait = None if attempts >= MAX_ATTEMPTS else min(FIRST_RETRY * 2 ** min(attempts - 1, 30), LAST_RETRY)
    payload = json.dumps(dict(message.payload), ensure_ascii=False)
    return [
        message.event,
        payload,
        message.created_at,
        message.subscriber,
        attempts,
        wait,
        wait,
        message.error,
    ]
