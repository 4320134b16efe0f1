"""What the page of a person saves: what is known of them and their roles, together."""

import secrets
from collections.abc import Iterable
from typing import Unpack

from django.db import transaction

from trassa.people.actions.passwords import set_password
from trassa.people.actions.persons import change_person
from trassa.people.actions.roles import assign_roles
from trassa.people.models import Person, Role
from trassa.people.types import NO_CAUSE, Cause, PersonChanges

#: Without signs that are taken for one another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 3, 4


@transaction.atomic
def change_profile(
    person: Person,
    roles: Iterable[Role],
    *,
    actor_id: int | None,
    cause: Cause = NO_CAUSE,
    **changes: Unpack[PersonChanges],
) -> Person:
    """Change what is known of a person and make these their roles, or nothing of both."""
    changed = change_person(person, actor_id=actor_id, cause=cause, **changes)
    assign_roles(person, roles, actor_id=actor_id, cause=cause)
    return changed


def give_temporary_password(person: Person, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> str:
    """Set a password that is easy to dictate and return it; it is stored nowhere in readable form.

    The person chooses another one when they sign in with it.
    """
    groups = [
        "".join(secrets.choice(_ALPHABET) for _sign in range(_GROUP_LENGTH)) for _group in range(_GROUPS)
    ]
    password = "-".join(groups)
    set_password(person, password, actor_id=actor_id, is_temporary=True, cause=cause)
    return password
