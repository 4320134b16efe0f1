"""The key that signs sessions and tickets: from the environment, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def load_secret_key(data: Path, given: str) -> str:
    """The given key, else the one of the data folder: made at the first start, for its owner only."""
    if given:
        return given
    path = data / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _create(path)


def _create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, path)  # refuses to replace: of two processes that start at once, one key wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
