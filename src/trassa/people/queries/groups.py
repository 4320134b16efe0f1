"""Who belongs to roles and departments: many of them asked at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from trassa.people.models import Department, Person, PersonRole


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


def people_by_department(department_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Department id → ids of the active people in it and in all below it; two queries, none for none."""
    wanted = set(department_ids)
    if not wanted:
        return {}
    parents = dict(Department.objects.values_list("id", "parent_id"))
    found: dict[int, set[int]] = defaultdict(set)
    people = Person.objects.filter(is_active=True, department__isnull=False)
    for person_id, at in people.values_list("id", "department_id"):
        for id in _upwards(at, parents):
            if id in wanted:
                found[id].add(person_id)
    return {id: frozenset(people) for id, people in found.items()}


def _upwards(department_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """A department and those above it."""
    way: list[int] = []
    while department_id is not None and department_id not in way:
        way.append(department_id)
        department_id = parents.get(department_id)
    return way
