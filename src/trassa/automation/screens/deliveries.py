"""The delivery log in words: lines of the list, and one call or arrival with all that is known of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from trassa.automation.models import Arrival, Call
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.ui import address_of


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One line of the log; `place` is where a call goes to."""

    id: int
    rule: str
    place: str
    record: str
    record_url: str
    state: str
    tone: str
    note: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt to make a call."""

    at: datetime
    said: str
    is_good: bool
    milliseconds: int
    sent: Sequence[tuple[str, str]]
    got: Sequence[tuple[str, str]]
    answer: str


def state_words(state: str) -> tuple[str, str]:
    """How a state is called, and its tone."""
    return {
        "due": (_("waits"), "accent"),
        "delivered": (_("delivered"), "ok"),
        "done": (_("done"), "ok"),
        "failed": (_("given up"), "bad"),
    }[state]


def call_line(call: Call, titles: Mapping[int, str]) -> DeliveryLine:
    """A call to another system."""
    state, tone = state_words(call.state)
    last = call.log[-1] if call.log else {}
    return DeliveryLine(
        call.id,
        str(Label(**call.rule.label)),
        str(urlsplit(call.url).hostname or call.url),
        titles.get(call.record_id, f"#{call.record_id}"),
        record_url(call.rule.type_id, call.record_id),
        state,
        tone,
        last_words(last),
        call.attempts,
        call.created_at,
    )


def arrival_line(arrival: Arrival, titles: Mapping[int, str]) -> DeliveryLine:
    """Something that came in."""
    state, tone = state_words(arrival.state)
    id = arrival.record_id
    return DeliveryLine(
        arrival.id,
        str(Label(**arrival.rule.label)),
        "",
        titles.get(id, f"#{id}") if id else "",
        record_url(arrival.rule.type_id, id) if id else "",
        state,
        tone,
        arrival.error,
        arrival.attempts,
        arrival.at,
    )


def last_words(entry: Mapping[str, Any]) -> str:
    """“HTTP 200 · 35 ms”, or what went wrong."""
    if not entry:
        return ""
    said = str(entry["error"]) or f"HTTP {entry['status']}"
    return _("%(said)s · %(ms)s ms") % {"said": said, "ms": entry["ms"]}


def attempts_of(call: Call) -> list[AttemptView]:
    """Attempts, the last one first."""
    return [
        AttemptView(
            datetime.fromisoformat(each["at"]),
            str(each["error"]) or f"HTTP {each['status']}",
            not each["error"],
            each["ms"],
            [(name, value) for name, value in each.get("sent", ())],
            [(name, value) for name, value in each.get("got", ())],
            each.get("answer", ""),
        )
        for each in reversed(call.log)
    ]


def record_url(type_id: int, record_id: int) -> str:
    """Where the card of a record is; "" when its type is out of use."""
    spec = current_generation().types_by_id.get(type_id)
    return address_of("records:card", spec.code, record_id) if spec else ""


def pretty(body: Any) -> str:
    """JSON as people read it."""
    return json.dumps(body, ensure_ascii=False, indent=2)
