"""Passwords: one's own, those that administrators set, and links by which people set theirs."""

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid, now
from trassa.people.actions.attempts import attempts_by_login, refuse_further
from trassa.people.history import write_entry
from trassa.people.models import PasswordLink, Person, Session
from trassa.people.queries import digest_of, get_password_link, require_administrator
from trassa.people.types import NO_CAUSE, Cause

LINK_LIVES = timedelta(hours=24)
_SECRET_BYTES = 32


def check_password_rules(password: str) -> None:
    """Raise Invalid with every rule of AUTH_PASSWORD_VALIDATORS that the password breaks."""
    try:
        validate_password(password)
    except ValidationError as refusal:
        errors = [
            FieldError("password", error.code or "invalid", error.messages[0]) for error in refusal.error_list
        ]
        raise Invalid(errors[0].message, errors=errors) from refusal


@transaction.atomic
def set_password(
    person: Person,
    password: str,
    *,
    actor_id: int | None,
    is_temporary: bool = False,
    cause: Cause = NO_CAUSE,
) -> None:
    """Set a new password, one's own or as an administrator, and end the person's sessions.

    With `is_temporary` the person must choose another one before anything else.
    """
    if actor_id != person.id:
        require_administrator(actor_id)
    check_password_rules(password)
    _set(person, password, actor_id=actor_id, is_temporary=is_temporary, cause=cause)


@transaction.atomic
def change_own_password(
    person: Person, *, old: str, new: str, session_key: str | None, cause: Cause = NO_CAUSE
) -> Person:
    """Choose another password for oneself; the old one is asked. Other sessions than this one end.

    Raises Invalid naming `old` or `password`, and TooManyAttempts as sign-in does.
    """
    refuse_further(attempts_by_login.take(person.login))
    if not person.check_password(old):
        message = _("This is not your present password.")
        raise Invalid(message, errors=[FieldError("old", "wrong", message)])
    attempts_by_login.forget(person.login)
    if old == new:
        message = _("Choose another password than the present one.")
        raise Invalid(message, errors=[FieldError("password", "same", message)])
    check_password_rules(new)
    return _set(person, new, actor_id=person.id, cause=cause, keeps=session_key)


@transaction.atomic
def demand_new_password(person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Let a person do nothing before they have chosen another password."""
    require_administrator(actor_id)
    row = Person.objects.select_for_update().get(id=person.id)
    if not row.must_change_password:
        row.must_change_password = True
        row.save(update_fields=["must_change_password"])
        write_entry("password_demanded", ("person", row.id), {}, actor_id=actor_id, cause=cause)


@transaction.atomic
def make_password_link(person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> str:
    """The secret of a link that sets the person's password once, within 24 hours. Earlier links end."""
    require_administrator(actor_id)
    row = Person.objects.select_for_update().get(id=person.id)
    if not row.is_active:
        raise Invalid(_("This person is dismissed and cannot sign in."), code="dismissed")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    PasswordLink.objects.filter(person=row).delete()
    PasswordLink.objects.create(person=row, digest=digest_of(secret), expires_at=now() + LINK_LIVES)
    write_entry("password_link_made", ("person", row.id), {}, actor_id=actor_id, cause=cause)
    return secret


@transaction.atomic
def use_password_link(secret: str, password: str) -> Person:
    """Set a password by a link, which then works no more. Raises NotFound and Invalid."""
    link = get_password_link(secret, lock=True)
    check_password_rules(password)
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return _set(link.person, password, actor_id=link.person_id, cause={"via": "link"})


def _set(
    person: Person,
    password: str,
    *,
    actor_id: int | None,
    cause: Cause,
    is_temporary: bool = False,
    keeps: str | None = None,
) -> Person:
    """Store a password that was checked; sessions end but the one that is kept."""
    row = Person.objects.select_for_update().get(id=person.id)
    row.set_password(password)
    row.must_change_password = is_temporary
    row.save(update_fields=["password", "must_change_password"])
    Session.objects.filter(person=row).exclude(session_key=keeps or "").delete()
    write_entry("password_set", ("person", row.id), {}, actor_id=actor_id, cause=cause)
    return row
