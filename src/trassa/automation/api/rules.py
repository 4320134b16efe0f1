"""What rules did with a record, and rules carried out by hand."""

import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, idempotent, json_response
from trassa.automation.actions.arrivals import receive
from trassa.automation.actions.resuming import run_rule
from trassa.automation.models import Rule
from trassa.automation.queries.rehearsals import rehearse
from trassa.automation.queries.rules import draft_of, get_rule, list_rules
from trassa.automation.queries.traces import Trace, list_traces
from trassa.kernel import Invalid
from trassa.people.queries import require_administrator
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type, named_type
from trassa.schema.queries import current_generation

router = Router()
#: Largest body of a web hook.
MOST_BYTES = 1_000_000


class TracedStepOut(Schema):
    """What one step did. `error` is empty unless it failed."""

    kind: str
    place: str
    words: str
    error: str
    at: datetime


class TracedValueOut(Schema):
    """A value that a condition looked at."""

    name: str
    value: Any


class TraceOut(Schema):
    """One evaluation of a rule. `why` says in words why it fired or did not; `state` is skipped, queued,
    waiting, failed or done; `person` set it off."""

    id: int
    rule: str
    label: str
    version: int
    event: str
    fired: bool
    state: str
    why: str
    condition: str
    values: list[TracedValueOut]
    person: int | None
    steps: list[TracedStepOut]
    at: datetime
    ended_at: datetime | None


class TracePage(Schema):
    """Evaluations, newest first; `next` is the `before` of the following page."""

    items: list[TraceOut]
    next: int | None


class RunIn(Schema):
    """The record that a rule is carried out for."""

    record: int


@router.get("/records/{type}/{int:id}/traces", response=TracePage)
def get_traces(
    request: ApiRequest,
    type: str,
    id: int,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: int | None = None,
) -> HttpResponse:
    """Which rules looked at the record, whether they fired, why, and what each step did."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    get_record(actor, spec, id)
    traces = list_traces(actor, spec, id, before=before, limit=limit + 1)
    following = traces[limit - 1].id if len(traces) > limit else None
    return json_response({"items": [trace_json(each) for each in traces[:limit]], "next": following})


class RuleOut(Schema):
    """A rule as packs write it; `active` is false while it is switched off."""

    code: str
    type: str
    label: dict[str, str]
    when: dict[str, Any]
    condition: str
    steps: list[Any]
    active: bool
    version: int


class RuleList(Schema):
    """The rules of a type, or of all of them, in their order."""

    items: list[RuleOut]


@router.get("/rules", response=RuleList)
def get_rules(
    request: ApiRequest,
    type: Annotated[
        str | None, Query(min_length=1, description="Only those about records of this type.")
    ] = None,
) -> HttpResponse:
    """The rules in use. Administrators only."""
    require_administrator(request.auth.person.id)
    types = current_generation().types_by_id
    wanted = types if type is None else [named_type(actor_of_call(request), type).id]
    items = [rule_json(row, types[row.type_id].code) for row in list_rules(wanted)]
    return json_response({"items": items})


@router.post("/rules/{rule}/run", response=TraceOut)
@idempotent
def post_run(request: ApiRequest, rule: str, body: RunIn) -> HttpResponse:
    """Carry a rule out for a record by hand, if its condition is met."""
    actor = actor_of_call(request)
    run = run_rule(rule, body.record, actor=actor, cause={"kind": "api"})
    return json_response(trace_json(trace_of(actor, rule, body.record, run.id)))


class PeriodIn(Schema):
    """The time that a rule is rehearsed on; without it the last 30 days."""

    since: datetime | None = Field(None, alias="from")
    until: datetime | None = Field(None, alias="to")


class CaseOut(Schema):
    """One time at which the rule would have looked: `result` is met, unmet or unknown."""

    record: int
    at: datetime
    result: str


class RehearsalOut(Schema):
    """What a rule would have done. `known` is false where history does not tell of its trigger."""

    since: datetime
    until: datetime
    known: bool
    partial: bool
    met: int
    unmet: int
    unknown: int
    items: list[CaseOut]


@router.post("/rules/{rule}/rehearse", response=RehearsalOut)
def post_rehearsal(request: ApiRequest, rule: str, body: PeriodIn) -> HttpResponse:
    """What the rule would have done, played against history; nothing is written. Administrators only."""
    require_administrator(request.auth.person.id)
    row = get_rule(rule)
    found = rehearse(row, current_generation().types_by_id[row.type_id], since=body.since, until=body.until)
    return json_response(
        {
            "since": found.since,
            "until": found.until,
            "known": found.is_known,
            "partial": found.is_partial,
            **{result: found.count(result) for result in ("met", "unmet", "unknown")},
            "items": [
                {"record": each.record_id, "at": each.at, "result": each.result} for each in found.cases
            ],
        }
    )


class ArrivalOut(Schema):
    """What came in is kept under this number."""

    id: int


@router.post("/hooks/{secret}", response={202: ArrivalOut}, auth=None)
def post_hook(request: HttpRequest, secret: str) -> HttpResponse:
    """Where other systems tell a rule something: any JSON. It is kept, then done; the same again counts once.

    `Idempotency-Key` says what is the same; without it the body does, for ten to twenty minutes.
    """
    if len(request.body) > MOST_BYTES:
        raise Invalid(_("At most 1 MB is taken."), code="too_large")
    try:
        body = json.loads(request.body or b"null")
    except ValueError:
        raise Invalid(_("Send JSON."), code="invalid_json") from None
    arrival = receive(secret, body, request.headers.get("Idempotency-Key", ""), request.headers.items())
    return json_response({"id": arrival.id}, status=202)


def trace_of(actor: Actor, rule: str, record_id: int, run_id: int) -> Trace:
    """The trace of a run that has just been made."""
    spec = current_generation().types_by_id[get_rule(rule).type_id]
    [trace] = list_traces(actor, spec, record_id, before=run_id + 1, limit=1)
    return trace


def rule_json(row: Rule, type_code: str) -> dict[str, Any]:
    draft = draft_of(row, type_code)
    return {
        "code": draft.code,
        "type": draft.type,
        "label": row.label,
        "when": draft.when,
        "condition": draft.condition,
        "steps": draft.steps,
        "active": draft.is_active,
        "version": row.version,
    }


def trace_json(trace: Trace) -> dict[str, Any]:
    return {
        "id": trace.id,
        "rule": trace.rule,
        "label": str(trace.label),
        "version": trace.version,
        "event": trace.event,
        "fired": trace.fired,
        "state": trace.state,
        "why": trace.why,
        "condition": trace.condition,
        "values": [{"name": name, "value": value} for name, value in trace.values],
        "person": trace.person_id,
        "steps": [
            {"kind": each.kind, "place": each.place, "words": each.words, "error": each.error, "at": each.at}
            for each in trace.steps
        ],
        "at": trace.at,
        "ended_at": trace.ended_at,
    }
