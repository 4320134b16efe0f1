"""How the caller wants to be told, and what was sent to them."""

from datetime import datetime, time
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, Cursor, json_response
from trassa.work.actions.channels import choose_channels
from trassa.work.queries.channels import Wishes, get_wishes
from trassa.work.queries.deliveries import DeliveryLine, list_deliveries
from trassa.work.quiet_hours import Quiet
from trassa.work.registries import notice_kinds

router = Router()
_ORDER = "deliveries"
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
Channels = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[list[str], Field(max_length=10)]],
    Field(max_length=100, description="Channels (`app`, `email`, `push`) by kind of notification."),
]


class NotificationSettings(Schema):
    """How one is told. `digest` is empty for letters at once, `hourly` or `daily` (at `digest_at`); times are
    those of the person's zone. Kinds that are left out keep to what is usual for them."""

    model_config = ConfigDict(extra="forbid")

    channels: Channels = {}
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    rests: Annotated[bool, Field(description="Nothing on days off.")] = False
    digest: Annotated[str, Field(max_length=10)] = ""
    digest_at: Clock = "09:00"


class DeliveryOut(Schema):
    """A letter or message: `state` is due, sent, failed or dropped (there was nothing left to tell)."""

    id: int
    channel: str
    notifications: int
    state: str
    attempts: int
    error: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None


class DeliveriesOut(Schema):
    """Deliveries, newest first."""

    items: list[DeliveryOut]
    next: Annotated[str | None, Field(description="Pass it as `cursor` to go on; null on the last page.")]


@router.get("/notifications/settings", response=NotificationSettings)
def get_notification_settings(request: ApiRequest) -> HttpResponse:
    """How the caller is told of each kind."""
    return json_response(settings_json(get_wishes(request.auth.person.id)))


@router.put("/notifications/settings", response=NotificationSettings)
def put_notification_settings(request: ApiRequest, body: NotificationSettings) -> HttpResponse:
    """Choose how the caller is told; says everything."""
    actor = actor_of_call(request)
    quiet = Quiet(read_clock(body.quiet_from), read_clock(body.quiet_until), body.rests)
    chosen = {kind: tuple(names) for kind, names in body.channels.items()}
    choose_channels(Wishes(chosen, quiet, body.digest, time.fromisoformat(body.digest_at)), actor=actor)
    return json_response(settings_json(get_wishes(request.auth.person.id)))


@router.get("/notifications/deliveries", response=DeliveriesOut)
def get_notification_deliveries(
    request: ApiRequest,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
) -> HttpResponse:
    """Letters and messages to the caller."""
    before = Cursor.decode(cursor, order=_ORDER).id if cursor is not None else None
    found = list_deliveries(actor_of_call(request), before=before, limit=limit + 1)
    page = found[:limit]
    following = Cursor(_ORDER, page[-1].id).encode() if len(found) > limit else None
    return json_response({"items": [delivery_json(each) for each in page], "next": following})


def read_clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def settings_json(wishes: Wishes) -> dict[str, Any]:
    quiet = wishes.quiet
    return {
        "channels": {code: sorted(wishes.of(code)) for code, kind in notice_kinds.items() if not kind.fixed},
        "quiet_from": f"{quiet.since:%H:%M}" if quiet.since else None,
        "quiet_until": f"{quiet.until:%H:%M}" if quiet.until else None,
        "rests": quiet.rests,
        "digest": wishes.digest,
        "digest_at": f"{wishes.digest_at:%H:%M}",
    }


def delivery_json(line: DeliveryLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "channel": line.channel,
        "notifications": line.count,
        "state": line.state,
        "attempts": line.attempts,
        "error": line.error,
        "created_at": line.created_at,
        "due_at": line.due_at,
        "sent_at": line.sent_at,
    }
