"""Processes beside the tests that kill others: how they are started and where they find the database."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).parents[1]


def start(script: Path, *words: object, **given: Any) -> "subprocess.Popen[Any]":
    """A process of this script: the address of the database, then the words; `given` is for Popen."""
    environment = _environment(given.pop("env", {}))
    return subprocess.Popen(_command(script, words), env=environment, cwd=ROOT, **given)


def run(script: Path, *words: object, timeout: float = 120) -> str:
    """What such a process says until it ends well."""
    command = _command(script, words)
    done = subprocess.run(
        command, env=_environment({}), capture_output=True, text=True, check=True, timeout=timeout
    )
    return done.stdout


def _command(script: Path, words: tuple[object, ...]) -> list[str]:
    known = connection.settings_dict
    conninfo = make_conninfo(
        dbname=str(known["NAME"]),
        host=str(known["HOST"]),
        user=str(known["USER"]),
        port=str(known["PORT"] or 5432),
    )
    return [sys.executable, str(script), conninfo, *map(str, words)]


def _environment(further: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **further}
