"""Addresses of what Vite built, read from its manifest.

Names carry a hash of their content, so browsers keep them for ever and a new build is a new address.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

BUILD = Path(__file__).parent / "static" / "ui" / "build"


class AssetsNotBuilt(Exception):
    """The front end has not been built, or an asset is not in it."""


@dataclass(frozen=True, slots=True)
class Built:
    """A file, and the files that its first line imports."""

    file: str
    imports: tuple[str, ...]


@cache
def _read_manifest(changed_at: float) -> dict[str, Built]:
    entries = json.loads((BUILD / "manifest.json").read_text())
    return {
        entry["src"].rsplit("/", 1)[-1]: Built(
            entry["file"], tuple(entries[key]["file"] for key in entry.get("imports", ()))
        )
        for entry in entries.values()
        if "src" in entry
    }


@cache
def _built_at() -> float:
    return _changed_at()


def _changed_at() -> float:
    try:
        return (BUILD / "manifest.json").stat().st_mtime
    except FileNotFoundError:
        raise AssetsNotBuilt(
            f"The front end is not built: {BUILD / 'manifest.json'} is missing. Run `make install`."
        ) from None


def asset(name: str) -> str:
    """The address of a built file by the name of its source: "main.js", "main.css", "icons.svg"."""
    return _addresses(name, _changed_at() if settings.DEBUG else _built_at())[0]


def preloads(name: str) -> tuple[str, ...]:
    """Addresses of what a module imports, so that the browser need not wait to learn of them."""
    return _addresses(name, _changed_at() if settings.DEBUG else _built_at())[1:]


@cache
def _addresses(name: str, changed_at: float) -> tuple[str, ...]:
    manifest = _read_manifest(changed_at)
    try:
        built = manifest[name]
        return tuple(static(f"ui/build/{file}") for file in (built.file, *built.imports))
    except KeyError:
        known = ", ".join(sorted(manifest))
        raise AssetsNotBuilt(f"The front end has no {name!r}; it has: {known}.") from None
