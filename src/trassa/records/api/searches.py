"""Search over all types."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from trassa.access.queries import actor_of_call
from trassa.api import ApiRequest, json_response
from trassa.records.api.answers import HitsOut, hit_json
from trassa.records.api.parameters import MAX_TEXT
from trassa.records.queries import find_hits

router = Router()


@router.get("/search", response=HitsOut)
def find_records(
    request: ApiRequest,
    q: Annotated[str, Query(min_length=1, max_length=MAX_TEXT, description="Words, part of a VIN, a phone.")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> HttpResponse:
    """The best answers among the records that this person sees: keys first, then words by rank.

    When nothing is found, misspelt words and a wrong keyboard layout are put right; `instead` is then the
    text that found the answers.
    """
    found = find_hits(actor_of_call(request), q, limit=limit)
    return json_response({"items": [hit_json(hit) for hit in found.hits], "instead": found.instead or None})
