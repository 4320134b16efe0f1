"""The key that signs sessions and tickets and seals secrets: from the environment, or of the data folder.

The file holds one key a line: the present one, then former ones, which still open what they sealed.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path


def load_secret_key(data: Path, given: str) -> str:
    """The given key, else the one of the data folder: made at the first start, for its owner only."""
    if given:
        return given
    path = data / "secret_key"
    try:
        return _read(path)[0]
    except FileNotFoundError:
        return _create(path)


def load_former_keys(data: Path, given: str, former: Sequence[str]) -> list[str]:
    """Keys that still open what they sealed: those named, else those behind the first one of the file."""
    if given or former:
        return [*former]
    try:
        return _read(data / "secret_key")[1:]
    except FileNotFoundError:
        return []


def add_key(data: Path) -> int:
    """Put a fresh key before those of the data folder; gives how many there are now."""
    path = data / "secret_key"
    keys = [secrets.token_urlsafe(48), *(_read(path) if path.exists() else ())]
    _write(path, keys).replace(path)
    return len(keys)


def drop_former_keys(data: Path) -> int:
    """Keep the present key of the data folder alone; gives how many went."""
    path = data / "secret_key"
    keys = _read(path) if path.exists() else []
    if len(keys) > 1:
        _write(path, keys[:1]).replace(path)
    return max(0, len(keys) - 1)


def _read(path: Path) -> list[str]:
    return path.read_text().split()


def _write(path: Path, keys: Sequence[str]) -> Path:
    """A file beside the one that it is to become, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return draft


def _create(path: Path) -> str:
    draft = _write(path, [secrets.token_urlsafe(48)])
    try:
        os.link(draft, path)  # refuses to replace: of two processes that start at once, one key wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)[0]
