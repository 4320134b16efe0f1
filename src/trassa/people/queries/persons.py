"""Reads of persons, departments, roles and tokens.

Everybody who works here may see the names of colleagues, so these reads are not scoped. Persons come
with the rights revision of that moment, in the same query, because rights are compiled under it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.kernel import Forbidden, NotFound, now
from trassa.people.models import (
    ApiToken,
    Department,
    PasswordLink,
    Person,
    PersonRole,
    Place,
    RightsRevision,
    Role,
    Session,
)
from trassa.people.models.sessions import SessionStore
from trassa.people.registries import opening_numbers
from trassa.people.types import MenuGroup, OpenSession, PlaceSpec, Profile, TokenBearer

TOKEN_PREFIX = "trs_"
#: Where the session of an administrator keeps the id of whom they look as.
LOOKS_AS = "looks_as"
#: Where a session keeps how it began: when, from which address, in which browser.
OPENED = "opened"


def _persons() -> QuerySet[Person]:
    """Persons with the rights revision, in one query."""
    return Person.objects.annotate(rights_revision=_revision())  # type: ignore[no-redef]


def _revision() -> Coalesce:
    return Coalesce(Subquery(RightsRevision.objects.filter(id=1).values("number")), 0)


def find_person(person_id: int) -> Person | None:
    """The person with this id, dismissed ones too."""
    return _persons().filter(id=person_id).first()


def get_person(person_id: int) -> Person:
    """The person with this id, dismissed ones too; raises NotFound."""
    person = find_person(person_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def find_person_by_login(login: str) -> Person | None:
    """The person with this login in any case, dismissed ones too."""
    return _persons().filter(login=login.strip().lower()).first()


def get_person_by_login(login: str) -> Person:
    """The person with this login in any case, dismissed ones too; raises NotFound."""
    person = find_person_by_login(login)
    if person is None:
        raise NotFound(_("There is no person “%s”.") % login)
    return person


def list_people(
    *, is_active: bool | None = None, after: tuple[str, int] | None = None, limit: int | None = None
) -> list[Profile]:
    """Everybody by name with department and roles, behind `after` (name, id); one query."""
    people = _profiles().order_by("name", "id")
    if is_active is not None:
        people = people.filter(is_active=is_active)
    if after is not None:
        name, id = after
        people = people.filter(Q(name__gt=name) | Q(name=name, id__gt=id))
    return [Profile(person, person.role_codes) for person in people[:limit]]


def search_people(words: str, *, is_active: bool | None) -> list[Profile]:
    """Whoever has these words in name, login or e-mail, by name; one query."""
    people = _profiles().order_by("name", "id")
    if is_active is not None:
        people = people.filter(is_active=is_active)
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(login__icontains=word) | Q(email__icontains=word))
    return [Profile(person, person.role_codes) for person in people]


def people_by_logins(logins: Iterable[str]) -> dict[str, Person]:
    """Login → the active person who has it; one query, none for no logins."""
    wanted = list(logins)
    if not wanted:
        return {}
    return {person.login: person for person in _persons().filter(login__in=wanted, is_active=True)}


def people_by_ids(ids: Iterable[int]) -> list[Person]:
    """The active ones of these people by name; one query, none for nobody."""
    wanted = list(ids)
    if not wanted:
        return []
    return list(_persons().filter(id__in=wanted, is_active=True).order_by("name", "id"))


def existing_logins(logins: Iterable[str]) -> set[str]:
    """Those of the logins that somebody has."""
    return set(Person.objects.filter(login__in=list(logins)).values_list("login", flat=True))


def department_counts() -> dict[int, int]:
    """Department id → how many active people belong to it itself; empty ones are absent."""
    people = Person.objects.filter(is_active=True).exclude(department=None)
    return dict(people.values_list("department_id").annotate(Count("id")))


def get_department(code: str) -> Department:
    """The department with this code, retired ones too; raises NotFound."""
    department = Department.objects.filter(code=code).first()
    if department is None:
        raise NotFound(_("There is no such department."))
    return department


def get_profile(person_id: int) -> Profile:
    """One person with department and roles; one query; raises NotFound."""
    person = _profiles().filter(id=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return Profile(person, person.role_codes)


def _profiles() -> QuerySet[Any]:
    held = PersonRole.objects.filter(person=OuterRef("id"), role__retired_at=None).order_by("role__code")
    role_codes = ArraySubquery(held.values("role__code"))
    return Person.objects.select_related("department").annotate(role_codes=role_codes)


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Person id → name, dismissed ones too; one query, none for no ids."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM people_person WHERE id = ANY(%s)", [wanted])
        return dict(cursor.fetchall())


def departments_of(ids: Iterable[int]) -> dict[int, int | None]:
    """Id of an active person → department id; whoever is missing here is unknown or dismissed."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, department_id FROM people_person WHERE id = ANY(%s) AND is_active", [wanted]
        )
        return dict(cursor.fetchall())


def person_of(request: HttpRequest) -> Person:
    """The signed-in person of a request; raises Forbidden when nobody is."""
    if isinstance(request.user, Person):
        return request.user
    raise Forbidden(_("Sign in first."))


def require_administrator(actor_id: int | None) -> None:
    """Raise Forbidden unless the actor is an active administrator; None is the command line and may."""
    if actor_id is None:
        return
    if not Person.objects.filter(id=actor_id, is_active=True, is_administrator=True).exists():
        raise Forbidden(_("Only an administrator may do this."))


def list_departments() -> list[Department]:
    """All departments by name, without retired ones."""
    return list(Department.objects.filter(retired_at=None).order_by("name", "id"))


def find_department(code: str) -> Department | None:
    """The department with this code that is not retired."""
    return Department.objects.filter(code=code, retired_at=None).first()


def list_retired_departments() -> list[Department]:
    """Departments that were taken out of use, by code."""
    return list(Department.objects.exclude(retired_at=None).order_by("code"))


def count_people_in(department_code: str) -> int:
    """How many active people belong to a department itself."""
    return Person.objects.filter(department__code=department_code, is_active=True).count()


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


def list_holders(role_id: int) -> list[Person]:
    """The active people who hold a role, by name."""
    return list(_persons().filter(held_roles__role_id=role_id, is_active=True).order_by("name", "id"))


def holder_counts() -> dict[int, int]:
    """Role id → how many active people hold it; roles that nobody holds are absent."""
    held = PersonRole.objects.filter(person__is_active=True)
    return dict(held.values_list("role_id").annotate(Count("id")))


def count_holders_of_any(role_ids: Iterable[int], *, but: int) -> int:
    """How many active people hold at least one of these roles, beside one of them."""
    held = PersonRole.objects.filter(
        role_id__in=list(role_ids), role__retired_at=None, person__is_active=True
    )
    return held.exclude(person_id=but).values("person_id").distinct().count()


def roles_by_person(ids: Iterable[int]) -> dict[int, list[int]]:
    """Person id → ids of the roles in use that they hold; one query."""
    found: dict[int, list[int]] = {}
    held = PersonRole.objects.filter(person_id__in=list(ids), role__retired_at=None)
    for person_id, role_id in held.values_list("person_id", "role_id"):
        found.setdefault(person_id, []).append(role_id)
    return found


def looker_of(request: HttpRequest) -> Person | None:
    """The administrator who looks as the person of this request; None when people are themselves."""
    looker = getattr(request, "looker", None)
    return looker if isinstance(looker, Person) else None


def administrator_of(request: HttpRequest) -> Person:
    """The administrator who asks; for everybody else the page is not there: raises NotFound."""
    person = person_of(request)
    if not person.is_administrator:
        raise NotFound(_("There is no such page."))
    return person


def list_retired_roles() -> list[Role]:
    """Roles that were taken out of use, by code."""
    return list(Role.objects.exclude(retired_at=None).order_by("code"))


def count_holders(role_code: str) -> int:
    """How many active people hold a role."""
    return PersonRole.objects.filter(role__code=role_code, person__is_active=True).count()


def roles_of(person_id: int) -> list[Role]:
    """The roles this person holds, by code, without retired ones."""
    return list(Role.objects.filter(held_by__person_id=person_id, retired_at=None).order_by("code"))


def get_password_link(secret: str, *, lock: bool = False) -> PasswordLink:
    """The link of this secret that still works, with its person; raises NotFound."""
    links = PasswordLink.objects.select_related("person").filter(used_at=None, expires_at__gt=now())
    if lock:
        links = links.select_for_update()
    link = links.filter(digest=digest_of(secret), person__is_active=True).first()
    if link is None:
        raise NotFound(_("This link works no more. Ask an administrator for a new one."))
    return link


def list_sessions(person_id: int) -> list[OpenSession]:
    """Where a person is signed in, the newest first."""
    rows = Session.objects.filter(person_id=person_id, expire_date__gt=now())
    found = []
    for row in rows:
        opened = SessionStore().decode(row.session_data).get(OPENED, {})
        at = datetime.fromisoformat(opened["at"]) if opened else None
        address, agent = opened.get("address", ""), opened.get("agent", "")
        found.append(OpenSession(row.session_key, at, address, agent))
    return sorted(found, key=lambda each: str(each.at or ""), reverse=True)


#: Person id → rights revision, and the places of their roles under it.
_places: dict[int, tuple[int, list[PlaceSpec]]] = {}


def places_of(person: Person) -> list[PlaceSpec]:
    """The places of the roles that a person holds, the one that speaks first first.

    Remembered per process under the rights revision, so that a page usually asks nothing for its menu.
    """
    revision = rights_revision() if person.rights_revision is None else person.rights_revision
    known = _places.get(person.id)
    if known is None or known[0] != revision:
        held = Place.objects.filter(role__held_by__person_id=person.id, role__retired_at=None)
        known = (revision, [_spec_of(row) for row in held.order_by("position", "role__code")])
        _places[person.id] = known
    return known[1]


#: Person id → rights revision, and whether they are a head under it.
_heads: dict[int, tuple[int, bool]] = {}


def is_head(person: Person) -> bool:
    """Whether the person is the head of a department; remembered like their places."""
    revision = rights_revision() if person.rights_revision is None else person.rights_revision
    known = _heads.get(person.id)
    if known is None or known[0] != revision:
        known = (revision, Department.objects.filter(head_id=person.id, retired_at=None).exists())
        _heads[person.id] = known
    return known[1]


def start_pages(person: Person) -> list[str]:
    """Where a person begins, the strongest wish first: their own, then those of their roles."""
    wishes = [person.start_page, *(place.start for place in places_of(person))]
    return [wish for wish in wishes if wish]


def place_of_role(role_id: int) -> PlaceSpec:
    """The place of a role; without wishes when nobody has arranged it."""
    row = Place.objects.filter(role_id=role_id).first()
    return PlaceSpec() if row is None else _spec_of(row)


def _spec_of(row: Place) -> PlaceSpec:
    menu = (MenuGroup(each["code"], each["label"], tuple(each["entries"])) for each in row.menu)
    return PlaceSpec(row.start, tuple(menu), tuple(row.hidden), row.labels, row.position, tuple(row.home))


def rights_revision() -> int:
    """The current rights revision; changes whenever anybody's rights may have changed."""
    number = RightsRevision.objects.filter(id=1).values_list("number", flat=True).first()
    return number or 0


def digest_of(text: str) -> bytes:
    """What is stored of a token's text."""
    return hashlib.sha256(text.encode()).digest()


#: The two reads that every request begins with are written out: composing them costs more than they do.
_REVISION = "coalesce((SELECT number FROM people_rightsrevision WHERE id = 1), 0) AS rights_revision"
_SESSION_PERSON = f"SELECT p.*, {_REVISION} {{also}} FROM people_person p WHERE p.id = %s AND p.is_active"
_TOKEN_PERSON = f"""
    SELECT p.*, {_REVISION}, t.id AS token_id, t.scopes, t.last_used_at {{also}}
    FROM people_apitoken t JOIN people_person p ON p.id = t.person_id
    WHERE t.digest = %s AND t.revoked_at IS NULL AND p.is_active
      AND (t.expires_at IS NULL OR t.expires_at > %s)
"""


def session_person(person_id: int) -> Person | None:
    """The active person of a session with the rights revision; one query."""
    found = _read_person(_SESSION_PERSON, [person_id])
    return found[0] if found else None


def authenticate_token(text: str) -> TokenBearer | None:
    """Who stands behind a token's text; None when unknown, revoked, expired or dismissed. One query."""
    if not text.startswith(TOKEN_PREFIX):
        return None
    found = _read_person(_TOKEN_PERSON, [digest_of(text), now()])
    if found is None:
        return None
    person, (token_id, scopes, used_at) = found
    return TokenBearer(person, token_id, frozenset(scopes), used_at)


def _read_person(statement: str, parameters: list[Any]) -> tuple[Person, Sequence[Any]] | None:
    """The person whom a statement finds, with the rights revision, and the columns behind that.

    Numbers of other rooms come along as the last columns, and are handed to them.
    """
    also = "".join(f", {number.sql}" for number in opening_numbers)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(also=also), parameters)
        row = cursor.fetchone()
        names = [column.name for column in cursor.description]
    if row is None:
        return None
    own = names.index("rights_revision")
    columns = dict(zip(names, row[:own], strict=False))
    fields = [field.attname for field in Person._meta.concrete_fields]
    person = Person.from_db(connection.alias, fields, [columns[name] for name in fields])
    person.rights_revision = row[own]
    behind = len(row) - len(opening_numbers)
    for number, value in zip(opening_numbers, row[behind:], strict=True):
        number.take(value)
    return person, row[own + 1 : behind]


def list_tokens(person_id: int) -> list[ApiToken]:
    """This person's tokens that are not revoked, newest first."""
    return list(ApiToken.objects.filter(person_id=person_id, revoked_at=None).order_by(F("id").desc()))


def lock_role(role_id: int) -> None:
    """Keep others from changing this role until the transaction ends."""
    if not Role.objects.select_for_update().filter(id=role_id).exists():
        raise NotFound(_("There is no such role."))
