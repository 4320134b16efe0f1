"""Rooms and who may import whom, from the contract of import-linter and the docstrings of the rooms."""

import tomllib
from collections import defaultdict
from importlib import import_module

from tools.reference import markdown
from tools.reference.markdown import code, codes, first_sentence, paragraph, table
from tools.reference.source import PACKAGE, ROOT, imported_modules, module_name, module_paths, room_of

_TEXT = """
Upper rooms may import lower ones, never the other way round. Rooms on one line do not know each other. The
list is the contract of import-linter in `pyproject.toml`; it is exhaustive, so a new room without a place
in it fails.
"""
_DOORS = """
Toolkit rooms (`kernel`, `journal`, `ui`, `api`) are imported through their package root. Of other rooms only
the modules `actions`, `queries`, `types`, `events`, `registries` and `errors` may be imported.
`tests/architecture/test_rooms.py` checks both. Foreign keys point downward and are written as strings.
"""


def layers() -> list[list[str]]:
    """Rooms line by line, the upper ones first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in contracts if each["type"] == "layers"]
    return [[room.strip() for room in line.split("|")] for line in contract["layers"]]


def known_rooms() -> dict[str, set[str]]:
    """The rooms that each room imports today."""
    known: dict[str, set[str]] = defaultdict(set)
    for path in module_paths():
        room = room_of(module_name(path))
        names = {room_of(name) for name in imported_modules(path) if name.startswith("trassa.")}
        known[room] |= {name for name in names - {room} if (PACKAGE / name).is_dir()}
    return known


def page() -> str:
    lines = layers()
    order = [room for line in lines for room in line]
    known = known_rooms()
    rows = [
        (
            code(room),
            first_sentence(import_module(f"trassa.{room}").__doc__),
            codes(name for name in order if name in known[room]) or "nobody",
        )
        for room in order
    ]
    drawing = "\n".join(["```text", *(" | ".join(line) for line in lines), "```"])
    head = ("room", "what it is", "imports today")
    return markdown.page("Layers", paragraph(_TEXT), drawing, paragraph(_DOORS), table(head, rows))
