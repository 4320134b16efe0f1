"""What this room tells the world through the outbox, and the jobs that follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job

#: There is a new generation. Payload: `{"number": the new generation, "unfinished": ids of types whose
#: indexes are still to be built}`.
SCHEMA_CHANGED = "schema.changed"
FINISH_TYPE = "schema.finish_type"


def finish_types(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """One job for each type that has something left to build."""
    types = sorted({id for payload in payloads for id in payload["unfinished"]})
    jobs = [
        Job(FINISH_TYPE, {"type_id": id}, f"{FINISH_TYPE}.{id}", lock=f"{FINISH_TYPE}.{id}") for id in types
    ]
    return Dispatch(jobs=jobs)
