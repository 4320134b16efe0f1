"""What surrounds comments: reactions, earlier texts, who watches a record and who can be named on it."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from trassa.api import ApiRequest, json_response
from trassa.records.actions.reactions import react_to_comment
from trassa.records.actions.watching import watch_record
from trassa.records.api.answers import Answer
from trassa.records.api.bodies import Body, example
from trassa.records.api.comments import COMMENT, CommentOut, answer, place_of
from trassa.records.api.records import ADDRESS
from trassa.records.queries import get_record
from trassa.records.queries.audience import read_place, read_watchers, suggest_listeners
from trassa.records.queries.comments import get_comment, list_versions

router = Router()
ReactionCode = Literal["agree", "disagree", "done", "looking", "thanks"]
MAX_PEOPLE = 50


class VersionOut(Answer):
    """A text that a comment had, and since when."""

    text: str
    at: datetime


class VersionsOut(Answer):
    """The texts of a comment, the present one first."""

    items: list[VersionOut]


class WatchOut(Answer):
    """Whether you hear what is said about the record, and who else does."""

    watching: bool
    people: list[int]


class Watching(Body):
    model_config = example({"watching": True})

    watching: Annotated[bool, Field(strict=True)]


class ListenerOut(Answer):
    """Somebody who sees the record: `@login` in a comment names them."""

    id: int
    login: str
    name: str


class ListenersOut(Answer):
    items: list[ListenerOut]


@router.put(f"{COMMENT}/reactions/{{reaction}}", response=CommentOut)
def put_reaction(
    request: ApiRequest, type: str, id: int, comment: int, reaction: ReactionCode
) -> HttpResponse:
    """React to a comment."""
    return react(request, type, id, comment, reaction, wanted=True)


@router.delete(f"{COMMENT}/reactions/{{reaction}}", response=CommentOut)
def delete_reaction(
    request: ApiRequest, type: str, id: int, comment: int, reaction: ReactionCode
) -> HttpResponse:
    """Take your reaction back."""
    return react(request, type, id, comment, reaction, wanted=False)


def react(
    request: ApiRequest, type: str, id: int, comment: int, reaction: str, *, wanted: bool
) -> HttpResponse:
    actor, spec = place_of(request, type)
    cause = request.auth.cause
    return answer(react_to_comment(actor, spec, id, comment, reaction, wanted=wanted, cause=cause))


@router.get(f"{COMMENT}/versions", response=VersionsOut)
def get_versions(request: ApiRequest, type: str, id: int, comment: int) -> HttpResponse:
    """What a comment said before it was changed."""
    actor, spec = place_of(request, type)
    get_record(actor, spec, id)
    versions = list_versions(get_comment(id, comment), id)
    return json_response({"items": [{"text": each.text, "at": each.at} for each in versions]})


@router.get(f"{ADDRESS}/watch", response=WatchOut)
def get_watch(request: ApiRequest, type: str, id: int) -> HttpResponse:
    """Whether you watch the record, and who does: its owner, participants, who wrote there or was named."""
    actor, spec = place_of(request, type)
    get_record(actor, spec, id)
    watchers = read_watchers(id, read_place(spec, id))
    return json_response(
        {"watching": watchers.hears(actor.id), "people": [each.id for each in watchers.people]}
    )


@router.put(f"{ADDRESS}/watch", response=WatchOut)
def put_watch(request: ApiRequest, type: str, id: int, body: Watching) -> HttpResponse:
    """Watch a record that you see, or hear no more of it, even as its owner."""
    actor, spec = place_of(request, type)
    watch_record(actor, spec, id, watching=body.watching, cause=request.auth.cause)
    return get_watch(request, type, id)


@router.get(f"{ADDRESS}/people", response=ListenersOut)
def get_listeners(
    request: ApiRequest,
    type: str,
    id: int,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_PEOPLE)] = 20,
) -> HttpResponse:
    """Who sees the record and can be named in a comment, by name or login; the nearest to it first."""
    actor, spec = place_of(request, type)
    get_record(actor, spec, id)
    found = suggest_listeners(spec, id, q, limit=limit)
    return json_response(
        {"items": [{"id": each.id, "login": each.login, "name": each.name} for each in found]}
    )
