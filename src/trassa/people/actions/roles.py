"""Roles, and who holds them."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.kernel import FieldError, Invalid
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
    if Role.objects.filter(code=code).exists():
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
def assign_roles(
    person: Person, roles: Iterable[Role], *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> None:
    """Make these the roles of the person, and no others."""
    require_administrator(actor_id)
    Person.objects.select_for_update().get(id=person.id)
    held = dict(PersonRole.objects.filter(person=person).values_list("role_id", "role__code"))
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
