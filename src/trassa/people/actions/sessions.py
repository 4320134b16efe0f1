"""Signing in and out."""

import logging

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trassa.kernel import now
from trassa.people.actions.looking import stop_looking
from trassa.people.addresses import client_address
from trassa.people.attempts import Attempts
from trassa.people.errors import SignInRefused, TooManyAttempts
from trassa.people.history import write_entry
from trassa.people.models import Person, Session
from trassa.people.queries import looker_of

log = logging.getLogger(__name__)

_WINDOW_SECONDS = 15 * 60
#: A login is guessed by one or by many, an address may be a whole office behind one router.
attempts_by_login = Attempts(10, _WINDOW_SECONDS)
attempts_by_address = Attempts(50, _WINDOW_SECONDS)


def sign_in(request: HttpRequest, *, login_name: str, password: str) -> Person:
    """Open a session under a fresh key. Raises SignInRefused or TooManyAttempts."""
    name = login_name.strip().lower()[:64]
    address = client_address(request)
    wait = attempts_by_address.take(address) or attempts_by_login.take(name)
    if wait:
        minutes = -(-wait // 60)
        raise TooManyAttempts(
            ngettext(
                "Too many attempts. Try again in %(minutes)s minute.",
                "Too many attempts. Try again in %(minutes)s minutes.",
                minutes,
            )
            % {"minutes": minutes},
            retry_after=wait,
        )
    person = authenticate(request, login=name, password=password)
    if person is None:
        log.warning("sign-in refused from %s", address)
        raise SignInRefused(_("Wrong login or password."))
    attempts_by_login.forget(name)
    attempts_by_address.give_back(address)
    with transaction.atomic():
        login(request, person)
        cause = {"address": address}
        write_entry("signed_in", ("person", person.id), {}, actor_id=person.id, cause=cause)
    return person


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
