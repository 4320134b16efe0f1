"""How one wants to be told, and what was sent."""

from collections import defaultdict
from datetime import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import FieldError, Invalid, NotFound
from trassa.people.queries import calendar_of, person_of
from trassa.ui import add_toast, address_of, is_fragment_request, read_id, render
from trassa.work.actions.channels import choose_channels, send_test
from trassa.work.actions.deliveries import deliver_again
from trassa.work.actions.pushes import push_keys
from trassa.work.models import Delivery
from trassa.work.notice_types import APP, EMAIL
from trassa.work.queries.channels import Wishes, get_wishes
from trassa.work.queries.deliveries import list_deliveries
from trassa.work.queries.pushes import list_subscriptions
from trassa.work.quiet_hours import Quiet
from trassa.work.registries import channels, notice_kinds

PAGE = 50
ROWS = "work/delivery_rows.html"
TESTED = "work/tested.html"
#: So many seconds a page looks what became of a test.
LOOKS = 30


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Kinds and channels, quiet hours, digests; saved by POST."""
    actor = actor_of_request(request)
    wishes, errors = get_wishes(actor.id or 0), {}
    if request.method == "POST":
        try:
            wishes = read_wishes(request.POST)
            choose_channels(wishes, actor=actor)
        except Invalid as refusal:
            errors = refusal.by_field
        else:
            return add_toast(HttpResponse(status=204), _("Saved"), tone="ok")
    person = person_of(request)
    ways = {APP: _("On the screen"), **{name: str(channel.label) for name, channel in channels.items()}}
    context: dict[str, Any] = {
        "kinds": [(code, str(kind.label)) for code, kind in notice_kinds.items() if not kind.fixed],
        "ways": list(ways.items()),
        "absent": [str(channel.label) for channel in channels if not channel.is_there()],
        "chosen": {code: wishes.of(code) for code, _kind in notice_kinds.items()},
        "wishes": wishes,
        "email": person.email,
        "zone": calendar_of(person.id).zone.key,
        "errors": errors,
    }
    context |= {
        "push_key": push_keys().public,
        "browsers": list_subscriptions(actor),
        "off": wishes.off,
        "has_mail": channels.get(EMAIL).is_there(),
    }
    return render(request, "work/channels.html", context, status=422 if errors else 200)


def read_wishes(sent: QueryDict) -> Wishes:
    """What the form says. Raises Invalid for times that are none."""
    chosen: dict[str, list[str]] = defaultdict(list)
    for each in sent.getlist("way"):
        kind, _colon, name = each.partition(":")
        chosen[kind].append(name)
    ways = {code: tuple(chosen[code]) for code, kind in notice_kinds.items() if not kind.fixed}
    quiet = Quiet(read_time(sent, "quiet_from"), read_time(sent, "quiet_until"), "rests" in sent)
    digest_at = read_time(sent, "digest_at") or time(9)
    return Wishes(ways, quiet, sent.get("digest", ""), digest_at)


def read_time(sent: QueryDict, name: str) -> time | None:
    text = sent.get(name, "").strip()
    try:
        return time.fromisoformat(text).replace(tzinfo=None, microsecond=0) if text else None
    except ValueError:
        message = _("Write a time such as 22:00.")
        raise Invalid(message, errors=[FieldError(name, "invalid", message)]) from None


@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest) -> HttpResponse:
    """Tells one something by a `channel`, then what became of it: it asks for itself until that is known."""
    actor, asked = actor_of_request(request), request.GET
    if request.method == "POST":
        channel = request.POST.get("channel", "")
        notice, look = send_test(actor, channel), 1
    else:
        channel, notice = asked.get("channel", ""), read_id(asked.get("notice", "")) or 0
        look = (read_id(asked.get("look", "")) or 0) + 1
    way = channels.find(channel)
    if way is None:
        raise NotFound(_("There is no such page."))
    lines, is_reached = list_deliveries(actor, notice=notice), bool(way.targets(actor.id or 0))
    is_tried = bool(lines) and all(line.state != "due" or line.attempts for line in lines)
    further = urlencode({"channel": channel, "notice": notice, "look": look})
    context = {
        "lines": lines,
        "id": f"tested-{channel}",
        "is_reached": is_reached,
        "further": f"{address_of('work:test_channels')}?{further}"
        if is_reached and not is_tried and look < LOOKS
        else "",
    }
    return render(request, TESTED, context, fragment=TESTED)


@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was sent to oneself; `?everybody=1` is for administrators, `?state=` narrows."""
    actor = actor_of_request(request)
    given = request.GET
    everybody, state = "everybody" in given, given.get("state", "")
    if everybody and not actor.everything:
        raise NotFound(_("There is no such page."))
    before = read_id(given.get("before", ""))
    state = state if state in Delivery.State.values else ""
    found = list_deliveries(actor, everybody=everybody, state=state, before=before, limit=PAGE + 1)
    asked = {"everybody": "1"} if everybody else {}
    asked |= {"state": state} if state else {}
    more = urlencode(asked | {"before": found[PAGE - 1].id}) if len(found) > PAGE else ""
    context: dict[str, Any] = {
        "lines": found[:PAGE],
        "more": f"{address_of('work:deliveries')}?{more}" if more else "",
        "everybody": everybody,
        "state": state,
        "may_see_all": actor.everything,
        "absent": missing_channels(actor),
    }
    if before is not None and is_fragment_request(request):
        return render(request, ROWS, context, fragment=ROWS)
    return render(request, "work/deliveries.html", context)


def missing_channels(actor: Actor) -> list[str]:
    """What administrators are told is not set up."""
    return [str(channel.label) for channel in channels if not channel.is_there()] if actor.everything else []


@require_POST
def again(request: HttpRequest, id: int) -> HttpResponse:
    """Sends what was given up once more."""
    actor = actor_of_request(request)
    if not actor.everything:
        raise NotFound(_("There is no such page."))
    deliver_again(id, actor_id=actor.id)
    return add_toast(HttpResponse(status=204), _("It is being sent again."), tone="ok")
