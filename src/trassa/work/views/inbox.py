"""The page “Waiting for me” with its counters."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trassa.access.queries import Actor, actor_of, actor_of_request
from trassa.people.queries import find_person, manages
from trassa.ui import read_id, render
from trassa.work.models import Task
from trassa.work.queries import count_inbox, list_inbox, principals_of
from trassa.work.screens.inbox import PAGE, Asked, inbox_view, section_of
from trassa.work.types import TaskLine

LIST = "work/inbox_list.html"
ROWS = "work/inbox_rows.html"


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the person."""
    return show(request, read_asked(request, approvals=False))


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What the person is to approve."""
    return show(request, read_asked(request, approvals=True))


def show(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The page, its list when htmx asks for that, or the rows behind a place in it (`?after=`)."""
    actor = actor_of_request(request)
    principal = find_principal(actor, asked.instead_of)
    if principal is None:
        asked = replace(asked, instead_of=None)
    after = read_after(request.GET.get("after", ""))
    query = replace(asked.query(), limit=PAGE + 1, after=after)
    found = list_inbox(actor, query, principal=principal)
    counts = count_inbox(actor, asked.query(counted=True), principal=principal)
    lines = found[:PAGE]
    view = inbox_view(actor, asked, lines, counts, next_page(asked, lines) if len(found) > PAGE else "")
    part = ROWS if after is not None else LIST
    return render(
        request,
        "work/inbox.html",
        {"view": view, "shown_section": request.GET.get("section", "")},
        fragment=part,
    )


def read_asked(request: HttpRequest, *, approvals: bool) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    values = request.GET
    kind, when = values.get("kind", ""), values.get("when", "")
    return Asked(
        approvals=approvals,
        kind=kind if kind in Task.Kind.values and not approvals else "",
        when=when if when in ("overdue", "today", "later") else "",
        words=values.get("q", "").replace("\0", "").strip()[:200],
        snoozed=bool(values.get("snoozed")),
        instead_of=read_id(values.get("for", "")),
    )


def find_principal(actor: Actor, id: int | None) -> Actor | None:
    """Somebody for whom the actor stands in today, or whose head the actor is; None for everybody else."""
    if id is None or actor.id is None or id == actor.id:
        return None
    if id not in principals_of(actor.id) and not manages(actor.id, id):
        return None
    person = find_person(id)
    return actor_of(person) if person is not None else None


def next_page(asked: Asked, lines: list[TaskLine]) -> str:
    """The address of what comes behind the last line."""
    last = lines[-1]
    place = {
        "after": f"{last.due_at.isoformat() if last.due_at else ''}|{last.id}",
        "section": section_of(last),
    }
    url = asked.url()
    return f"{url}{'&' if '?' in url else '?'}{urlencode(place)}"


def read_after(raw: str) -> tuple[datetime | None, int] | None:
    """A place in the list: the due moment and the id of the last line."""
    moment, _bar, number = raw.partition("|")
    id = read_id(number)
    if id is None:
        return None
    try:
        due_at = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return None
    return (due_at, id) if due_at is None or due_at.tzinfo is not None else None
