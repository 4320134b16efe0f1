"""Starting and stopping the embedded server.

Invariants: one server per data folder, guarded by a file lock; "running" means that a connection was
answered, never that a process number exists; a half-made cluster is never used. The wheel's own wrapper is
not used: as root it changes the machine's users and folders, and it takes a zombie for a server.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from trassa.config import options
from trassa.config.postgres.binaries import Binaries, find_binaries
from trassa.config.postgres.errors import PostgresFailed
from trassa.config.postgres.place import EmbeddedPlace
from trassa.config.postgres.processes import is_alive, postmaster_of
from trassa.config.postgres.system_user import SystemUser, choose_user, prefix
from trassa.config.postgres.tuning import configuration

#: Recovery after a crash replays the log; it is waited for as long as the server lives, up to this.
START_SECONDS = 300
STOP_SECONDS = 60
LOG_LIMIT = 10 * 1024 * 1024


class EmbeddedServer:
    """The PostgreSQL of one data folder."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.place = EmbeddedPlace(data)
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def is_running(self) -> bool:
        """Whether the server answers a connection."""
        try:
            psycopg.connect(self.place.conninfo("postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_alive(self) -> bool:
        """Whether the process that this object started runs; cheaper than a connection."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, tied: bool = False) -> bool:
        """Make the server answer; True when this call started it. A tied one stops when this process dies."""
        if self.is_running():
            return False
        with self._locked():
            if self.is_running():
                return False
            binaries, user = self.binaries(), choose_user(options.POSTGRES_USER.read())
            self._prepare(binaries, user)
            if not postmaster_of(self.place.cluster):
                (self.place.cluster / "postmaster.pid").unlink(missing_ok=True)
                self._launch(binaries, user, tied=tied)
            self._await_answer(lambda: self._launch(binaries, user, tied=tied))
            self._create_database()
        return True

    def stop(self) -> bool:
        """Disconnect everybody and shut down cleanly; True when there was a server to stop."""
        with self._locked():
            pid = postmaster_of(self.place.cluster)
            if not pid:
                return False
            for sent in (signal.SIGINT, signal.SIGQUIT):
                os.kill(pid, sent)
                if self._await_end(pid):
                    return True
        raise PostgresFailed(f"PostgreSQL (process {pid}) does not stop; see {self.place.log}.")

    def binaries(self) -> Binaries:
        """The programs to use; raises PostgresFailed when the cluster was made by another major version."""
        binaries = find_binaries(options.POSTGRES_BIN.read())
        version = self.place.cluster / "PG_VERSION"
        made_by = version.read_text().strip() if version.exists() else str(binaries.major)
        if made_by != str(binaries.major):
            raise PostgresFailed(
                f"{self.place.cluster} was made by PostgreSQL {made_by}, but the programs in "
                f"{binaries.folder} are version {binaries.major}: dump with the old, restore with the new."
            )
        return binaries

    def _prepare(self, binaries: Binaries, user: SystemUser | None) -> None:
        for folder in (self.place.root, self.place.sockets):
            _own_folder(folder, user)
        if not self.place.cluster.exists():
            self._initialise(binaries, user)
        (self.place.cluster / "trassa.conf").write_text(
            configuration(self.place.sockets, durable=self._durable)
        )
        if self.place.log.exists() and self.place.log.stat().st_size > LOG_LIMIT:
            self.place.log.replace(self.place.log.with_suffix(".log.1"))

    def _initialise(self, binaries: Binaries, user: SystemUser | None) -> None:
        draft = self.place.root / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = prefix(user, [binaries.folder, self.place.root])
        command += [binaries.path("initdb"), "-D", str(draft), "-U", "trassa", "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--no-instructions", *([] if self._durable else ["--no-sync"])]
        if binaries.major >= 17:
            # Without a locale provider that knows Unicode, lower() and ILIKE silently skip Cyrillic.
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(
            command, env=_environment(), cwd="/", capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise PostgresFailed(f"initdb failed:\n{made.stderr or made.stdout}")
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'trassa.conf'\ninclude_if_exists = 'local.conf'\n")
        draft.rename(self.place.cluster)

    def _launch(self, binaries: Binaries, user: SystemUser | None, *, tied: bool) -> None:
        command = prefix(user, [binaries.folder, self.place.root], end_with_parent=tied)
        command += [binaries.path("postgres"), "-D", str(self.place.cluster)]
        with self.place.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _await_answer(self, relaunch: Callable[[], None]) -> None:
        deadline = time.monotonic() + START_SECONDS
        attempts = 1
        while time.monotonic() < deadline:
            if self.is_running():
                return
            if self._process and self._process.poll() is not None:
                # Backends of a killed server need a moment to notice and let go of the shared memory.
                if attempts == 20:
                    break
                attempts += 1
                time.sleep(0.25)
                relaunch()
            time.sleep(0.03)
        tail = "\n".join(self.place.log.read_text(errors="replace").splitlines()[-15:])
        raise PostgresFailed(f"PostgreSQL did not start. The end of {self.place.log}:\n{tail}")

    def _await_end(self, pid: int) -> bool:
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self._process and self._process.pid == pid:
                self._process.poll()
            if not is_alive(pid):
                return True
            time.sleep(0.02)
        return False

    def _create_database(self) -> None:
        with psycopg.connect(self.place.conninfo("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'trassa'").fetchone():
                connection.execute("CREATE DATABASE trassa")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.place.data.mkdir(parents=True, exist_ok=True)
        with (self.place.data / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _own_folder(folder: Path, user: SystemUser | None) -> None:
    owner = user.uid if user else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder.lstat().st_uid != owner:
            raise PostgresFailed(
                f"{folder} belongs to another user than the one that runs the server."
            ) from None
    if user:
        os.chown(folder, user.uid, user.gid)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
