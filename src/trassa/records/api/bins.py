"""The bin of a type: what lies in it, who put it there, and what was merged away."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.kernel import NotFound
from trassa.records.api.parameters import MAX_TEXT
from trassa.records.queries.bins import list_binned, uses_bin
from trassa.records.queries.known import get_type
from trassa.records.screens.bins import read_place, write_place

router = Router()


class BinnedOut(Schema):
    """A record in the bin."""

    id: int
    number: str
    title: str
    binned_at: datetime
    binned_by: Annotated[int | None, Field(description="The person; null when it was Trassa itself.")]
    merged_into: Annotated[
        int | None,
        Field(description="The record that it became part of: take the merge back instead of restoring."),
    ]


class BinPageOut(Schema):
    """Records in the bin, the latest first."""

    items: list[BinnedOut]
    next: Annotated[
        str | None, Field(description="The `cursor` of the following page; null on the last one.")
    ]


@router.get("/records/{type}/bin", response=BinPageOut)
def get_bin(
    request: ApiRequest,
    type: str,
    q: Annotated[str, Query(max_length=MAX_TEXT, description="A part of a title, or a number.")] = "",
    cursor: Annotated[str | None, Query(min_length=1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> HttpResponse:
    """What the caller may restore, and what was merged away. Restore one, or many by a bulk run."""
    actor = actor_of_call(request)
    spec = get_type(actor, type)
    if not uses_bin(actor, spec):
        raise NotFound(_("There is no such page."))
    text = q.strip().replace("\0", "")
    found, following = list_binned(actor, spec, text=text, after=read_place(cursor or ""), limit=limit)
    items = [
        {
            "id": each.id,
            "number": each.number,
            "title": each.title,
            "binned_at": each.binned_at,
            "binned_by": each.binned_by_id,
            "merged_into": each.survivor_id if each.survivor_title else None,
        }
        for each in found
    ]
    return json_response({"items": items, "next": write_place(following)})
