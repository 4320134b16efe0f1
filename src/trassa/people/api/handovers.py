"""Handing over somebody's work, for their heads and for administrators."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from trassa.api import MAX_ID, ApiRequest, idempotent, json_response
from trassa.kernel import Forbidden
from trassa.people.actions.handovers import Results, as_json, hand_over, try_hand_over, undo_hand_over
from trassa.people.api.people import cause_of
from trassa.people.models import HandOver
from trassa.people.queries import get_person
from trassa.people.queries.handovers import get_hand_over, list_work, may_hand_over
from trassa.people.registries import Assignment

router = Router()
PersonId = Annotated[int, Field(ge=1, le=MAX_ID)]


class Share(Schema):
    """Somebody who takes over, and their share beside those of the others."""

    model_config = ConfigDict(extra="forbid")

    person: PersonId
    share: Annotated[int, Field(ge=1, le=1000)] = 1


class PartIn(Schema):
    """A part of the work; `where` chooses some of it by a condition, `to` names others than the order."""

    model_config = ConfigDict(extra="forbid")

    part: Annotated[str, Field(max_length=200)]
    where: Annotated[str, Field(max_length=5000)] = ""
    to: list[Share] = []


class HandOverIn(Schema):
    """Whom the work goes to. Without `parts` it is what is usual: work that is not ended. With `preview`
    nothing is changed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "to": [{"person": 8, "share": 2}, {"person": 9}],
                    "parts": [{"part": "records:owner.deal.sales", "where": "amount > 1000000"}],
                    "preview": True,
                }
            ]
        },
    )

    to: list[Share]
    parts: list[PartIn] | None = None
    preview: bool = False


class WorkOut(Schema):
    """One kind of work of a person."""

    part: str
    label: str
    count: int
    usual: bool


class WorkListOut(Schema):
    items: list[WorkOut]


class GivenOut(Schema):
    person: int
    count: int


class LeftOut(Schema):
    reason: str
    count: int
    names: list[str]


class PartOut(Schema):
    """What went to whom, and what stays and why."""

    part: str
    given: list[GivenOut]
    left: list[LeftOut]


class HandOverOut(Schema):
    """A hand-over. `state` is preview, ordered (a job is on it), done, failed, undoing or undone; `parts` is
    null for a preview of more than is tried."""

    id: int | None
    person: int
    state: str
    problem: str
    parts: list[PartOut] | None
    undone: list[PartOut]


@router.get("/people/{int:id}/work", response=WorkListOut)
def get_work(request: ApiRequest, id: int) -> HttpResponse:
    """What a person has to hand over, as far as you see it. For their heads and administrators."""
    person = get_person(id)
    if not may_hand_over(request.auth.person_id, person.id):
        raise Forbidden(_("Only a head of this person or an administrator hands over their work."))
    work = list_work(person.id, request.auth.person_id)
    items = [
        {"part": key, "label": str(part.label), "count": part.count, "usual": part.is_usual}
        for key, part in work.items()
    ]
    return json_response({"items": items})


@router.post("/people/{int:id}/hand-over", response={200: HandOverOut, 201: HandOverOut})
@idempotent
def post_hand_over(request: ApiRequest, id: int, body: HandOverIn) -> HttpResponse:
    """Hand the work of a person over. For their heads and administrators."""
    person, actor_id = get_person(id), request.auth.person_id
    assignments = read_assignments(body, person.id, actor_id)
    if body.preview:
        results = try_hand_over(person, assignments, actor_id=actor_id)
        return json_response(preview_json(person.id, results))
    row = hand_over(person, assignments, actor_id=actor_id, cause=cause_of(request))
    return json_response(hand_over_json(row), status=201)


@router.get("/hand-overs/{int:id}", response=HandOverOut)
def get_one(request: ApiRequest, id: int) -> HttpResponse:
    """What became of a hand-over."""
    return json_response(hand_over_json(get_hand_over(id, request.auth.person_id)))


@router.post("/hand-overs/{int:id}/undo", response=HandOverOut)
@idempotent
def post_undo(request: ApiRequest, id: int) -> HttpResponse:
    """Give back what nobody has changed since; `undone` tells what stayed."""
    row = undo_hand_over(id, actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(hand_over_json(row))


def read_assignments(body: HandOverIn, person_id: int, actor_id: int | None) -> list[Assignment]:
    """The order as actions understand it."""
    shares = shares_of(body.to)
    if body.parts is not None:
        return [Assignment(each.part, shares_of(each.to) or shares, each.where) for each in body.parts]
    work = list_work(person_id, actor_id)
    return [Assignment(key, shares) for key, part in work.items() if part.is_usual]


def shares_of(to: list[Share]) -> dict[int, int]:
    return {each.person: each.share for each in to}


def preview_json(person_id: int, results: Results | None) -> dict[str, Any]:
    parts = None if results is None else parts_json(as_json(results))
    return {"id": None, "person": person_id, "state": "preview", "problem": "", "parts": parts, "undone": []}


def hand_over_json(row: HandOver) -> dict[str, Any]:
    """A hand-over as `HandOverOut`."""
    return {
        "id": row.id,
        "person": row.person_id,
        "state": row.state,
        "problem": row.problem,
        "parts": parts_json(row.result),
        "undone": parts_json(row.undone),
    }


def parts_json(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What became of the parts of all sources."""
    found = []
    for source, each in results.items():
        for part in dict.fromkeys([*each["given"], *(left["part"] for left in each["left"])]):
            given = [{"person": int(id), "count": n} for id, n in each["given"].get(part, {}).items()]
            left = [
                {"reason": one["reason"], "count": one["count"], "names": list(one["names"])}
                for one in each["left"]
                if one["part"] == part
            ]
            found.append({"part": f"{source}:{part}", "given": given, "left": left})
    return found
