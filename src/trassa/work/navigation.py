"""What this room puts into the shell: the inbox at the top of the menu, and tasks to create."""

from collections.abc import Mapping, Sequence, Set

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, actor_of_request
from trassa.schema.types import TypeSpec
from trassa.ui import Count, NavGroup, NavItem, address_of
from trassa.work.queries import COUNT_LIMIT, count_inbox
from trassa.work.queries.notices import COUNT_LIMIT as UNREAD_LIMIT
from trassa.work.queries.notices import count_unread
from trassa.work.types import InboxQuery

#: Keys of counters, and of places where there are any.
INBOX, APPROVALS, NOTICES = "inbox", "approvals", "notices"


def list_places(request: HttpRequest) -> Sequence[NavGroup]:
    """What waits for the person, above everything else; templates of tasks, for administrators."""
    own = [inbox_place(request), approvals_place(request), calendar_place(request)]
    found = [NavGroup("", own, is_first=True)]
    if getattr(request.user, "is_administrator", False):
        found.append(NavGroup(_("Administration"), [templates_place(request)], is_last=True))
    return found


def templates_place(request: HttpRequest) -> NavItem:
    """The templates of tasks."""
    url = address_of("work:templates")
    active = request.path.startswith(url)
    return NavItem(_("Task templates"), url, "list-check", active=active, key="task_templates")


def inbox_place(request: HttpRequest) -> NavItem:
    """The inbox."""
    url = address_of("work:inbox")
    return NavItem(
        _("Waiting for me"),
        url,
        "inbox",
        active=request.path.startswith(url) and not request.path.startswith(address_of("work:approvals")),
        counter=INBOX,
        key=INBOX,
    )


def approvals_place(request: HttpRequest) -> NavItem:
    """What the person is to approve."""
    url = address_of("work:approvals")
    return NavItem(
        _("My approvals"),
        url,
        "circle-check",
        active=request.path.startswith(url),
        counter=APPROVALS,
        key=APPROVALS,
    )


def calendar_place(request: HttpRequest) -> NavItem:
    """The days of the person and of their colleagues."""
    url = address_of("work:calendar")
    return NavItem(_("Calendar"), url, "calendar", active=request.path.startswith(url), key="calendar")


def count_waiting(request: HttpRequest, keys: Set[str]) -> Mapping[str, Count]:
    """How much waits for the person, how much of it is to be approved, and what they have not read; hot when
    something is late. What waits is counted in one query, whichever is asked for."""
    actor, found = actor_of_request(request), {}
    if keys & {INBOX, APPROVALS}:
        counts = count_inbox(actor)
        found[INBOX] = Count.up_to(COUNT_LIMIT, counts.total + counts.more, hot=bool(counts.overdue))
        if counts.more:
            approvals = count_inbox(actor, InboxQuery(kinds=["approval"]))
            waiting, late = approvals.total + approvals.more, approvals.overdue
        else:
            waiting, late = counts.kinds.get("approval", 0), counts.late_kinds.get("approval", 0)
        found[APPROVALS] = Count.up_to(COUNT_LIMIT, waiting, hot=bool(late))
    if NOTICES in keys:
        found[NOTICES] = Count.up_to(UNREAD_LIMIT, count_unread(actor))
    return found


def list_creatable(request: HttpRequest) -> Sequence[NavItem]:
    """A task, for everybody."""
    return [NavItem(_("Task"), address_of("work:new"), "checkbox", dialog=True, key="create.task")]


def card_part(actor: Actor, spec: TypeSpec, record_id: int) -> NavItem | None:
    """The tasks of a record on its card."""
    return NavItem(_("Tasks"), address_of("work:record_tasks", spec.code, record_id), "checkbox")
