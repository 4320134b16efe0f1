"""How much waits behind what a page shows: one answer for all counters."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from trassa.ui.navigation import counters

_AT_MOST = 100


@require_safe
def counts(request: HttpRequest) -> JsonResponse:
    """The counters of these `key`s, by key: `{"text", "hot"}`; keys that nobody knows are absent."""
    keys = frozenset(request.GET.getlist("key")[:_AT_MOST])
    found = {}
    for count in counters:
        for key, each in count(request, keys).items():
            found[key] = {"text": each.text, "hot": each.hot}
    return JsonResponse(found)
