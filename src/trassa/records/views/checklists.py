"""Ticking what a stage asks for."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from trassa.access.queries import actor_of_request
from trassa.kernel import Forbidden
from trassa.records.actions.checklists import set_tick
from trassa.records.queries.known import get_type
from trassa.records.views.answers import news, refusal


@require_POST
def tick(request: HttpRequest, type: str, id: int, item: str) -> HttpResponse:
    """Notes that a thing is done, or without `done` that it is not; the card is renewed."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    try:
        set_tick(actor, spec, id, item, is_done="done" in request.POST, cause={"kind": "card"})
    except Forbidden as error:
        return refusal(error)
    return news(record_stale={"type": spec.id, "id": id})
