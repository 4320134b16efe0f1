"""Persons come, change and go; nobody is ever deleted."""

import re
from collections.abc import Iterable
from typing import Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal import Json
from trassa.kernel import Conflict, FieldError, Invalid, now
from trassa.people.actions.passwords import check_password_rules
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.actions.working_time import tell_working_time
from trassa.people.history import additions, differences, write_entry
from trassa.people.models import (
    ApiToken,
    Calendar,
    Department,
    PasswordLink,
    Person,
    PersonRole,
    Role,
    Session,
)
from trassa.people.queries import require_administrator
from trassa.people.types import NO_CAUSE, Cause, PersonChanges

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


@transaction.atomic
def create_person(
    *,
    login: str,
    name: str,
    actor_id: int | None,
    password: str | None = None,
    email: str = "",
    phone: str = "",
    department: Department | None = None,
    roles: Iterable[Role] = (),
    language: str = "ru",
    theme: str = "auto",
    is_administrator: bool = False,
    calendar: Calendar | None = None,
    cause: Cause = NO_CAUSE,
) -> Person:
    """Create a person. Without a password nobody can sign in as this person yet."""
    require_administrator(actor_id)
    person = Person(
        login=login.strip().lower(),
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        department=department,
        language=language,
        theme=theme,
        is_administrator=is_administrator,
        calendar=calendar,
    )
    if password is not None:
        check_password_rules(password)
    person.set_password(password)
    _check(person)
    person.save(force_insert=True)
    held = sorted(roles, key=lambda role: role.code)
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in held)
    bump_rights_revision()
    changes = additions({**_state(person), "roles": [role.code for role in held]})
    write_entry("created", ("person", person.id), changes, actor_id=actor_id, cause=cause)
    return person


@transaction.atomic
def change_person(
    person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE, **changes: Unpack[PersonChanges]
) -> Person:
    """Change what is known of a person; returns the row as it is now."""
    require_administrator(actor_id)
    return _change(person, changes, actor_id=actor_id, cause=cause)


@transaction.atomic
def change_preferences(
    person: Person,
    *,
    actor_id: int | None,
    language: str | None = None,
    theme: str | None = None,
    cause: Cause = NO_CAUSE,
) -> Person:
    """Change one's own language and theme; None leaves one as it is."""
    if actor_id != person.id:
        require_administrator(actor_id)
    changes: PersonChanges = {}
    if language is not None:
        changes["language"] = language
    if theme is not None:
        changes["theme"] = theme
    return _change(person, changes, actor_id=actor_id, cause=cause)


@transaction.atomic
def dismiss_person(person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> Person:
    """Let a person go: from this moment no session and no token of theirs opens anything."""
    require_administrator(actor_id)
    _keep_an_administrator(without=person)
    row = Person.objects.select_for_update().get(id=person.id)
    if not row.is_active:
        return row
    row.is_active = False
    row.save(update_fields=["is_active"])
    Session.objects.filter(person=row).delete()
    PasswordLink.objects.filter(person=row).delete()
    revoked = ApiToken.objects.filter(person=row, revoked_at=None).update(revoked_at=now())
    bump_rights_revision()
    changes = {"is_active": (True, False), "revoked_tokens": (None, revoked)}
    write_entry("dismissed", ("person", row.id), changes, actor_id=actor_id, cause=cause)
    return row


@transaction.atomic
def readmit_person(person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> Person:
    """Take a dismissed person back; sessions and tokens stay ended."""
    require_administrator(actor_id)
    row = Person.objects.select_for_update().get(id=person.id)
    if row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    bump_rights_revision()
    changes = {"is_active": (False, True)}
    write_entry("readmitted", ("person", row.id), changes, actor_id=actor_id, cause=cause)
    return row


def _change(person: Person, changes: PersonChanges, *, actor_id: int | None, cause: Cause) -> Person:
    if changes.get("is_administrator") is False:
        _keep_an_administrator(without=person)
    row = Person.objects.select_for_update().get(id=person.id)
    before = _state(row)
    for name, value in changes.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.login = row.login.lower()
    made = differences(before, _state(row))
    if not made:
        return row
    _check(row)
    row.save(update_fields=list(changes))
    if made.keys() - {"language", "theme", "calendar"}:
        bump_rights_revision()
    if made.keys() & {"calendar", "department"}:
        tell_working_time([row.id])
    write_entry("changed", ("person", row.id), made, actor_id=actor_id, cause=cause)
    return row


def _state(person: Person) -> dict[str, Json]:
    return {
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "department": person.department_id,
        "language": person.language,
        "theme": person.theme,
        "is_administrator": person.is_administrator,
        "calendar": person.calendar_id,
    }


def _check(person: Person) -> None:
    """Raise Invalid naming every field that is not right."""
    errors = []
    if _LOGIN.fullmatch(person.login) is None:
        message = _("A login consists of Latin letters, digits and the signs . _ - @ +")
        errors.append(FieldError("login", "invalid_login", message))
    elif Person.objects.filter(login=person.login).exclude(id=person.id).exists():
        errors.append(FieldError("login", "taken", _("Somebody has this login already.")))
    if not person.name:
        errors.append(FieldError("name", "required", _("A person needs a name.")))
    if person.email and not _is_email(person.email):
        errors.append(FieldError("email", "invalid_email", _("This is not an e-mail address.")))
    if person.language not in Person.Language.values:
        errors.append(FieldError("language", "unknown", _("There is no such language.")))
    if person.theme not in Person.Theme.values:
        errors.append(FieldError("theme", "unknown", _("There is no such theme.")))
    if errors:
        raise Invalid(errors[0].message, errors=errors)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _keep_an_administrator(*, without: Person) -> None:
    """Refuse to lose the last one who may set things up. Locks all of them in one order."""
    administrators = Person.objects.filter(is_active=True, is_administrator=True)
    ids = set(administrators.select_for_update().order_by("id").values_list("id", flat=True))
    if ids == {without.id}:
        message = _("This is the last administrator; name another one first.")
        raise Conflict(message, code="last_administrator")
