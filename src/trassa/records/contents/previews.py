"""Small pictures of contents, drawn by a process of their own: see `drawing`.

Decoders of pictures and PDF are where hostile files strike. That process has little memory and time, no
database and no secrets; when it dies nothing else does.
"""

import os
import subprocess
import sys
from pathlib import Path

_DRAWING = "trassa.records.contents.drawing"
#: File → longest edge in pixels, the largest first.
SIZES = {"large.webp": 1600, "thumbnail.webp": 320}
_SECONDS = 60


def make_previews(source: Path, folder: Path) -> bool:
    """Write the files of SIZES into a folder; False when this content cannot be drawn."""
    sizes = [f"{name}={longest}" for name, longest in SIZES.items()]
    command = [sys.executable, "-m", _DRAWING, str(source), str(folder), *sizes]
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run(command, timeout=_SECONDS, capture_output=True, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and all((folder / name).exists() for name in SIZES)
