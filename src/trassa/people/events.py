"""What this room tells the world through the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job, Payload

#: Working time is another one: a calendar, who has which, or an absence changed.
#: Payload: `{"people": [ids] or null}`; null means that it may concern everybody.
WORKING_TIME_CHANGED = "people.working_time_changed"

#: Much work of a person is to be handed over, or given back. Payload: `{"hand_over": id}`.
HAND_OVER_ORDERED = "people.hand_over_ordered"


def carry_out_hand_overs(payloads: Sequence[Payload]) -> Dispatch:
    """A job for each hand-over."""
    ids = dict.fromkeys(payload["hand_over"] for payload in payloads)
    return Dispatch(jobs=[Job("people.hand_over", {"id": id}, lock=f"people.hand_over.{id}") for id in ids])


def count_anew(task: str, payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """One job that counts what follows working time anew: of the `people` concerned, or of everybody (null).

    Jobs of one name wait for one another; one for everybody that still waits is joined.
    """
    people: set[int] = set()
    for payload in payloads:
        if payload["people"] is None:
            return Dispatch(jobs=[Job(task, {"people": None}, queueing_lock=task, lock=task)])
        people |= set(payload["people"])
    return Dispatch(jobs=[Job(task, {"people": sorted(people)}, lock=task)])
