"""The history of a record."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router

from trassa.api import ApiRequest, Cursor, json_response
from trassa.records.api.access import find_actor, get_type
from trassa.records.api.answers import HistoryOut
from trassa.records.queries import get_record, list_history
from trassa.records.queries.cards import HistoryEntry
from trassa.schema.queries import current_generation

router = Router()
_ORDER = "history"


@router.get("/records/{type}/{int:id}/history", response=HistoryOut)
def get_history(
    request: ApiRequest,
    type: str,
    id: int,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
) -> HttpResponse:
    """What happened to the record, newest first, without fields that this person does not see."""
    actor = find_actor(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    before = Cursor.decode(cursor, order=_ORDER).id if cursor is not None else None
    found = list_history(actor, spec, record.id, before_seq=before, limit=limit + 1)
    page = found[:limit]
    following = Cursor(_ORDER, page[-1].seq).encode() if len(found) > limit else None
    return json_response({"items": [entry_json(entry) for entry in page], "next": following})


def entry_json(entry: HistoryEntry) -> dict[str, Any]:
    """One line of history; stages, pipelines and reasons by their codes."""
    changes = [
        {"key": key, "before": coded(key, before), "after": coded(key, after)}
        for key, (before, after) in entry.changes
    ]
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "actor": entry.actor_id,
        "cause": entry.cause,
        "changes": changes,
    }


def coded(key: str, value: Any) -> Any:
    """The code behind the id of a stage, pipeline or reason; other values as they are."""
    generation = current_generation()
    known: dict[str, Any] = {
        "stage": generation.stages_by_id,
        "pipeline": generation.pipelines_by_id,
        "reason": generation.reasons_by_id,
    }
    if key not in known or value is None:
        return value
    found = known[key].get(value)
    return found.code if found else None
