"""The command line, as a person calls it."""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from trassa.config.command.dispatch import NOUNS, overview, take_places
from trassa.config.options import BadOption
from trassa.config.postgres.processes import is_alive, postmaster_of
from trassa.config.postgres.server import EmbeddedServer

TRASSA = [sys.executable, "-c", "from trassa.config.command import app; app()"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose embedded server has this version's tables."""
    folder = tmp_path_factory.mktemp("data")
    server = EmbeddedServer(folder, durable=False)
    server.start()
    _run(folder, "migrate")
    yield folder
    server.stop()


def _environment(data: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRASSA_", "DATABASE_"))
    }
    return {**kept, "TRASSA_DATA": str(data)}


def _run(data: Path, *words: str, code: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*TRASSA, *words],
        env=_environment(data),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_places_may_stand_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRASSA_DATA", "")
    monkeypatch.setenv("TRASSA_PORT", "")
    assert take_places(["--data", "/srv", "db", "psql", "--port=9000", "--", "--port"]) == [
        "db",
        "psql",
        "--",
        "--port",
    ]
    assert (os.environ["TRASSA_DATA"], os.environ["TRASSA_PORT"]) == ("/srv", "9000")
    with pytest.raises(BadOption, match="--data needs a value"):
        take_places(["up", "--data"])


def test_help_names_every_noun(tmp_path: Path) -> None:
    assert all(word in overview() for word in NOUNS)
    assert _run(tmp_path, "--help").stdout.strip() == overview()


@pytest.mark.slow
@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_noun_explains_itself(noun: str, tmp_path: Path) -> None:
    assert f"trassa {noun}" in _run(tmp_path, noun, "--help").stdout


def test_a_wrong_word_gets_a_hint(tmp_path: Path) -> None:
    assert "Did you mean `migrate`?" in _run(tmp_path, "migrat", code=1).stderr


@pytest.mark.slow
def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    problem = _run(tmp_path, "up", "--port", "many", code=1).stderr
    assert "TRASSA_PORT='many'" in problem
    assert "Traceback" not in problem


@pytest.mark.slow
def test_migrating_twice_does_nothing(data: Path) -> None:
    assert "Nothing to do" in _run(data, "migrate").stdout


@pytest.mark.slow
def test_a_new_installation_is_well(data: Path) -> None:
    report = _run(data, "doctor", code=0 if _is_built() else 1).stdout
    assert "ok   PostgreSQL" in report
    assert "ok   Tables are of this version" in report


def _is_built() -> bool:
    package = Path(__file__).parents[2] / "src" / "trassa"
    return (package / "ui" / "static" / "ui" / "build" / "manifest.json").exists()


@pytest.mark.slow
def test_a_person_is_created_and_gets_a_token(data: Path) -> None:
    words = [
        "person",
        "create",
        "anna",
        "--name",
        "Белова Анна",
        "--password",
        "forty-two-horses",
        "--administrator",
    ]
    _run(data, *words)
    token = _run(data, "token", "create", "anna").stdout
    assert re.fullmatch(r"\S{20,}\n", token), "standard output is the token alone"
    again = _run(data, *words, code=1).stderr
    assert again.startswith("trassa: "), "an error is one line"


@pytest.mark.slow
def test_a_person_goes_and_comes_back(data: Path) -> None:
    def state() -> str:
        return next(line for line in _run(data, "person", "list").stdout.splitlines() if "boris" in line)

    words = ["--name", "Орлов Борис", "--password", "forty-two-horses"]
    _run(data, "person", "create", "boris", *words)
    token = _run(data, "token", "create", "boris").stdout.strip()
    listed = _run(data, "token", "list", "boris").stdout
    assert "command line" in listed
    assert token not in listed, "a token is shown only once"
    assert "1 revoked" in _run(data, "token", "revoke", "boris", listed.split()[0]).stdout
    assert _run(data, "token", "list", "boris").stdout == ""
    _run(data, "person", "password", "boris", "--password", "forty-three-horses")
    _run(data, "person", "dismiss", "boris")
    assert "dismissed" in state()
    _run(data, "token", "create", "boris", code=1)
    _run(data, "person", "readmit", "boris")
    assert "dismissed" not in state()


@pytest.mark.slow
def test_a_token_for_nobody_is_refused(data: Path) -> None:
    assert "nobody" in _run(data, "token", "create", "nobody", code=1).stderr


@pytest.mark.slow
def test_history_is_verified(data: Path) -> None:
    assert "everything fits" in _run(data, "journal", "verify").stdout


@pytest.mark.slow
def test_packs_are_listed(data: Path) -> None:
    assert "consignment" in _run(data, "pack", "list").stdout


@pytest.mark.slow
def test_a_pack_is_tried_in_a_database_that_is_thrown_away(data: Path) -> None:
    report = _run(data, "pack", "test", "auto").stdout
    assert report.count("ok   ") == len(report.splitlines())
    assert "not applied" in _run(data, "pack", "list").stdout, "the database in use is left alone"
    assert not (data / "files").exists(), "and so is the store of files"


@pytest.mark.slow
def test_a_pack_goes_back_on_the_command_line(tmp_path: Path) -> None:
    _run(tmp_path, "migrate")
    _run(tmp_path, "pack", "apply", "auto")
    assert "1 " in _run(tmp_path, "pack", "history", "auto").stdout
    assert "--to nothing" in _run(tmp_path, "pack", "rollback", "auto", code=1).stderr
    gone = _run(tmp_path, "pack", "rollback", "auto", "--to", "nothing", "--yes").stdout
    assert "auto: 1." in gone
    assert "→ nothing" in gone
    assert "not applied" in _run(tmp_path, "pack", "list").stdout
    assert "rolled back" in _run(tmp_path, "pack", "history", "auto").stdout
    _run(tmp_path, "pack", "apply", "auto")
    assert "nothing to change" in _run(tmp_path, "pack", "plan", "auto").stdout


@pytest.mark.slow
def test_a_dump_brings_everything_back(data: Path, tmp_path: Path) -> None:
    _run(data, "db", "psql", "--", "-qc", "CREATE TABLE kept AS SELECT 42 AS value")
    _run(data, "db", "dump", str(tmp_path / "all.dump"))
    changes = "DROP TABLE kept; CREATE TABLE newer (id bigint REFERENCES records_record)"
    _run(data, "db", "psql", "--", "-qc", changes)
    _run(data, "db", "restore", "--replace", str(tmp_path / "all.dump"))
    assert _run(data, "db", "psql", "--", "-qAtc", "SELECT value FROM kept").stdout == "42\n"
    assert _run(data, "db", "psql", "--", "-qAtc", "SELECT to_regclass('newer')").stdout == "\n"


@pytest.mark.slow
def test_a_broken_dump_replaces_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.dump"
    _run(data, "db", "dump", str(file))
    file.write_bytes(file.read_bytes()[:-1_000])
    _run(data, "db", "restore", "--replace", str(file), code=1)
    assert _run(data, "migrate").stdout == "Nothing to do.\n"


@pytest.mark.slow
def test_a_dump_comes_back_on_another_machine(data: Path, tmp_path: Path) -> None:
    _run(data, "pack", "apply", "auto")
    file = tmp_path / "all.dump"
    _run(data, "db", "dump", str(file))
    other = EmbeddedServer(tmp_path / "other", durable=False)
    other.start()
    try:
        _run(other.place.data, "db", "restore", str(file))
        query = "SELECT has_table_privilege('trassa_data_trassa', 'data.car', 'SELECT')"
        assert _run(other.place.data, "db", "psql", "--", "-Atc", query).stdout == "t\n"
        assert _run(other.place.data, "migrate").stdout == "Nothing to do.\n"
    finally:
        other.stop()


@pytest.fixture
def content(data: Path) -> Iterator[Path]:
    """The content of a file in the store, which no row knows."""
    hash = hashlib.sha256(b"contract").hexdigest()
    place = data / "files" / hash[:2] / hash[2:4] / hash
    place.parent.mkdir(parents=True)
    place.write_bytes(b"contract")
    yield place
    shutil.rmtree(data / "files")


@pytest.mark.slow
def test_a_backup_brings_database_and_files_to_another_machine(
    data: Path, content: Path, tmp_path: Path
) -> None:
    _run(data, "pack", "apply", "auto")
    file = tmp_path / "all.tar"
    assert "1 contents of files" in _run(data, "backup", "create", str(file)).stdout
    assert file.stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    _run(other, "backup", "restore", str(file))
    assert (other / content.relative_to(data)).read_bytes() == b"contract"
    assert "steps" in _run(other, "pack", "history", "auto").stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.tar", "other"]


@pytest.mark.slow
def test_a_backup_with_a_damaged_content_leaves_the_database_alone(
    data: Path, content: Path, tmp_path: Path
) -> None:
    content.write_bytes(b"c0ntract")
    file = tmp_path / "all.tar"
    _run(data, "backup", "create", str(file))
    content.unlink()
    done = _run(data, "backup", "restore", "--replace", str(file), code=2)
    assert content.name in done.stderr.replace("\n", "")
    assert not content.exists()
    assert _run(data, "migrate").stdout == "Nothing to do.\n"


@pytest.mark.slow
def test_files_alone_come_back_from_a_backup(data: Path, content: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.tar"
    _run(data, "backup", "create", str(file))
    content.unlink()
    _run(data, "backup", "restore", str(file), "--only-files")
    assert content.read_bytes() == b"contract"


@pytest.mark.slow
def test_doctor_speaks_of_contents_that_are_left_over(data: Path, content: Path) -> None:
    said = _run(data, "doctor", "--files", code=1).stdout
    assert "Contents left over: 1" in said
    assert "trassa files clean" in said
    os.utime(content, (0, 0))
    assert "contents: 1" in _run(data, "files", "clean").stdout
    assert not content.exists()
    assert _run(data, "files", "repair").returncode == 0


@pytest.mark.slow
def test_a_command_starts_a_resting_database_and_stops_it_again(tmp_path: Path) -> None:
    _run(tmp_path, "migrate")
    assert postmaster_of(tmp_path / "postgres" / "cluster") is None
    assert "not running" in _run(tmp_path, "db", "psql", code=1).stderr
    assert "runs now" in _run(tmp_path, "db", "start").stdout
    assert "already" in _run(tmp_path, "db", "start").stdout
    assert "has stopped" in _run(tmp_path, "db", "stop").stdout


@pytest.mark.slow
def test_up_serves_until_told_to_stop_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*TRASSA, "up", "--port", str(port)],
        env=_environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _await_page(f"http://127.0.0.1:{port}/api/v1/openapi.json", process)
        children = _descendants(process.pid)
        assert len(children) >= 4
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0
    assert postmaster_of(tmp_path / "postgres" / "cluster") is None
    assert not [pid for pid in children if is_alive(pid)]


def _await_page(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer")


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").iterdir():
        for child in (tasks / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found
