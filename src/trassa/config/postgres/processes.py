"""Facts about processes: is one alive, is it the server of a certain cluster."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie, which only waits for its parent to notice, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return not Path("/proc/self/stat").exists()
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def postmaster_of(cluster: Path) -> int | None:
    """Number of the process that serves the cluster, or None.

    The number in postmaster.pid outlives a kill; after a restart of the machine it may be anybody's.
    """
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    if not is_alive(pid):
        return None
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return pid
    return pid if str(cluster).encode() in words else None
