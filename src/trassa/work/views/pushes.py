"""Browsers take messages, or no more; and the worker that shows them."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.people.registries import open_to_everybody, open_while_password_is_due
from trassa.ui import add_toast, read_id, render
from trassa.work.actions.pushes import subscribe, unsubscribe
from trassa.work.queries.pushes import list_subscriptions

_WORKER = Path(__file__).parent.parent / "static" / "work" / "push_worker.js"
BROWSERS = "work/push_browsers.html"


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Takes `endpoint`, `p256dh` and `auth` of this browser; gives the list of browsers."""
    sent = request.POST
    subscribe(
        sent.get("endpoint", ""),
        sent.get("p256dh", ""),
        sent.get("auth", ""),
        session_key=request.session.session_key or "",
        agent=request.headers.get("User-Agent", ""),
        actor=actor_of_request(request),
    )
    return _browsers(request)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Forgets the browser of an `id` or `endpoint`; gives the list of browsers."""
    actor = actor_of_request(request)
    unsubscribe(actor, id=read_id(request.POST.get("id", "")), endpoint=request.POST.get("endpoint", ""))
    return add_toast(_browsers(request), _("This browser gets no more messages"), tone="ok")


def _browsers(request: HttpRequest) -> HttpResponse:
    context = {"browsers": list_subscriptions(actor_of_request(request))}
    return render(request, BROWSERS, context, fragment=BROWSERS)


@open_to_everybody
@open_while_password_is_due
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: it has to lie at the root to speak for all pages, and holds nothing secret."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
