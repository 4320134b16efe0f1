"""Reads of roles and of who holds them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound
from trassa.people.models import Person, PersonRole, Role
from trassa.people.queries.persons import with_revision


def list_roles() -> list[Role]:
    """All roles by code, without retired ones."""
    return list(Role.objects.filter(retired_at=None).order_by("code"))


def find_role(code: str) -> Role | None:
    """The role with this code that is not retired."""
    return Role.objects.filter(code=code, retired_at=None).first()


def get_role(code: str) -> Role:
    """The role with this code, retired ones too; raises NotFound."""
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise NotFound(_("There is no such role."))
    return role


def lock_role(role_id: int) -> None:
    """Keep others from changing this role until the transaction ends."""
    if not Role.objects.select_for_update().filter(id=role_id).exists():
        raise NotFound(_("There is no such role."))


def list_retired_roles() -> list[Role]:
    """Roles that were taken out of use, by code."""
    return list(Role.objects.exclude(retired_at=None).order_by("code"))


def list_holders(role_id: int) -> list[Person]:
    """The active people who hold a role, by name."""
    return list(with_revision().filter(held_roles__role_id=role_id, is_active=True).order_by("name", "id"))


def holder_counts() -> dict[int, int]:
    """Role id → how many active people hold it; roles that nobody holds are absent."""
    held = PersonRole.objects.filter(person__is_active=True)
    return dict(held.values_list("role_id").annotate(Count("id")))


def count_holders(role_code: str) -> int:
    """How many active people hold a role."""
    return PersonRole.objects.filter(role__code=role_code, person__is_active=True).count()


def count_holders_of_any(role_ids: Iterable[int], *, but: int) -> int:
    """How many active people hold at least one of these roles, beside one of them."""
    held = PersonRole.objects.filter(
        role_id__in=list(role_ids), role__retired_at=None, person__is_active=True
    )
    return held.exclude(person_id=but).values("person_id").distinct().count()


def holders_by_role(role_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Role id → ids of the active people who hold it; one query, none for no roles."""
    wanted = set(role_ids)
    if not wanted:
        return {}
    held = PersonRole.objects.filter(role_id__in=wanted, role__retired_at=None, person__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for role_id, person_id in held.values_list("role_id", "person_id"):
        found[role_id].add(person_id)
    return {id: frozenset(people) for id, people in found.items()}


def roles_by_person(ids: Iterable[int]) -> dict[int, list[int]]:
    """Person id → ids of the roles in use that they hold; one query."""
    found: dict[int, list[int]] = {}
    held = PersonRole.objects.filter(person_id__in=list(ids), role__retired_at=None)
    for person_id, role_id in held.values_list("person_id", "role_id"):
        found.setdefault(person_id, []).append(role_id)
    return found


def roles_of(person_id: int) -> list[Role]:
    """The roles this person holds, by code, without retired ones."""
    return list(Role.objects.filter(held_by__person_id=person_id, retired_at=None).order_by("code"))
