"""Signing in and out."""

import logging

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.kernel import now
from trassa.people.actions.attempts import attempts_by_address, attempts_by_login, refuse_further
from trassa.people.actions.looking import stop_looking
from trassa.people.addresses import client_address
from trassa.people.errors import SignInRefused
from trassa.people.history import write_entry
from trassa.people.models import Person, Session
from trassa.people.queries import OPENED, looker_of
from trassa.people.types import NO_CAUSE, Cause

log = logging.getLogger(__name__)

_AGENT_AT_MOST = 300


def sign_in(request: HttpRequest, *, login_name: str, password: str) -> Person:
    """Open a session under a fresh key. Raises SignInRefused or TooManyAttempts."""
    name = login_name.strip().lower()[:64]
    address = client_address(request)
    wait = attempts_by_address.take(address) or attempts_by_login.take(name)
    refuse_further(wait)
    person = authenticate(request, login=name, password=password)
    if person is None:
        log.warning("sign-in refused from %s", address)
        raise SignInRefused(_("Wrong login or password."))
    attempts_by_login.forget(name)
    attempts_by_address.give_back(address)
    with transaction.atomic():
        login(request, person)
        request.session[OPENED] = opening_of(request)
        cause = {"address": address}
        write_entry("signed_in", ("person", person.id), {}, actor_id=person.id, cause=cause)
    return person


def opening_of(request: HttpRequest) -> dict[str, str]:
    """What a session remembers of its beginning, so that people recognise it."""
    agent = request.headers.get("User-Agent", "")[:_AGENT_AT_MOST]
    return {"at": now().isoformat(), "address": client_address(request), "agent": agent}


@transaction.atomic
def end_other_sessions(person: Person, *, session_key: str | None, cause: Cause = NO_CAUSE) -> int:
    """End all of a person's sessions but this one; returns how many ended."""
    ended, _by_model = Session.objects.filter(person=person).exclude(session_key=session_key or "").delete()
    if ended:
        changes = {"ended": (None, ended)}
        write_entry("sessions_ended", ("person", person.id), changes, actor_id=person.id, cause=cause)
    return ended


def sign_out(request: HttpRequest) -> None:
    """End the session of this browser."""
    person = looker_of(request) or request.user
    with transaction.atomic():
        stop_looking(request)
        logout(request)
        if person.is_authenticated:
            cause = {"address": client_address(request)}
            write_entry("signed_out", ("person", person.id), {}, actor_id=person.id, cause=cause)


def forget_expired_sessions() -> int:
    """Delete the sessions that nobody can use any more; returns how many."""
    deleted, _by_model = Session.objects.filter(expire_date__lte=now()).delete()
    return deleted
