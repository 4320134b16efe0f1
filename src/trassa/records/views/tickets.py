"""Tickets for the event stream."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.journal import sign_ticket
from trassa.records.registries import own_topics

#: Seconds for which a ticket is good, as `trassa.journal` signs it.
LIFETIME = 300


@require_safe
@never_cache
def ticket(request: HttpRequest) -> JsonResponse:
    """A signed list of the topics that this person may hear."""
    actor = actor_of_request(request)
    own = {topic for topics in own_topics for topic in topics(actor)}
    return JsonResponse({"ticket": sign_ticket(actor.topics() | own), "expires_in": LIFETIME})
