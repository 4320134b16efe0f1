"""The secret address of one's calendar: the dialog about it, and what is told there."""

import hashlib
import time

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trassa.access.queries import actor_of, actor_of_request
from trassa.api import buckets
from trassa.people.queries import get_person
from trassa.people.registries import open_to_everybody
from trassa.ui import add_toast, address_of, date_short, render_in_dialog
from trassa.work.actions.feeds import renew_feed, withdraw_feed
from trassa.work.queries.feeds import feed_made_at, find_feed
from trassa.work.screens.feeds import feed_of
from trassa.work.types import Cause

DIALOG = "work/feed_dialog.html"
CAUSE: Cause = {"kind": "hand"}
#: How often one address is read, and how often one computer tries addresses that are none.
READS_PER_MINUTE, TRIES_PER_MINUTE = 30, 30


@require_http_methods(["GET", "HEAD", "POST"])
def dialog(request: HttpRequest) -> HttpResponse:
    """Whether there is an address; a POST makes one (`act=make`), shown this once, or withdraws it."""
    actor = actor_of_request(request)
    address, text = "", ""
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        withdraw_feed(actor=actor, cause=CAUSE)
        text = _("The address works no more.")
    elif request.method == "POST":
        secret = renew_feed(actor=actor, cause=CAUSE)
        address = request.build_absolute_uri(address_of("work:feed", secret))
    made_at = feed_made_at(actor.id) if actor.id is not None else None
    context = {"address": address, "made": date_short(made_at) if made_at else ""}
    response = render_in_dialog(request, DIALOG, context)
    response["Cache-Control"] = "no-store"
    return add_toast(response, text, tone="ok") if text else response


@open_to_everybody
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar at a secret address; nothing at all at every other one."""
    found = find_feed(secret)
    if found is None:
        computer = request.META.get("REMOTE_ADDR", "")
        wait = buckets.take(f"feeds:{computer}", TRIES_PER_MINUTE, time.monotonic())[1]
        return too_many(wait) if wait else HttpResponseNotFound()
    person_id, namespace = found
    wait = buckets.take(f"feed:{person_id}", READS_PER_MINUTE, time.monotonic())[1]
    if wait:
        return too_many(wait)
    person = get_person(person_id)
    with translation.override(person.language):
        body = feed_of(actor_of(person), namespace, request.build_absolute_uri("/").rstrip("/"))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    kept = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if etag in kept else HttpResponse(body)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Type"] = "text/calendar; charset=utf-8"
    response["Content-Disposition"] = 'inline; filename="trassa.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def too_many(wait: float) -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(max(1, round(wait)))})
