"""What this room tells the world, and what it does about what others tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job
from trassa.people.events import count_anew

#: Deadlines of stages came to a phase: soon, overdue, escalated.
#: Payload: `{"items": [{"phase", "type", "id", "stage", "owner", "department", "due_at"}]}`.
STAGE_DEADLINE = "automation.stage_deadline"

#: Runs of rules have come to steps that take time. Payload: `{"runs": [ids]}`.
RUNS_QUEUED = "automation.runs_queued"

#: A rule calls somebody over the web. Payload: `{"calls": [ids]}`.
CALLS_DUE = "automation.calls_due"

#: Something came in at the address of a rule. Payload: `{"arrival": id}`.
ARRIVED = "automation.arrived"

#: A rule is to look at many records. Payload: `{"rule": id, "key", "after": record id}`.
SWEEP_DUE = "automation.sweep_due"


def recount_on_changes(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts what follows working time anew, of the people concerned or of everybody."""
    return count_anew("automation.recount", payloads)


def go_on_with_runs(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each run."""
    return Dispatch(
        jobs=[Job("automation.resume", {"run": run}) for payload in payloads for run in payload["runs"]]
    )


def make_calls(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each call."""
    return Dispatch(
        jobs=[
            Job("automation.call", {"call": call}, queueing_lock=f"automation.call {call}")
            for payload in payloads
            for call in payload["calls"]
        ]
    )


def take_arrivals(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each arrival."""
    return Dispatch(
        jobs=[Job("automation.take_arrival", {"arrival": payload["arrival"]}) for payload in payloads]
    )


def sweep(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that goes through the records of a rule."""
    return Dispatch(jobs=[Job("automation.sweep", dict(payload)) for payload in payloads])
