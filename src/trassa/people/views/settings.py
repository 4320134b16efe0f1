"""What is one's own: password, sessions, first page and menu."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.kernel import FieldError, Invalid
from trassa.people.actions import (
    change_own_password,
    change_own_place,
    end_other_sessions,
    use_password_link,
)
from trassa.people.errors import TooManyAttempts
from trassa.people.queries import get_password_link, list_sessions, person_of, places_of
from trassa.people.registries import open_to_everybody, open_while_password_is_due
from trassa.people.screens.devices import device_name
from trassa.people.screens.places import place_choices
from trassa.ui import add_toast, reload_page, render

FORM = "people/new_password.html"


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    person = person_of(request)
    key = request.session.session_key
    sessions = [(each, device_name(each.agent), each.key == key) for each in list_sessions(person.id)]
    by_roles = next((place.start for place in places_of(person) if place.start), "")
    choices = place_choices(request)
    found = next((each.label for each in choices if each.key == by_roles), by_roles)
    context = {
        "sessions": sessions,
        "choices": choices,
        "starts": [(each.key, each.whole) for each in choices],
        "start_page": person.start_page,
        "by_roles": found,
        "pinned": person.pinned,
    }
    return render(request, "people/settings.html", context)


@open_while_password_is_due
@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponseBase:
    """Another password for oneself; the only page there is while it must be changed."""
    person = person_of(request)
    if request.method != "POST":
        return _ask_for_password(request)
    try:
        new = _typed_password(request)
        old, key = request.POST.get("old", ""), request.session.session_key
        changed = change_own_password(person, old=old, new=new, session_key=key)
    except Invalid as refusal:
        return _ask_for_password(request, errors=refusal.by_field)
    except TooManyAttempts as refusal:
        return _ask_for_password(request, errors={"old": str(refusal)})
    update_session_auth_hash(request, changed)
    return HttpResponseRedirect("/" if person.must_change_password else reverse("people:settings"))


@open_to_everybody
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password_by_link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A password by a link from an administrator; then one signs in with it."""
    link = get_password_link(secret)
    context = {"about": link.person, "url": reverse("people:password_by_link", args=[secret])}
    if request.method != "POST":
        return _ask_for_password(request, **context)
    try:
        use_password_link(secret, _typed_password(request))
    except Invalid as refusal:
        return _ask_for_password(request, errors=refusal.by_field, **context)
    return HttpResponseRedirect(f"{reverse('people:sign_in')}?password=set")


def _typed_password(request: HttpRequest) -> str:
    """The new password when it was typed twice alike; raises Invalid."""
    new = request.POST.get("password", "")
    if new != request.POST.get("again", ""):
        message = _("The two passwords differ.")
        raise Invalid(message, errors=[FieldError("again", "differs", message)])
    return new


def _ask_for_password(request: HttpRequest, **given: Any) -> HttpResponse:
    back = reverse("people:settings")
    context = {"about": None, "url": reverse("people:own_password"), "back": back, "errors": {}, **given}
    return render(request, FORM, context, status=422 if context["errors"] else 200)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponseBase:
    """Ends the person's sessions in all other browsers."""
    ended = end_other_sessions(person_of(request), session_key=request.session.session_key)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(reverse("people:settings"))
    words = ngettext("%(count)s session ended", "%(count)s sessions ended", ended) % {"count": ended}
    return add_toast(reload_page(), words, tone="ok")


@require_POST
def own_place(request: HttpRequest) -> HttpResponseBase:
    """One's own first page (`start_page`) and pinned entries: `pinned` all of them, `pin` or `unpin` one."""
    person, sent = person_of(request), request.POST
    pinned: Sequence[str] | None = sent.getlist("pinned") if "pins" in sent else None
    if key := sent.get("pin"):
        pinned = [*person.pinned, key]
    if key := sent.get("unpin"):
        pinned = [each for each in person.pinned if each != key]
    start = sent.get("address") or sent.get("start_page")
    change_own_place(person, start_page=start, pinned=pinned, actor_id=person.id)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(reverse("people:settings"))
    if pinned is not None:
        return reload_page()
    return add_toast(HttpResponse(status=204), _("This is your first page from now on."), tone="ok")
