"""The supervisor, with small parts and real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trassa.config.postgres.processes import is_alive

pytestmark = pytest.mark.slow

SCRIPT = textwrap.dedent(
    """
    import os, signal, sys, time, pathlib
    from trassa.config.supervisor import Part, Supervisor
    place = pathlib.Path(sys.argv[1])

    def note(name):
        with (place / name).open("a") as file:
            file.write(f"{os.getpid()}\\n")

    def steady():
        note("steady")
        signal.signal(signal.SIGTERM, lambda *_: (note("finished"), sys.exit(0)))
        while True:
            time.sleep(0.05)

    def stubborn():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note("stubborn")
        while True:
            time.sleep(0.05)

    def broken():
        note("broken")
        raise RuntimeError("no")

    parts = {"steady": steady, "stubborn": stubborn, "broken": broken}
    Supervisor([Part(name, parts[name]) for name in sys.argv[2:]]).run()
    """
)
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(*names: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", SCRIPT, str(tmp_path), *names]
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def _pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def _await(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_part_that_dies_starts_again(start: Start, tmp_path: Path) -> None:
    start("steady")
    _await(lambda: len(_pids(tmp_path / "steady")) == 1)
    os.kill(_pids(tmp_path / "steady")[0], signal.SIGKILL)
    _await(lambda: len(_pids(tmp_path / "steady")) == 2)


def test_a_part_that_keeps_failing_waits_longer_each_time(start: Start, tmp_path: Path) -> None:
    start("broken", "steady")
    began = time.monotonic()
    _await(lambda: len(_pids(tmp_path / "broken")) == 3)
    assert time.monotonic() - began > 1.2  # half a second, then a second
    assert len(_pids(tmp_path / "steady")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_after_its_parts(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    supervisor = start("steady")
    _await(lambda: len(_pids(tmp_path / "steady")) == 1)
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=15) == 0
    assert _pids(tmp_path / "finished") == _pids(tmp_path / "steady")


def test_parts_die_with_a_killed_supervisor(start: Start, tmp_path: Path) -> None:
    supervisor = start("steady", "stubborn")
    _await(lambda: bool(_pids(tmp_path / "steady") and _pids(tmp_path / "stubborn")))
    supervisor.kill()
    supervisor.wait()
    left = _pids(tmp_path / "steady") + _pids(tmp_path / "stubborn")
    _await(lambda: not any(is_alive(pid) for pid in left))


def test_a_part_that_does_not_end_is_killed(start: Start, tmp_path: Path) -> None:
    supervisor = start("stubborn")
    _await(lambda: len(_pids(tmp_path / "stubborn")) == 1)
    supervisor.terminate()
    assert supervisor.wait(timeout=40) == 0
    assert not is_alive(_pids(tmp_path / "stubborn")[0])
