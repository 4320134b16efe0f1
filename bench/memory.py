"""Proportional set size of a process and everything below it, PostgreSQL left out."""

from pathlib import Path


def children_of(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += children_of(int(child))
    return found


def pss_mib(pid: int) -> float:
    """Mebibytes of PSS of the process tree without PostgreSQL's processes."""
    total = 0
    for member in children_of(pid):
        name = Path(f"/proc/{member}/comm").read_text().strip()
        if name.startswith("postgres"):
            continue
        for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024
