"""What this room tells the world, and what it does about what others tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job

#: Deadlines of stages came to a phase: soon, overdue, escalated.
#: Payload: `{"items": [{"phase", "type", "id", "stage", "owner", "department", "due_at"}]}`.
STAGE_DEADLINE = "automation.stage_deadline"

#: Jobs of one name wait for one another; those that are still waiting are joined.
_RECOUNT = "automation.recount"


def recount_on_changes(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts what follows working time anew, of the people concerned or of everybody."""
    people: set[int] = set()
    for payload in payloads:
        if payload["people"] is None:
            job = Job(_RECOUNT, {"people": None}, queueing_lock=_RECOUNT, lock=_RECOUNT)
            return Dispatch(jobs=[job])
        people |= set(payload["people"])
    return Dispatch(jobs=[Job(_RECOUNT, {"people": sorted(people)}, lock=_RECOUNT)])
