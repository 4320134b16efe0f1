"""Possible duplicates: of values that are about to be stored, and among the records that are there."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema

from trassa.access.queries import Actor, actor_of_call
from trassa.api import ApiRequest, Cursor, json_response
from trassa.records.api.answers import DuplicatesOut, SuspectsOut, duplicate_json
from trassa.records.queries import Duplicate, find_duplicates, key_fields, list_suspects
from trassa.records.queries.known import get_type
from trassa.schema.errors import ValueRefused
from trassa.schema.registries import field_kinds
from trassa.schema.types import TypeSpec

router = Router()
_ORDER = "suspects"


class Candidate(Schema):
    """Values of a record to be, by field code."""

    fields: dict[str, Any]


@router.post("/types/{type}/duplicates", response=DuplicatesOut)
def check_duplicates(request: ApiRequest, type: str, body: Candidate) -> HttpResponse:
    """Records in this person's sight that share a VIN, phone, INN, plate, e-mail or name with the values."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    found = duplicates_of(actor, spec, body.fields)
    return json_response({"items": [duplicate_json(each) for each in found]})


@router.get("/types/{type}/suspects", response=SuspectsOut)
def get_suspects(
    request: ApiRequest, type: str, cursor: Annotated[str | None, Query(min_length=1)] = None
) -> HttpResponse:
    """Groups of records that agree in a key, by their newest record, about fifty a page.

    A page may be empty and yet have a next one: each looks through a bounded number of records. A group
    names its fifty newest records.
    """
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    before = None if cursor is None else Cursor.decode(cursor, order=_ORDER).id
    groups, following = list_suspects(actor, spec, before=before)
    items = [
        {"field": group.field.code, "records": [duplicate_json(each) for each in group.records]}
        for group in groups
    ]
    return json_response({"items": items, "next": Cursor(_ORDER, following).encode() if following else None})


def duplicates_of(actor: Actor, spec: TypeSpec, fields: Mapping[str, Any]) -> list[Duplicate]:
    """Duplicates of raw values; those that cannot be read are left to the write to refuse."""
    values = {}
    for field in key_fields(actor, spec):
        if fields.get(field.code) in (None, ""):
            continue
        try:
            values[field.code] = field_kinds.get(field.kind).parse(fields[field.code], field)
        except ValueRefused:
            continue
    return find_duplicates(actor, spec, [values])[0] if values else []
