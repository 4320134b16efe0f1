"""Short messages that the page shows for a few seconds, sent beside any answer to htmx."""

import json
from typing import Literal, TypeVar

from django.http.response import HttpResponseBase
from django.utils.functional import Promise

Tone = Literal["", "ok", "warn", "bad"]
Response = TypeVar("Response", bound=HttpResponseBase)


def add_toast(
    response: Response,
    text: str | Promise,
    *,
    tone: Tone = "",
    undo_url: str = "",
    undo_label: str | Promise = "",
) -> Response:
    """Make the page show `text`; with `undo_url` a button posts there to take the change back."""
    event = {"text": str(text), "tone": tone, "undo": undo_url, "undoLabel": str(undo_label)}
    add_event(response, "toast", {key: value for key, value in event.items() if value})
    return response


def add_event(response: HttpResponseBase, name: str, detail: object) -> None:
    """Make htmx dispatch an event when the answer arrives; several may travel together."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[name] = detail
    response["HX-Trigger"] = json.dumps(events)
