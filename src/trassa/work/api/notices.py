"""One's own notifications: to read them, and to say which have been read."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from trassa.access.queries import actor_of_call
from trassa.api import MAX_ID, ApiRequest, Cursor, json_response
from trassa.kernel import FieldError, Invalid
from trassa.work.actions.notices import mark_all_read, mark_read
from trassa.work.notice_types import NoticeLine
from trassa.work.queries.notices import count_unread, list_notices
from trassa.work.registries import notice_kinds

router = Router()
_ORDER = "notifications"
NOTICE_EXAMPLE: dict[str, Any] = {
    "id": 118,
    "kind": "assigned",
    "text": "Теперь ответственный — вы",
    "quote": "",
    "record": 2048,
    "type": "deal",
    "title": "BMW X5 xDrive40i, 2021 — Егоров Пётр",
    "person": 7,
    "url": "/r/deal/2048/",
    "created_at": "2026-05-12T10:18:00Z",
    "read_at": None,
}


class NotificationOut(Schema):
    """What one was told of. `person` is the id of who did it, null for Trassa itself; `record` and `type` are
    null for what is about no record. `text` is in the language of who asks."""

    model_config = ConfigDict(json_schema_extra={"examples": [NOTICE_EXAMPLE]})

    id: int
    kind: str
    text: str
    quote: str
    record: int | None
    type: str | None
    title: str
    person: int | None
    url: str
    created_at: datetime
    read_at: datetime | None


class NotificationsOut(Schema):
    """Notifications, newest first; `unread` is how many of all have not been read, 100 for more than 99."""

    items: list[NotificationOut]
    unread: int
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


class ReadIn(Schema):
    """Which ones: `ids`, or `all` of them, none above `up_to` when it is given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ids": [118]}]})

    ids: Annotated[list[Annotated[int, Field(ge=1, le=MAX_ID)]], Field(max_length=1000)] = []
    all: bool = False
    up_to: Annotated[int, Field(ge=1, le=MAX_ID)] | None = None
    read: bool = True


class ReadOut(Schema):
    """How many that changed, and how many are unread now."""

    changed: int
    unread: int


@router.get("/notifications", response=NotificationsOut)
def get_notifications(
    request: ApiRequest,
    *,
    unread: Annotated[bool, Query(description="Only those that have not been read.")] = False,
    kind: Annotated[str, Query(max_length=64, description="Only of this kind.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
) -> HttpResponse:
    """What the caller was told of, as far as they still see the records that it is about."""
    if kind and kind not in notice_kinds:
        message = _("There is no such kind of notification.")
        raise Invalid(message, errors=[FieldError("kind", "unknown_kind", message)])
    actor = actor_of_call(request)
    before = Cursor.decode(cursor, order=_ORDER).id if cursor is not None else None
    found = list_notices(
        actor, only_unread=unread, kinds=[kind] if kind else [], before=before, limit=limit + 1
    )
    page = found[:limit]
    following = Cursor(_ORDER, page[-1].id).encode() if len(found) > limit else None
    return json_response(
        {"items": [notice_json(each) for each in page], "unread": count_unread(actor), "next": following}
    )


@router.post("/notifications/read", response=ReadOut)
def read_notifications(request: ApiRequest, body: ReadIn) -> HttpResponse:
    """Mark notifications as read, or some as not read. Those of others are left alone."""
    actor = actor_of_call(request)
    if body.all:
        changed = mark_all_read(actor, up_to=body.up_to)
    else:
        changed = mark_read(actor, body.ids, read=body.read)
    return json_response({"changed": changed, "unread": count_unread(actor)})


def notice_json(line: NoticeLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "text": line.text,
        "quote": line.quote,
        "record": line.record_id,
        "type": line.type or None,
        "title": line.title,
        "person": line.who_id,
        "url": line.url,
        "created_at": line.created_at,
        "read_at": line.read_at,
    }
