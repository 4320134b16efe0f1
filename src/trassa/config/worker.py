"""The worker: jobs on Procrastinate, and the outbox relay and timers in threads beside them.

Jobs run in threads, each with a database connection of its own; around every job stands what a request
has too: one generation of the schema, the company's language, a live connection.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import translation
from procrastinate import JobContext, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from trassa.automation.actions import run_timers
from trassa.config import housekeeping, options
from trassa.config.database import use_direct_database
from trassa.journal import direct_conninfo, run_relay
from trassa.schema.actions import keep_lease
from trassa.schema.queries import pin_generation

__all__ = ["housekeeping", "run_worker"]

Relay: TypeAlias = Callable[[threading.Event], None]

logger = logging.getLogger(__name__)

#: Seconds that jobs get to finish after SIGTERM.
FINISH_SECONDS = 15


def run_worker() -> None:
    """Work until SIGTERM or SIGINT, then finish what has been begun."""
    use_direct_database()
    stop = threading.Event()
    relay = _start_thread("relay", run_relay, stop)
    lease = _start_thread("lease", keep_lease, stop)
    timers = _start_thread("timers", run_timers, stop)
    try:
        asyncio.run(_work())
    finally:
        stop.set()
        relay.join(timeout=10)
        lease.join(timeout=10)
        timers.join(timeout=10)
        connections.close_all()


async def _work() -> None:
    at_once = options.JOBS_AT_ONCE.read()
    connector = PsycopgConnector(conninfo=direct_conninfo("trassa worker"), min_size=1, max_size=at_once + 2)
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=at_once,
                shutdown_graceful_timeout=FINISH_SECONDS,
                delete_jobs="successful",
                task_middleware=[surround],
            )


def surround(call: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Stand around every job, in the job's thread."""
    close_old_connections()
    try:
        with pin_generation(), translation.override(settings.LANGUAGE_CODE):
            return call()
    finally:
        close_old_connections()


def _start_thread(
    name: str, run: Callable[[threading.Event], None], stop: threading.Event
) -> threading.Thread:
    """A worker without its thread is none: when the thread ends the process ends, and is started again."""

    def body() -> None:
        try:
            run(stop)
        except BaseException:
            logger.exception("The thread %s failed", name)
        if not stop.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=body, name=name, daemon=True)
    thread.start()
    return thread
