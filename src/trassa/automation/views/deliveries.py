"""The delivery log: calls to other systems and what came in, with every attempt. For administrators."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.automation.actions.forgetting import KEPT_DAYS
from trassa.automation.models import Arrival, Call
from trassa.automation.queries import list_rules
from trassa.automation.queries.deliveries import (
    LogFilter,
    body_of,
    content_of,
    days_from,
    get_arrival,
    get_call,
    list_arrivals,
    list_calls,
)
from trassa.automation.screens.deliveries import (
    DeliveryLine,
    arrival_line,
    attempts_of,
    call_line,
    pretty,
    state_words,
)
from trassa.people.queries import administrator_of
from trassa.records.queries import titles_in, visible_titles
from trassa.schema.types import Label
from trassa.ui import address_of, read_id, render

PAGE = 50
DETAIL = "automation/delivery.html"


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """What rules told other systems, narrowed by rule, state and day."""
    administrator_of(request)
    rows = list_calls(read_filter(request, Call.State.values), PAGE + 1)
    titles = titles_of(actor_of_request(request), [(row.rule.type_id, row.record_id) for row in rows])
    lines = [call_line(row, titles) for row in rows[:PAGE]]
    return show_log(request, "calls", lines, Call.State.values, has_more=len(rows) > PAGE)


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """What other systems told rules."""
    administrator_of(request)
    rows = list_arrivals(read_filter(request, Arrival.State.values), PAGE + 1)
    known = [(row.rule.type_id, row.record_id) for row in rows if row.record_id is not None]
    titles = titles_of(actor_of_request(request), known)
    lines = [arrival_line(row, titles) for row in rows[:PAGE]]
    return show_log(request, "arrivals", lines, Arrival.State.values, has_more=len(rows) > PAGE)


@require_safe
def call(request: HttpRequest, id: int) -> HttpResponse:
    """One call: what was sent, and what each attempt met."""
    administrator_of(request)
    row = get_call(id)
    titles = titles_of(actor_of_request(request), [(row.rule.type_id, row.record_id)])
    context = {
        "kind": "calls",
        "line": call_line(row, titles),
        "url_told": row.url,
        "key": str(row.key),
        "secret": row.secret,
        "attempts": attempts_of(row),
        "body": pretty(json.loads(body_of(row))),
        "again": address_of("automation:repeat_call", id),
    }
    return render(request, DETAIL, context)


@require_safe
def arrival(request: HttpRequest, id: int) -> HttpResponse:
    """One thing that came in."""
    administrator_of(request)
    row = get_arrival(id)
    known = [(row.rule.type_id, row.record_id)] if row.record_id is not None else []
    context = {
        "kind": "arrivals",
        "line": arrival_line(row, titles_of(actor_of_request(request), known)),
        "key": row.key,
        "head": row.head,
        "body": pretty(content_of(row)),
        "again": address_of("automation:replay_arrival", id) if row.state == Arrival.State.FAILED else "",
    }
    return render(request, DETAIL, context)


def show_log(
    request: HttpRequest, kind: str, lines: Sequence[DeliveryLine], states: Iterable[str], *, has_more: bool
) -> HttpResponse:
    """One page of the log with what narrows it."""
    given = request.GET.copy()
    given["before"] = str(lines[-1].id) if lines else ""
    context = {
        "kind": kind,
        "lines": lines,
        "given": request.GET,
        "is_narrowed": any(request.GET.get(name) for name in ("rule", "state", "since", "until")),
        "rules": [
            (row.code, str(Label(**row.label))) for row in list_rules() if speaks(kind, row.definition)
        ],
        "states": [(state, state_words(state)[0]) for state in states],
        "older": f"?{given.urlencode()}" if has_more else "",
        "days": KEPT_DAYS,
        "kinds": [
            {"label": label, "url": address_of(f"automation:{code}"), "active": code == kind}
            for code, label in (("calls", _("Outgoing")), ("arrivals", _("Incoming")))
        ],
    }
    return render(request, "automation/deliveries.html", context, fragment="log")


def speaks(kind: str, definition: Any) -> bool:
    """Whether a rule can stand in this log."""
    return definition["when"]["event"] == "hook" if kind == "arrivals" else '"call"' in json.dumps(definition)


def read_filter(request: HttpRequest, states: Iterable[str]) -> LogFilter:
    """What the address asks for; what makes no sense is left out."""
    since, until = days_from(read_day(request, "since"), read_day(request, "until"))
    state = request.GET.get("state", "")
    return LogFilter(
        rule=request.GET.get("rule", ""),
        state=state if state in set(states) else "",
        since=since,
        until=until,
        before=read_id(request.GET.get("before", "")),
    )


def read_day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def titles_of(actor: Actor, wanted: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Titles of records by their ids."""
    by_type: dict[int, set[int]] = {}
    for type_id, id in wanted:
        by_type.setdefault(type_id, set()).add(id)
    return titles_in(visible_titles(actor, by_type))
