"""The history of a record."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, Cursor, json_response
from trassa.kernel import NotFound
from trassa.records.actions.reverting import Reversal, revert_changes
from trassa.records.api.answers import HistoryOut, RecordOut, record_writer
from trassa.records.api.parameters import refuse
from trassa.records.queries import get_record, list_history
from trassa.records.queries.cards import HistoryEntry
from trassa.records.queries.known import get_type
from trassa.schema.queries import current_generation

router = Router()


class RevertIn(Schema):
    """Which fields to take back; all that the entry changed when left out."""

    fields: list[str] | None = None


_ORDER = "history"


@router.get("/records/{type}/{int:id}/history", response=HistoryOut)
def get_history(
    request: ApiRequest,
    type: str,
    id: int,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
    field: Annotated[str, Query(description="Only changes of this field.")] = "",
) -> HttpResponse:
    """What happened to the record, newest first, without fields that this person does not see."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    record = get_record(actor, spec, id)
    of = spec.by_code.get(field)
    if field and (of is None or not actor.sees_field(of)):
        raise refuse("field", "unknown_field", _("There is no such field."))
    before = read_place(cursor) if cursor is not None else None
    found = list_history(actor, spec, record.id, before=before, limit=limit + 1, of=of)
    page = found[:limit]
    following = write_place(page[-1], record.id) if len(found) > limit else None
    return json_response({"items": [entry_json(entry) for entry in page], "next": following})


@router.post("/records/{type}/{int:id}/history/{int:seq}/revert", response=RecordOut)
def revert_entry(request: ApiRequest, type: str, id: int, seq: int, body: RevertIn) -> HttpResponse:
    """Restore what the entry changed, unless it was changed again since: then 409 names fields and people."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    get_record(actor, spec, id)
    fields = frozenset(body.fields) if body.fields is not None else None
    cause = {**request.auth.cause, "reverts": seq}
    revert_changes([Reversal(spec.code, id, seq, fields)], actor=actor, cause=cause)
    try:
        record = get_record(actor, spec, id)
    except NotFound:
        return HttpResponse(status=204)
    return json_response(record_writer(spec, actor.visible_fields(spec))(record))


def write_place(entry: HistoryEntry, id: int) -> str:
    """The cursor behind an entry of the history of record `id`."""
    return Cursor(_ORDER, entry.record_id or id, (entry.seq,)).encode()


def read_place(cursor: str) -> tuple[int, int]:
    """Seq and record behind which a page begins."""
    read = Cursor.decode(cursor, order=_ORDER, values=1)
    [seq] = read.values
    if type(seq) is not int or not 0 <= seq < 2**31:
        raise refuse("cursor", "invalid_cursor", _("Begin again without a cursor."))
    return seq, read.id


def entry_json(entry: HistoryEntry) -> dict[str, Any]:
    """One line of history; stages, pipelines and reasons by their codes."""
    changes = [
        {"key": key, "before": coded(key, before), "after": coded(key, after)}
        for key, (before, after) in entry.changes
    ]
    return {
        "seq": entry.seq,
        "record": entry.record_id,
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
