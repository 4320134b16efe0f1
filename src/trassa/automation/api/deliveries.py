"""The delivery log: calls to other systems with their attempts, and what came in. Administrators only."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema

from trassa.api import ApiRequest, json_response
from trassa.automation.actions.arrivals import replay_arrival
from trassa.automation.actions.calls import repeat_call
from trassa.automation.api.secrets import require_admin
from trassa.automation.models import Arrival, Call
from trassa.automation.queries.deliveries import (
    LogFilter,
    body_of,
    content_of,
    get_arrival,
    get_call,
    list_arrivals,
    list_calls,
)

router = Router()

Limit = Annotated[int, Query(ge=1, le=200)]


class AttemptOut(Schema):
    """One attempt. `error` is empty for a delivery, `status` 0 when nobody answered; secrets are masked."""

    at: datetime
    status: int
    error: str
    ms: int
    sent: list[list[str]]
    got: list[list[str]]
    answer: str


class CallOut(Schema):
    """A call to another system: `state` is due, delivered or failed; `key` is what receivers know it by."""

    id: int
    key: str
    rule: str
    record: int
    url: str
    secret: str
    state: str
    attempts: int
    created_at: datetime
    delivered_at: datetime | None


class CallDetailOut(CallOut):
    """A call with what was sent and what its attempts met, the last twenty."""

    body: Any
    log: list[AttemptOut]


class CallPage(Schema):
    """Calls, newest first; `next` is the `before` of the following page."""

    items: list[CallOut]
    next: int | None


class ArrivalLineOut(Schema):
    """Something that came in: `state` is due, done or failed."""

    id: int
    rule: str
    record: int | None
    state: str
    attempts: int
    error: str
    at: datetime
    done_at: datetime | None


class ArrivalDetailOut(ArrivalLineOut):
    """The same with its content, and the head of its request with secrets masked."""

    key: str
    head: list[list[str]]
    body: Any


class ArrivalPage(Schema):
    """What came in, newest first; `next` is the `before` of the following page."""

    items: list[ArrivalLineOut]
    next: int | None


@router.get("/calls", response=CallPage)
def get_calls(
    request: ApiRequest,
    *,
    rule: str = "",
    state: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    before: int | None = None,
) -> HttpResponse:
    """Calls that rules made to other systems, delivered ones too."""
    require_admin(request)
    rows = list_calls(LogFilter(rule, state, since, until, before), limit + 1)
    return json_response(page_of([call_json(row) for row in rows], limit))


@router.get("/calls/{int:id}", response=CallDetailOut)
def get_one_call(request: ApiRequest, id: int) -> HttpResponse:
    """One call with its attempts."""
    require_admin(request)
    row = get_call(id)
    log = [{"sent": [], "got": [], "answer": "", **entry} for entry in row.log]
    return json_response({**call_json(row), "body": json.loads(body_of(row)), "log": log})


@router.post("/calls/{int:id}/repeat", response={204: None})
def post_repeat(request: ApiRequest, id: int) -> HttpResponse:
    """Make a call again, whatever became of it; its key stays the same."""
    require_admin(request)
    repeat_call(id, actor_id=request.auth.person_id)
    return HttpResponse(status=204)


@router.get("/arrivals", response=ArrivalPage)
def get_arrivals(
    request: ApiRequest,
    *,
    rule: str = "",
    state: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: Limit = 50,
    before: int | None = None,
) -> HttpResponse:
    """What came in at addresses of rules."""
    require_admin(request)
    rows = list_arrivals(LogFilter(rule, state, since, until, before), limit + 1)
    return json_response(page_of([arrival_json(row) for row in rows], limit))


@router.get("/arrivals/{int:id}", response=ArrivalDetailOut)
def get_one_arrival(request: ApiRequest, id: int) -> HttpResponse:
    """One thing that came in, with its content."""
    require_admin(request)
    row = get_arrival(id)
    return json_response({**arrival_json(row), "key": row.key, "head": row.head, "body": content_of(row)})


@router.post("/arrivals/{int:id}/replay", response={204: None})
def post_replay(request: ApiRequest, id: int) -> HttpResponse:
    """Do once more what came in and could not be done."""
    require_admin(request)
    replay_arrival(id, actor_id=request.auth.person_id)
    return HttpResponse(status=204)


def page_of(items: list[dict[str, Any]], limit: int) -> Mapping[str, Any]:
    return {"items": items[:limit], "next": items[limit - 1]["id"] if len(items) > limit else None}


def call_json(row: Call) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": str(row.key),
        "rule": row.rule.code,
        "record": row.record_id,
        "url": row.url,
        "secret": row.secret,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "delivered_at": row.delivered_at,
    }


def arrival_json(row: Arrival) -> dict[str, Any]:
    return {
        "id": row.id,
        "rule": row.rule.code,
        "record": row.record_id,
        "state": row.state,
        "attempts": row.attempts,
        "error": row.error,
        "at": row.at,
        "done_at": row.done_at,
    }
