"""Who works here, and who is asking."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema

from trassa.api import ApiRequest, Cursor, json_response
from trassa.people.queries import get_profile, list_people
from trassa.people.types import Profile

router = Router()
_ORDER = "name"


class DepartmentOut(Schema):
    """A department."""

    id: int
    code: str
    name: str


class PersonOut(Schema):
    """A person as colleagues see it. `roles` are codes; dismissed persons have `is_active` false."""

    id: int
    login: str
    name: str
    email: str
    department: DepartmentOut | None
    roles: list[str]
    is_active: bool


class MeOut(PersonOut):
    """The person behind this request; `scopes` are what the token permits."""

    phone: str
    language: str
    theme: str
    is_administrator: bool
    scopes: list[str]


class PeoplePage(Schema):
    """A page of persons by name."""

    items: list[PersonOut]
    next: str | None


@router.get("/people", response=PeoplePage)
def get_people(
    request: ApiRequest,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    cursor: str | None = None,
    is_active: bool | None = None,
) -> HttpResponse:
    """Everybody by name, dismissed persons too unless `is_active` says otherwise."""
    found = list_people(is_active=is_active, after=_after(cursor), limit=limit + 1)
    page = found[:limit]
    following = None
    if len(found) > limit:
        last = page[-1].person
        following = Cursor(_ORDER, last.id, (last.name,)).encode()
    return json_response({"items": [_person_json(profile) for profile in page], "next": following})


@router.get("/me", response=MeOut)
def get_me(request: ApiRequest) -> HttpResponse:
    """The person behind this request."""
    caller = request.auth
    profile = get_profile(caller.person_id)
    person = profile.person
    return json_response(
        _person_json(profile)
        | {
            "phone": person.phone,
            "language": person.language,
            "theme": person.theme,
            "is_administrator": person.is_administrator,
            "scopes": sorted(caller.scopes),
        }
    )


def _after(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    last = Cursor.decode(cursor, order=_ORDER, values=1)
    return str(last.values[0]), last.id


def _person_json(profile: Profile) -> dict[str, Any]:
    person = profile.person
    department = person.department
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "department": department and {"id": department.id, "code": department.code, "name": department.name},
        "roles": profile.role_codes,
        "is_active": person.is_active,
    }
