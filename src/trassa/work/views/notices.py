"""A person's notices: the bell, what it opens, the page of all, and what marks them as read."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.ui import address_of, is_fragment_request, read_id, read_ids, render
from trassa.work.actions.notices import mark_all_read, mark_read
from trassa.work.queries.notices import COUNT_LIMIT, count_unread, known_kinds, list_notices

PAGE = 50
#: What the bell shows.
NEWEST = 8
ROWS = "work/notice_rows.html"


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All of them: `?show=unread`, `?kind=` narrow, `?before=` goes on."""
    actor = actor_of_request(request)
    given = request.GET
    only_unread, kind = given.get("show") == "unread", given.get("kind", "")
    before = read_id(given.get("before", ""))
    found = list_notices(
        actor, only_unread=only_unread, kinds=[kind] if kind else [], before=before, limit=PAGE + 1
    )
    lines = found[:PAGE]
    address = address_of("work:notices")
    asked = {"show": "unread"} if only_unread else {}
    asked |= {"kind": kind} if kind else {}
    more = f"{address}?{urlencode(asked | {'before': lines[-1].id})}" if len(found) > PAGE else ""
    context: dict[str, Any] = {"lines": lines, "more": more}
    if before is not None and is_fragment_request(request):
        return render(request, ROWS, context, fragment=ROWS)
    context |= {
        "only_unread": only_unread,
        "kind": kind,
        "here": f"{address}?{urlencode(asked)}" if asked else address,
        "kinds": known_kinds(),
        "newest": lines[0].id if lines else 0,
        "unread": bell_count(count_unread(actor)),
    }
    return render(request, "work/notices.html", context, fragment="content")


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """What the bell opens."""
    actor = actor_of_request(request)
    lines = list_notices(actor, limit=NEWEST)
    context = {"lines": lines, "unread": count_unread(actor)}
    return render(request, "work/newest_notices.html", context, fragment="work/newest_notices.html")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks `id`s as read, or all up to `up_to`; with `unread` the ids as not read."""
    actor = actor_of_request(request)
    sent = request.POST
    ids = read_ids(sent.getlist("id"))
    if ids:
        mark_read(actor, ids, read="unread" not in sent)
    else:
        mark_all_read(actor, up_to=read_id(sent.get("up_to", "")))
    return HttpResponse(status=204, headers={"HX-Trigger": "notices:changed"})


def bell_count(count: int) -> str:
    """The number on the bell; "" for none."""
    return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count or "")
