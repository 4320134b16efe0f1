"""The embedded server, started and stopped for real."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from trassa.config.postgres.binaries import find_binaries
from trassa.config.postgres.errors import PostgresFailed
from trassa.config.postgres.processes import is_alive, postmaster_of
from trassa.config.postgres.server import EmbeddedServer
from trassa.config.postgres.system_user import SystemUser, can_reach


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path_factory.mktemp("data"), durable=False)
    yield server
    server.stop()


def _pid(server: EmbeddedServer) -> int:
    pid = postmaster_of(server.place.cluster)
    assert pid
    return pid


def _run(server: EmbeddedServer, statement: str) -> object:
    with psycopg.connect(server.place.conninfo(), autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return cursor.fetchone()[0] if cursor.description else None


def test_it_starts_once_and_stops(server: EmbeddedServer) -> None:
    assert not server.is_running()
    assert server.start()
    assert not server.start()
    assert server.is_running()
    assert server.stop()
    assert not server.stop()
    assert not server.is_running()


@pytest.mark.slow
def test_russian_letters_are_letters(server: EmbeddedServer) -> None:
    server.start()
    assert _run(server, "SELECT lower('ЁЛКА')") == "ёлка"
    assert _run(server, "SELECT 'Договор' ILIKE '%ДОГ%'") is True
    assert _run(server, r"SELECT 'Белова' ~ '^\w+$'") is True


@pytest.mark.slow
def test_nothing_listens_on_the_network(server: EmbeddedServer) -> None:
    server.start()
    assert _run(server, "SHOW listen_addresses") == ""
    assert server.place.root.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_a_killed_server_starts_again_with_what_it_acknowledged(server: EmbeddedServer) -> None:
    server.start()
    _run(server, "CREATE TABLE kept AS SELECT 42 AS value")
    os.kill(_pid(server), signal.SIGKILL)
    # Nobody has waited for the killed process yet: it is a zombie, which must not be taken for a server.
    assert server.start()
    assert _run(server, "SELECT value FROM kept") == 42


@pytest.mark.slow
def test_a_stranger_with_the_old_process_number_is_not_the_server(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.place.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.place.cluster}\n")
    assert postmaster_of(server.place.cluster) is None
    assert server.start()


def test_a_zombie_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    deadline = time.monotonic() + 10
    while is_alive(child.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child.pid)
    child.wait()


@pytest.mark.slow
def test_starting_from_many_sides_makes_one_server(server: EmbeddedServer) -> None:
    outcomes: list[bool] = []
    starts = [
        threading.Thread(target=lambda: outcomes.append(EmbeddedServer(server.place.data).start()))
        for _ in range(4)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert sorted(outcomes) == [False, False, False, True]


@pytest.mark.slow
def test_a_tied_server_ends_with_the_process_that_started_it(server: EmbeddedServer) -> None:
    starter = (
        "import sys, pathlib; from trassa.config.postgres.server import EmbeddedServer;"
        "EmbeddedServer(pathlib.Path(sys.argv[1]), durable=False).start(tied=True); print('up', flush=True);"
        "sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", starter, str(server.place.data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"up\n"
    pid = _pid(server)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_a_cluster_of_another_version_is_refused_with_advice(server: EmbeddedServer) -> None:
    server.place.cluster.mkdir(parents=True)
    (server.place.cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresFailed, match="dump with the old"):
        server.start()


def test_a_folder_without_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match=str(tmp_path)):
        find_binaries(str(tmp_path))


def test_a_closed_folder_above_is_noticed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = SystemUser("stranger", 64_999, 64_999)
    assert not can_reach(stranger, closed / "inside")
    assert can_reach(stranger, Path("/usr/bin/env"))
