"""What many roles and departments cost: the same pages for two people who see the same deals.

One has a single role and a branch of a few teams. The other holds thirty roles and stands above three hundred
departments, all but those teams empty. Requests alternate, so that both meet the same machine.
"""

import statistics

from django.urls import reverse

from bench.company import PASSWORD
from bench.visitors import Visitor
from trassa.access.actions import set_grants
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.people.actions import (
    assign_roles,
    change_department,
    create_department,
    create_person,
    create_role,
)
from trassa.people.queries import find_department, find_person_by_login, find_role
from trassa.schema.queries import current_generation

ROLES = 30
DEPARTMENTS = 300
PAIRS = 40
PLAIN, MANIFOLD = "head", "manifold"
SEEN = ("deal", "contact", "car", "company")


def appoint_manifold() -> None:
    """Make the company wide and hire who stands above it; once."""
    if find_person_by_login(MANIFOLD) is not None:
        return
    top, branch = find_department("sales"), find_department("branch")
    region = create_department(code="region", name="Регион", parent=top, actor_id=None)
    change_department(branch, parent=region, actor_id=None)
    for number in range(DEPARTMENTS):
        create_department(code=f"office{number}", name=f"Офис {number}", parent=region, actor_id=None)
    person = create_person(
        login=MANIFOLD, name="Manifold", department=region, password=PASSWORD, actor_id=None
    )
    roles = [find_role("sales_head"), *(add_role(number) for number in range(1, ROLES))]
    assign_roles(person, roles, actor_id=None)


def add_role(number: int) -> object:
    """A role with grants of several scopes on several types, none wider than a branch."""
    role = create_role(code=f"bench{number}", label={"ru": f"Роль {number}", "en": ""}, actor_id=None)
    types = current_generation().types
    scopes = (Scope.OWN, Scope.DEPARTMENT, Scope.BRANCH)
    grants = [
        GrantSpec(verb, scopes[(number + at) % 3], types[code].id)
        for at, code in enumerate(SEEN)
        for verb in (Verb.SEE, Verb.EDIT)
    ]
    set_grants(role, grants, actor_id=None)
    return role


def measure_rights(port: int) -> dict[str, dict[str, object]]:
    """For list and board: the median of the pairs' ratios."""
    pages = {
        "rights_list": reverse("records:list", args=["deal"]),
        "rights_board": reverse("records:board", args=["sales"]),
    }
    visitors = []
    for login in (PLAIN, MANIFOLD):
        visitor = Visitor(port)
        visitor.sign_in(login, PASSWORD)
        visitors.append(visitor)
    return {name: compare(*visitors, path) for name, path in pages.items()}


def compare(plain: Visitor, manifold: Visitor, path: str) -> dict[str, object]:
    """Pairs of requests, one of each."""
    for visitor in (plain, manifold) * 3:
        visitor.time_page(path)
    pairs = [(plain.time_page(path), manifold.time_page(path)) for _each in range(PAIRS)]
    return {
        "ratio": round(statistics.median(many / one for one, many in pairs), 2),
        "p50_ms": round(statistics.median(many for _one, many in pairs), 2),
        "note": f"{ROLES} roles, {DEPARTMENTS} departments, {PAIRS} pairs",
    }
