"""The running parts of Trassa, each as a function that serves until it is told to stop.

`preload` imports what they need; the supervisor calls it once, before it forks them.
"""

import multiprocessing
import os
import threading
from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from trassa.config import events, front, options, wsgi
from trassa.config.supervisor import die_with_parent
from trassa.config.worker import run_worker
from trassa.schema.actions import keep_lease

__all__ = ["preload", "run_events", "run_front", "run_web", "run_worker"]

_LOGGING: Mapping[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s web: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}


def preload() -> None:
    """Import every view, then let go of what a fork must not share."""
    get_resolver().url_patterns  # noqa: B018 - reading it imports the views
    connections.close_all()


def run_front() -> None:
    """Pages, API and events at one address."""
    _serve(front.application, Interfaces.ASGI)


def run_web() -> None:
    """Pages and API only."""
    _serve(wsgi.application, Interfaces.WSGI, blocking_threads=options.WEB_THREADS.read())


def run_events() -> None:
    """Events only; behind a proxy that sends /events here."""
    _serve(events.application, Interfaces.ASGI, workers=1, reads_records=False)


def _serve(
    application: Any,
    interface: Interfaces,
    *,
    workers: int | None = None,
    reads_records: bool = True,
    **more: Any,
) -> None:
    # Workers are forked, so they share what is loaded; elsewhere than on Linux that is not the default.
    multiprocessing.set_start_method("fork", force=True)
    master = os.getpid()

    def load(target: str) -> Any:
        die_with_parent(master)
        if reads_records:
            threading.Thread(target=keep_lease, args=(threading.Event(),), name="lease", daemon=True).start()
        return application

    server = Granian(
        "trassa",
        address=options.ADDRESS.read(),
        port=options.PORT.read(),
        interface=interface,
        workers=workers or options.WEB_PROCESSES.read(),
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_dictconfig=dict(_LOGGING),
        **more,
    )
    server.serve(target_loader=load)
