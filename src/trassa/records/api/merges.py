"""Two records become one, and are two again."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from trassa.api import ApiRequest, idempotent, json_response
from trassa.records.actions.joining import Pick
from trassa.records.actions.merging import Merging, merge_records
from trassa.records.actions.unmerging import seen_of, unmerge_records
from trassa.records.api.access import find_actor, find_cause
from trassa.records.api.answers import Answer, RecordOut
from trassa.records.api.bodies import Body, Id, Version, example
from trassa.records.api.records import ADDRESS, answer_with
from trassa.records.queries.known import get_type

router = Router()


class Versions(Body):
    """Versions of both records that the choice was made from."""

    into: Version
    source: Annotated[Version, Field(alias="from")]


class MergeIn(Body):
    """The record that goes, and whose value stays where it is not a matter of course."""

    model_config = example({"from": 1025, "versions": {"into": 3, "from": 1}, "fields": {"phone": "from"}})

    source: Annotated[Id, Field(alias="from")]
    versions: Versions
    fields: Annotated[
        dict[str, Pick],
        Field(description="By field code or `owner`: `into`, `from`, or `both` where a field takes several."),
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
    version: int
    stayed: list[StayedOut]


@router.post(f"{ADDRESS}/merge", response={200: RecordOut, 204: None})
@idempotent
def merge_record(request: ApiRequest, type: str, id: int, body: MergeIn) -> HttpResponse:
    """Merge the record `from` into this one, with all its links, files, comments and history.

    A field that is not named keeps this record's value, or takes the other one where that is empty; a field
    that takes several keeps all. 409 when one of the two changed since `versions` or has been merged already.
    """
    actor = find_actor(request)
    spec = get_type(actor, type)
    versions = {id: body.versions.into, body.source: body.versions.source}
    merging = Merging(spec.code, id, body.source, versions, body.fields)
    _merge, outcome = merge_records(merging, actor=actor, cause=find_cause(request))
    return answer_with(actor, spec, outcome)


@router.post(f"{ADDRESS}/unmerge", response=UnmergedOut)
@idempotent
def unmerge_record(request: ApiRequest, type: str, id: int, body: UnmergeIn) -> HttpResponse:
    """Take the record `from` out of this one again; what was changed since stays here and is named."""
    actor = find_actor(request)
    spec = get_type(actor, type)
    cause = find_cause(request)
    done = unmerge_records(spec.code, id, body.source, actor=actor, cause=cause)
    stayed = [
        {"type": each.type, "id": each.id, "field": each.key or "files"}
        for each in seen_of(actor, done.stayed)
    ]
    return json_response({"into": id, "from": body.source, "version": done.version, "stayed": stayed})
