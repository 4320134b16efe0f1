"""Roles made from other roles."""

from collections.abc import Mapping
from typing import Protocol

from django.db import transaction

from trassa.access.actions.grants import set_grants
from trassa.access.queries import grants_of_role
from trassa.people.actions import create_role
from trassa.people.types import NO_CAUSE, Cause


class RoleRow(Protocol):
    """A row of `people.Role`."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...


@transaction.atomic
def copy_role(
    model: RoleRow, code: str, label: Mapping[str, str], *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> RoleRow:
    """A new role with the rights that another one has at this moment; nobody holds it yet."""
    role = create_role(code=code, label=label, actor_id=actor_id, cause=cause)
    set_grants(role, grants_of_role(model.id), actor_id=actor_id, cause={**cause, "like": model.code})
    return role
