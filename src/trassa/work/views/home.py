"""Blocks of the home page about tasks."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import now
from trassa.ui import NavGroup, NavItem, address_of, render
from trassa.work.queries.inbox import count_inbox, list_inbox
from trassa.work.types import InboxQuery

PART = "work/home_tasks.html"
#: Tasks that a block names; the inbox has the others.
SHOWN = 10


def usual_blocks(request: HttpRequest) -> list[NavItem]:
    """What waits for the person today."""
    return [NavItem(_("My tasks today"), address_of("work:home_tasks"), "checkbox", key="work.tasks")]


def further_blocks(request: HttpRequest) -> list[NavGroup]:
    """All that waits for the person, and of it what they are to approve."""
    all, approvals = address_of("work:home_waiting"), address_of("work:home_approvals")
    items = [
        NavItem(_("Waiting for me"), all, "inbox", key="work.waiting"),
        NavItem(_("My approvals"), approvals, "circle-check", key="work.approvals"),
    ]
    return [NavGroup(_("Tasks"), items)]


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What is late or due today, the most urgent first."""
    actor = actor_of_request(request)
    late = list_inbox(actor, InboxQuery(when="overdue", limit=SHOWN))
    due = list_inbox(actor, InboxQuery(when="today", limit=SHOWN))[: SHOWN - len(late)]
    context = {"counts": count_inbox(actor), "late": late, "due": due, "nothing": _("Nothing is due today.")}
    return render(request, PART, context | {"all_url": address_of("work:inbox")}, fragment=PART)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """All that waits, the most urgent first."""
    return show(request, InboxQuery(limit=SHOWN), address_of("work:inbox"))


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What is to be approved, the most urgent first."""
    return show(request, InboxQuery(kinds=["approval"], limit=SHOWN), address_of("work:approvals"))


def show(request: HttpRequest, query: InboxQuery, url: str) -> HttpResponse:
    """The first of these tasks, and where all of them are."""
    actor = actor_of_request(request)
    tasks, moment = list_inbox(actor, query), now()
    late = [task for task in tasks if task.due_at is not None and task.due_at < moment]
    context = {"late": late, "due": tasks[len(late) :], "counts": count_inbox(actor, query), "all_url": url}
    return render(request, PART, context | {"nothing": _("Nothing waits for you.")}, fragment=PART)
