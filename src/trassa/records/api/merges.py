"""Records become one, and are their own again."""

from typing import Annotated, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, idempotent, json_response
from trassa.kernel import Invalid
from trassa.records.actions.gathering import MAX_TOGETHER, Gathering, gather_records
from trassa.records.actions.joining import Pick
from trassa.records.actions.unmerging import seen_of, unmerge_records
from trassa.records.api.answers import Answer, RecordOut
from trassa.records.api.bodies import Body, Id, Version, example
from trassa.records.api.records import ADDRESS, answer_with
from trassa.records.queries.known import get_type

router = Router()

T = TypeVar("T")
Several = Annotated[list[T], Field(min_length=1, max_length=MAX_TOGETHER - 1)]


class Versions(Body):
    """Versions of the records that the choice was made from; those of several `from` in the same order."""

    into: Version
    source: Annotated[Version | Several[Version], Field(alias="from")]


class MergeIn(Body):
    """The record that goes, or several, and whose value stays where it is not a matter of course."""

    model_config = example({"from": 1025, "versions": {"into": 3, "from": 1}, "fields": {"phone": "from"}})

    source: Annotated[Id | Several[Id], Field(alias="from")]
    versions: Versions
    fields: Annotated[
        dict[str, Pick | Id],
        Field(
            description="By field code or `owner` the id of the record whose value stays, or `into`, `from`"
            " (of one record alone), or `both` where a field takes several: the values of all."
        ),
    ] = {}


class UnmergeIn(Body):
    """The record that is to be its own again."""

    source: Annotated[Id, Field(alias="from")]


class StayedOut(Answer):
    """Something changed since the merge, which therefore stays: the value of a field, `files` for files."""

    type: str
    id: int
    field: str


class UnmergedOut(Answer):
    into: int
    source: Annotated[int, Field(alias="from")]
    #: All that are their own again: what was merged in one go is taken back in one.
    parted: list[int]
    version: int
    stayed: list[StayedOut]


@router.post(f"{ADDRESS}/merge", response={200: RecordOut, 204: None})
@idempotent
def merge_record(request: ApiRequest, type: str, id: int, body: MergeIn) -> HttpResponse:
    """Merge the record `from` into this one, or several, with all links, files, comments and history.

    A field that is not named keeps this record's value, or takes the first other one where that is empty; a
    field that takes several keeps all. 409 when one of them changed since `versions` or has been merged
    already.
    """
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    gathering = read_gathering(spec.code, id, body)
    return answer_with(actor, spec, gather_records(gathering, actor=actor, cause=request.auth.cause))


def read_gathering(type: str, into: int, body: MergeIn) -> Gathering:
    """What a body asks for; raises Invalid when it does not fit together."""
    sources = body.source if isinstance(body.source, list) else [body.source]
    versions = body.versions.source if isinstance(body.versions.source, list) else [body.versions.source]
    if len(sources) != len(versions):
        raise Invalid(_("Give one version for each record."), code="versions_missing")
    if len(sources) > 1 and Pick.FROM in body.fields.values():
        raise Invalid(_("Of several records name the one whose value stays by its id."), code="ambiguous")
    named = {Pick.INTO: into, Pick.FROM: sources[0], Pick.BOTH: None}
    kept = {code: named[pick] if isinstance(pick, Pick) else pick for code, pick in body.fields.items()}
    seen = {into: body.versions.into, **dict(zip(sources, versions, strict=True))}
    return Gathering(type, into, sources, seen, kept)


@router.post(f"{ADDRESS}/unmerge", response=UnmergedOut)
@idempotent
def unmerge_record(request: ApiRequest, type: str, id: int, body: UnmergeIn) -> HttpResponse:
    """Take the record `from` out of this one again, and what was merged in one go with it.

    What was changed since stays here and is named.
    """
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    cause = request.auth.cause
    done = unmerge_records(spec.code, id, body.source, actor=actor, cause=cause)
    stayed = [
        {"type": each.type, "id": each.id, "field": each.key or "files"}
        for each in seen_of(actor, done.stayed)
    ]
    parted = sorted(done.losers)
    return json_response(
        {"into": id, "from": body.source, "parted": parted, "version": done.version, "stayed": stayed}
    )
