"""Answers to htmx that carry news instead of HTML: toasts and events for the modules of a page."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from trassa.kernel import TrassaError
from trassa.ui import is_fragment_request


def news(status: int = 204, /, **events: Any) -> HttpResponse:
    """Nothing to swap, only events: `news(toast={...}, record_moved={...})` sends `record:moved`."""
    return with_news(HttpResponse(status=status), **events)


def with_news(response: HttpResponse, **events: Any) -> HttpResponse:
    """Add events to an answer; underscores in their names stand for colons."""
    named = {name.replace("_", ":"): detail for name, detail in events.items()}
    response.headers["HX-Trigger"] = json.dumps(named)
    return response


def refusal(error: TrassaError) -> HttpResponse:
    """A toast that says why; nothing is swapped."""
    text = str(error.errors[0].message if error.errors else error.message)
    response = news(error.status, toast={"text": text, "tone": "bad"}, record_refused={"code": error.code})
    response.headers["HX-Reswap"] = "none"
    return response


def is_in_panel(request: HttpRequest, url: str) -> bool:
    """Whether the content of the page at `url` is asked for as a panel over another page."""
    below = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return is_fragment_request(request) and below != url


def wants_fragment(request: HttpRequest, target: str) -> bool:
    """Whether htmx asks for the part of the page with this id."""
    named: str = request.headers.get("HX-Target", "")
    return named.rpartition("#")[2] == target
