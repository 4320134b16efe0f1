"""Serves timers whose time has come: claims, calls their handlers, and removes them, all in one transaction.

A worker that dies has done nothing; what it claimed is due again at once. Any number of workers may serve. A
timer that fails is tried alone, then again later with growing pauses, and shown to administrators meanwhile.
"""

import json
import logging
import random
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.utils import InterfaceError
from django.utils import translation

from trassa.automation.registries import timer_handlers
from trassa.automation.types import DueTimer
from trassa.kernel import now
from trassa.schema.queries import pin_generation

logger = logging.getLogger(__name__)

BATCH = 200
#: Seconds between looks while nothing is due.
IDLE_SECONDS = 0.25
#: Seconds before the first retry of a timer that failed, and the most between two.
FIRST_RETRY, LAST_RETRY = 5.0, 3_600.0
#: After so many attempts (some two days) a timer waits for a person.
MAX_ATTEMPTS = 60
#: Seconds at most before the database is tried again.
RECONNECT = 2.0

_CLAIM = """
    DELETE FROM automation_timer WHERE id = ANY (ARRAY(
        SELECT id FROM automation_timer WHERE wake_at <= %s ORDER BY wake_at LIMIT %s FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, purpose, subject, record_id, payload, due_at, attempts,
              anchor, anchor_type_id, "offset", person_id, created_at
"""
_PARK = """
    INSERT INTO automation_timer (
        id, purpose, subject, record_id, payload, due_at, attempts,
        anchor, anchor_type_id, "offset", person_id, created_at, wake_at, error
    ) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (purpose, subject) DO NOTHING
"""
_Row = tuple[Any, ...]


def run_timers(stop: threading.Event) -> None:
    """Serve timers until `stop` is set; waits for the database when it is away."""
    while not stop.is_set():
        try:
            with pin_generation(), translation.override(settings.LANGUAGE_CODE):
                served = fire_due(BATCH)
            if served < BATCH:
                stop.wait(IDLE_SECONDS)
        except (OperationalError, InterfaceError) as error:
            # The database is away, or others wanted the same rows: nothing has happened.
            logger.warning("timers: %s", error)
            close_old_connections()
            stop.wait(random.uniform(0.05, RECONNECT))
    close_old_connections()


def fire_due(limit: int = BATCH) -> int:
    """Serve at most so many due timers in one transaction; gives how many were claimed."""
    with transaction.atomic(), connection.cursor() as cursor:
        moment = now()
        cursor.execute(_CLAIM, [moment, limit])
        rows: list[_Row] = sorted(cursor.fetchall(), key=lambda row: (row[1], row[5], row[0]))
        by_purpose: dict[str, list[_Row]] = {}
        for row in rows:
            by_purpose.setdefault(row[1], []).append(row)
        for purpose, group in by_purpose.items():
            _serve(purpose, group, moment)
    return len(rows)


def _serve(purpose: str, rows: Sequence[_Row], moment: datetime) -> None:
    """Let the handler see all at once; should it refuse, each alone, so that only those at fault wait."""
    try:
        with transaction.atomic():
            timer_handlers.get(purpose)([_due_timer(row, moment) for row in rows])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever a handler does, other timers go on
        if len(rows) > 1:
            for row in rows:
                _serve(purpose, [row], moment)
            return
        logger.exception("timers: %s %s failed", purpose, rows[0][2])
        _park(rows[0], moment, f"{type(error).__name__}: {error}")


def _due_timer(row: _Row, moment: datetime) -> DueTimer:
    id, purpose, subject, record_id, payload, due_at, attempts, _anchor, type_id = row[:9]
    given, late_by = json.loads(payload), moment - due_at
    return DueTimer(id, purpose, subject, record_id, given, due_at, late_by, attempts, type_id)


def _park(row: _Row, moment: datetime, error: str) -> None:
    """Put a timer back for later, unless another one with its key was set meanwhile."""
    attempts = row[6] + 1
    wake_at = None
    if attempts < MAX_ATTEMPTS:
        wake_at = moment + timedelta(seconds=min(FIRST_RETRY * 2 ** min(attempts - 1, 30), LAST_RETRY))
    with connection.cursor() as cursor:
        cursor.execute(_PARK, [*row[:6], attempts, *row[7:], wake_at, error[:2000]])
