"""Keeps the parts of one machine alive: forks them, restarts what crashes, ends them all together.

The supervisor loads Django once and forks the parts from itself, so they share that memory. For that it has
no threads and no database connection. A part leads a process group of its own: Ctrl-C reaches only the
supervisor, which then ends the parts in order. A part dies with the supervisor even when that is killed.
"""

import ctypes
import gc
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from trassa.config.postgres.errors import PostgresFailed
from trassa.config.postgres.server import EmbeddedServer

logger = logging.getLogger("trassa.up")

#: Seconds before the first restart of a part and at most between two.
FIRST_RESTART, LAST_RESTART = 0.5, 30.0
#: A part that lived this long starts with a clean record.
STEADY_SECONDS = 60.0
#: Seconds a part may take to finish what it has begun.
STOP_SECONDS = 20.0
#: Seconds between looks at the embedded server.
LOOK_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Part:
    """One supervised process."""

    name: str
    run: Callable[[], None]
    pid: int | None = None
    started: float = 0.0
    failures: int = 0
    #: When to start it (again), on the monotonic clock.
    due: float = field(default_factory=time.monotonic)

    def ended(self, code: int) -> None:
        """Note the end and plan the restart."""
        lived = time.monotonic() - self.started
        self.failures = 1 if lived > STEADY_SECONDS else self.failures + 1
        delay = min(FIRST_RESTART * 2 ** (self.failures - 1), LAST_RESTART)
        self.pid, self.due = None, time.monotonic() + delay
        logger.error(
            "%s ended with code %s after %.0f s; starts again in %.1f s", self.name, code, lived, delay
        )


class Supervisor:
    """Runs parts until it is told to stop by SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, parts: Sequence[Part], *, server: EmbeddedServer | None = None) -> None:
        self._parts = parts
        #: The embedded server, when this process started it and so answers for it.
        self._server = server
        self._stopping = False
        self._wake_read, self._wake_write = os.pipe()

    def run(self) -> None:
        """Returns after everything has ended."""
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        gc.collect()
        gc.freeze()  # what is loaded by now is never collected, so its pages stay shared
        while not self._stopping:
            self._reap()
            self._start_due()
            self._tend_server()
            self._sleep(LOOK_SECONDS)
        self._end_parts()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _sleep(self, longest: float) -> None:
        """Until a signal arrives or a part is due."""
        waiting = [part.due - time.monotonic() for part in self._parts if part.pid is None]
        ready, _, _ = select.select([self._wake_read], [], [], max(0.0, min([longest, *waiting])))
        if ready:
            os.read(self._wake_read, 4096)

    def _start_due(self) -> None:
        for part in self._parts:
            if part.pid is None and part.due <= time.monotonic() and not self._stopping:
                part.started = time.monotonic()
                part.pid = self._fork(part)

    def _fork(self, part: Part) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        supervisor = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (*_STOP_SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            os.close(self._wake_read)
            os.close(self._wake_write)
            os.setpgid(0, 0)
            die_with_parent(supervisor)
            part.run()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 1
        except BaseException:
            logger.exception("%s failed", part.name)
        finally:
            logging.shutdown()
            os._exit(code)

    def _reap(self) -> None:
        for part in self._parts:
            if part.pid is not None:
                pid, status = os.waitpid(part.pid, os.WNOHANG)
                if pid:
                    _kill_group(pid)
                    part.ended(os.waitstatus_to_exitcode(status))

    def _tend_server(self) -> None:
        if self._server and not self._server.is_alive():
            logger.error("PostgreSQL has ended; it starts again")
            try:
                self._server.start(tied=True)
            except PostgresFailed as problem:
                logger.error("%s", problem)

    def _end_parts(self) -> None:
        """The worker and the front finish what they have begun; whoever takes too long is killed."""
        logger.info("Stopping")
        running = [part for part in self._parts if part.pid is not None]
        for part in running:
            _send(part.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running and time.monotonic() < deadline:
            running = [part for part in running if part.pid and not os.waitpid(part.pid, os.WNOHANG)[0]]
            if running:
                time.sleep(0.02)
        for part in running:
            logger.error("%s does not end; it is killed", part.name)
            if part.pid:
                _kill_group(part.pid)
                os.waitpid(part.pid, 0)


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when the one that forked it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _send(pid: int | None, number: signal.Signals) -> None:
    if pid:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


def _kill_group(pid: int) -> None:
    """Whatever a part has left behind goes with it."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
