"""What the source says that running code does not: comments beside names, imports."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "trassa"


def module_paths() -> list[Path]:
    """Every module of the package but migrations."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def module_name(path: Path) -> str:
    """Dotted name of a module's file."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room of a dotted name; packs are one room together."""
    return module.split(".")[1] if "." in module else ""


def imported_modules(path: Path) -> Iterator[str]:
    """Dotted names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def commented_constants(path: Path) -> dict[str, str]:
    """Names of constants with the `#:` comment above each."""
    found = re.findall(r"((?:^#:.*\n)+)^([A-Z][A-Z_]*) = ", path.read_text(), re.MULTILINE)
    return {name: textwrap.dedent(re.sub(r"^#: ?", "", comment, flags=re.M)) for comment, name in found}
