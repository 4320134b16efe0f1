"""Passwords."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from trassa.kernel import FieldError, Invalid
from trassa.people.history import write_entry
from trassa.people.models import Person, Session
from trassa.people.queries import require_administrator
from trassa.people.types import NO_CAUSE, Cause


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
def set_password(person: Person, password: str, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Set a new password, one's own or as an administrator, and end the person's sessions."""
    if actor_id != person.id:
        require_administrator(actor_id)
    check_password_rules(password)
    row = Person.objects.select_for_update().get(id=person.id)
    row.set_password(password)
    row.save(update_fields=["password"])
    Session.objects.filter(person=row).delete()
    write_entry("password_set", ("person", row.id), {}, actor_id=actor_id, cause=cause)
