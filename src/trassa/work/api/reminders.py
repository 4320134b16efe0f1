"""Reminders of the caller."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import MAX_ID, ApiRequest, Cursor, idempotent, json_response
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.people.types import Duration
from trassa.work.actions.reminders import remove_reminder, set_reminder
from trassa.work.queries.reminders import dates_of, list_reminders, type_of_record
from trassa.work.reminder_types import ReminderDraft, ReminderLine

router = Router()
_ORDER = "reminders"
Id = Annotated[int, Field(ge=1, le=MAX_ID)]


class ReminderIn(Schema):
    """What to be reminded of: of a `task`'s deadline or a date (`field`) of a `record`, `offset` from it
    (`-2 hours`, `-1 working day`), or `at` a moment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"record": 2048, "field": "visit_on", "offset": "-2 hours"}]},
    )

    task: Id | None = None
    record: Id | None = None
    field: Annotated[str, Field(max_length=64)] = ""
    offset: Annotated[str | None, Field(max_length=40)] = None
    at: AwareDatetime | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class ReminderOut(Schema):
    """A reminder; `due_at` is when it comes next, null while there is no date or when it has come."""

    id: int
    task: int | None
    record: int | None
    type: str | None
    title: str
    field: str
    offset: str | None
    at: datetime | None
    note: str
    due_at: datetime | None
    told_for: datetime | None


class RemindersOut(Schema):
    """Reminders, newest first."""

    items: list[ReminderOut]
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


@router.get("/reminders", response=RemindersOut)
def get_reminders(
    request: ApiRequest,
    *,
    record: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    task: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
) -> HttpResponse:
    """What the caller wants to be reminded of."""
    actor = actor_of_call(request)
    before = Cursor.decode(cursor, order=_ORDER).id if cursor is not None else None
    page = list_reminders(actor, record_id=record, task_id=task, before=before, limit=limit)
    following = Cursor(_ORDER, page[-1].id).encode() if len(page) == limit else None
    return json_response({"items": [reminder_json(each) for each in page], "next": following})


@router.post("/reminders", response={201: ReminderOut})
@idempotent
def post_reminder(request: ApiRequest, body: ReminderIn) -> HttpResponse:
    """Remind the caller; the same once more is the same reminder."""
    actor = actor_of_call(request)
    offset = Duration.parse(body.offset) if body.offset is not None else None
    column = column_of(actor, body) if body.record is not None and body.field else ""
    draft = ReminderDraft(body.task, body.record, column, offset, body.at, body.note)
    id = set_reminder(draft, actor=actor)
    line = next(each for each in list_reminders(actor, limit=200) if each.id == id)
    return json_response(reminder_json(line), status=201)


@router.delete("/reminders/{int:id}", response={204: None})
def delete_reminder(request: ApiRequest, id: int) -> HttpResponse:
    """Take a reminder back."""
    remove_reminder(id, actor=actor_of_call(request))
    return HttpResponse(status=204)


def column_of(actor: Actor, body: ReminderIn) -> str:
    """The column of the date that is named."""
    spec = type_of_record(body.record or 0)
    if spec is None:
        raise NotFound(_("There is no such record."))
    found = {code: column for column, code, _label in dates_of(actor, spec)}
    if body.field not in found:
        message = _("Choose a date of the record.")
        raise Invalid(message, errors=[FieldError("field", "unknown_field", message)])
    return found[body.field]


def reminder_json(line: ReminderLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "task": line.task_id,
        "record": line.record_id,
        "type": line.type or None,
        "title": line.title,
        "field": line.field,
        "offset": str(line.offset) if line.offset is not None else None,
        "at": line.at,
        "note": line.note,
        "due_at": line.due_at,
        "told_for": line.told_for,
    }
