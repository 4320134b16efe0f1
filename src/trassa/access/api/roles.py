"""Roles and what they permit; for administrators."""

from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from trassa.access.queries import grants_of_role, place_in_codes
from trassa.access.types import GrantSpec
from trassa.api import ApiRequest, json_response
from trassa.kernel import NotFound
from trassa.people.queries import find_role, holder_counts, list_holders, list_roles, require_administrator
from trassa.schema.queries import current_generation
from trassa.schema.types import Generation

router = Router()


class RoleOut(Schema):
    """A role in use; `people` is how many active people hold it."""

    code: str
    label: dict[str, str]
    people: int


class RolesOut(Schema):
    """All roles in use, by code."""

    items: list[RoleOut]


class GrantOut(Schema):
    """One permission. What is null stands for every; a grant on a field opens a restricted field."""

    verb: Literal["see", "create", "edit", "delete", "move", "export"]
    scope: Literal["own", "department", "branch", "all"]
    type: str | None
    pipeline: str | None
    stage: str | None
    field: str | None


class RoleWithGrantsOut(RoleOut):
    """A role with everything that it permits, and the ids of the people who hold it."""

    grants: list[GrantOut]
    holders: list[int]


@router.get("/roles", response=RolesOut)
def get_roles(request: ApiRequest) -> HttpResponse:
    """The roles in use. Administrators only."""
    require_administrator(request.auth.person_id)
    counts = holder_counts()
    items = [
        {"code": role.code, "label": role.label, "people": counts.get(role.id, 0)} for role in list_roles()
    ]
    return json_response({"items": items})


@router.get("/roles/{code}", response=RoleWithGrantsOut)
def get_one_role(request: ApiRequest, code: str) -> HttpResponse:
    """What a role permits, and who holds it. Administrators only."""
    require_administrator(request.auth.person_id)
    role = find_role(code)
    if role is None:
        raise NotFound(_("There is no such role."))
    holders = [person.id for person in list_holders(role.id)]
    generation = current_generation()
    grants = [grant_json(grant, generation) for grant in grants_of_role(role.id)]
    return json_response(
        {
            "code": role.code,
            "label": role.label,
            "people": len(holders),
            "grants": [grant for grant in grants if grant is not None],
            "holders": holders,
        }
    )


def grant_json(grant: GrantSpec, generation: Generation) -> dict[str, Any] | None:
    """A grant with codes instead of ids; None when its place is no longer in use."""
    place = place_in_codes(grant, generation)
    return None if place is None else {"verb": grant.verb.value, "scope": grant.scope.value, **place}
