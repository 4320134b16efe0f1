"""Reads of departments and of who belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from trassa.kernel import NotFound
from trassa.people.models import Department, Person


def list_departments() -> list[Department]:
    """All departments by name, without retired ones."""
    return list(Department.objects.filter(retired_at=None).order_by("name", "id"))


def find_department(code: str) -> Department | None:
    """The department with this code that is not retired."""
    return Department.objects.filter(code=code, retired_at=None).first()


def get_department(code: str) -> Department:
    """The department with this code, retired ones too; raises NotFound."""
    department = Department.objects.filter(code=code).first()
    if department is None:
        raise NotFound(_("There is no such department."))
    return department


def list_retired_departments() -> list[Department]:
    """Departments that were taken out of use, by code."""
    return list(Department.objects.exclude(retired_at=None).order_by("code"))


def department_names(ids: Iterable[int]) -> dict[int, str]:
    """Department id → name; one query, none for no ids."""
    wanted = set(ids)
    return dict(Department.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def existing_department_ids(ids: Iterable[int]) -> set[int]:
    """Those of the ids that are departments."""
    return set(department_names(ids))


def department_tree() -> Mapping[int, frozenset[int]]:
    """Department id → ids of everything below it, itself included; one query."""
    parents = dict(Department.objects.values_list("id", "parent_id"))
    below: dict[int, set[int]] = {id: {id} for id in parents}
    for id, parent in parents.items():
        ancestor = parent
        while ancestor is not None and id not in below[ancestor]:
            below[ancestor].add(id)
            ancestor = parents[ancestor]
    return {id: frozenset(ids) for id, ids in below.items()}


def department_counts() -> dict[int, int]:
    """Department id → how many active people belong to it itself; empty ones are absent."""
    people = Person.objects.filter(is_active=True).exclude(department=None)
    return dict(people.values_list("department_id").annotate(Count("id")))


def count_people_in(department_code: str) -> int:
    """How many active people belong to a department itself."""
    return Person.objects.filter(department__code=department_code, is_active=True).count()


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
