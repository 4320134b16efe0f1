"""What this room tells the world through the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job

#: Somebody started a check, an import or its undoing, or a part of it is done. Payload: `{"run": id}`.
IMPORT_ORDERED = "imports.ordered"


def begin_work(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """One job for each run; those of one run follow one another."""
    return Dispatch(jobs=[job_of(int(payload["run"])) for payload in payloads])


def job_of(run: int) -> Job:
    name = f"imports.{run}"
    return Job("imports.work", {"run": run}, queueing_lock=name, lock=name)
