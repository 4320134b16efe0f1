"""Who works here, and who is asking."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from trassa.api import ApiRequest, Cursor, idempotent, json_response
from trassa.kernel import FieldError, Invalid
from trassa.people.actions import create_person, dismiss_person, readmit_person
from trassa.people.models import Department, Role
from trassa.people.queries import (
    find_department,
    get_person,
    get_profile,
    list_departments,
    list_people,
    list_roles,
    require_administrator,
)
from trassa.people.types import Cause, Profile

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


class NewPerson(Schema):
    """Somebody to be created. `department` and `roles` are codes. Without a password nobody can sign in."""

    login: Annotated[str, Field(max_length=64)]
    name: Annotated[str, Field(max_length=200)]
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=32)] = ""
    department: str | None = None
    roles: list[str] = []
    language: Literal["ru", "en"] = "ru"
    password: Annotated[str, Field(max_length=500)] | None = None


class DepartmentNode(DepartmentOut):
    """A department of the tree; `parent` and `head` are ids."""

    parent: int | None
    head: int | None


class DepartmentsOut(Schema):
    """All departments in use, by name."""

    items: list[DepartmentNode]


@router.post("/people", response={201: PersonOut})
@idempotent
def post_person(request: ApiRequest, body: NewPerson) -> HttpResponse:
    """Create a person. Administrators only, with a token of scope `admin`."""
    require_admin(request)
    person = create_person(
        login=body.login,
        name=body.name,
        email=body.email,
        phone=body.phone,
        department=_department(body.department),
        roles=_roles(body.roles),
        language=body.language,
        password=body.password,
        actor_id=request.auth.person_id,
        cause=cause_of(request),
    )
    return json_response(_person_json(get_profile(person.id)), status=201)


@router.get("/people/{int:id}", response=PersonOut)
def get_one_person(request: ApiRequest, id: int) -> HttpResponse:
    """One person."""
    return json_response(_person_json(get_profile(id)))


@router.post("/people/{int:id}/dismiss", response=PersonOut)
def post_dismissal(request: ApiRequest, id: int) -> HttpResponse:
    """Let a person go: sessions and tokens of theirs end. Administrators only, scope `admin`."""
    require_admin(request)
    dismiss_person(get_person(id), actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(_person_json(get_profile(id)))


@router.post("/people/{int:id}/readmit", response=PersonOut)
def post_return(request: ApiRequest, id: int) -> HttpResponse:
    """Take a dismissed person back. Administrators only, scope `admin`."""
    require_admin(request)
    readmit_person(get_person(id), actor_id=request.auth.person_id, cause=cause_of(request))
    return json_response(_person_json(get_profile(id)))


@router.get("/departments", response=DepartmentsOut)
def get_departments(request: ApiRequest) -> HttpResponse:
    """The tree of departments."""
    items = [
        {"id": row.id, "code": row.code, "name": row.name, "parent": row.parent_id, "head": row.head_id}
        for row in list_departments()
    ]
    return json_response({"items": items})


def require_admin(request: ApiRequest) -> None:
    """Raises Forbidden unless an administrator asks, by a token for administration."""
    require_administrator(request.auth.person_id)
    request.auth.require("admin")


def cause_of(request: ApiRequest) -> Cause:
    """What history keeps of a request: by which token it came."""
    token_id = request.auth.token_id
    return {"via": "api"} if token_id is None else {"via": "api", "token": token_id}


def _department(code: str | None) -> Department | None:
    if code is None:
        return None
    found = find_department(code)
    if found is None:
        raise _unknown("department", _("There is no such department."))
    return found


def _roles(codes: list[str]) -> list[Role]:
    known = {role.code: role for role in list_roles()}
    if set(codes) - known.keys():
        raise _unknown("roles", _("There is no such role."))
    return [known[code] for code in sorted(set(codes))]


def _unknown(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(field, "unknown", message)])


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
