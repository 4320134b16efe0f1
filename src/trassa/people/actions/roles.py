"""Roles, and who holds them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid, now
from trassa.people.actions.rights import bump_rights_revision
from trassa.people.codes import check_code
from trassa.people.history import additions, differences, write_entry
from trassa.people.models import Person, PersonRole, Role
from trassa.people.queries import require_administrator
from trassa.people.types import NO_CAUSE, Cause


@transaction.atomic
def create_role(
    *, code: str, label: Mapping[str, str], actor_id: int | None, cause: Cause = NO_CAUSE
) -> Role:
    """Create a role without any rights. `label` is the name by language, {"ru": …, "en": …}."""
    require_administrator(actor_id)
    check_code(code)
    taken = Role.objects.filter(code=code).first()
    if taken is not None and taken.retired_at:
        message = _("A retired role has this code. Restore it instead.")
        raise Invalid(message, errors=[FieldError("code", "retired", message)])
    if taken is not None:
        message = _("There is a role with this code.")
        raise Invalid(message, errors=[FieldError("code", "taken", message)])
    role = Role.objects.create(code=code, label=dict(label))
    changes = additions({"code": code, "label": dict(label)})
    write_entry("created", ("role", role.id), changes, actor_id=actor_id, cause=cause)
    return role


@transaction.atomic
def change_role(
    role: Role, *, label: Mapping[str, str], actor_id: int | None, cause: Cause = NO_CAUSE
) -> Role:
    """Give a role another name."""
    require_administrator(actor_id)
    row = Role.objects.select_for_update().get(id=role.id)
    changes = differences({"label": row.label}, {"label": dict(label)})
    if changes:
        row.label = dict(label)
        row.save(update_fields=["label"])
        write_entry("changed", ("role", row.id), changes, actor_id=actor_id, cause=cause)
    return row


@transaction.atomic
def retire_role(role: Role, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Take a role out of use: it gives no rights any more. Who holds it is kept for its return."""
    require_administrator(actor_id)
    _set_retirement(role.id, now(), "retired", actor_id, cause)


@transaction.atomic
def restore_role(role: Role, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Bring a retired role back, with its rights and the people who held it."""
    require_administrator(actor_id)
    _set_retirement(role.id, None, "restored", actor_id, cause)


def _set_retirement(role_id: int, at: datetime | None, kind: str, actor_id: int | None, cause: Cause) -> None:
    row = Role.objects.select_for_update().get(id=role_id)
    if (row.retired_at is None) == (at is None):
        return
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    bump_rights_revision()
    write_entry(kind, ("role", row.id), {}, actor_id=actor_id, cause=cause)


@transaction.atomic
def assign_roles(
    person: Person, roles: Iterable[Role], *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> None:
    """Make these the roles of the person, and no others."""
    require_administrator(actor_id)
    Person.objects.select_for_update().get(id=person.id)
    active = PersonRole.objects.filter(person=person, role__retired_at=None)
    held = dict(active.values_list("role_id", "role__code"))
    wanted = {role.id: role.code for role in roles}
    if held.keys() == wanted.keys():
        return
    PersonRole.objects.filter(person=person, role_id__in=held.keys() - wanted.keys()).delete()
    PersonRole.objects.bulk_create(
        PersonRole(person=person, role_id=id) for id in sorted(wanted.keys() - held.keys())
    )
    bump_rights_revision()
    changes = {"roles": (sorted(held.values()), sorted(wanted.values()))}
    write_entry("roles_assigned", ("person", person.id), changes, actor_id=actor_id, cause=cause)
