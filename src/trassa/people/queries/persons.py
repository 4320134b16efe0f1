"""Reads of persons.

Everybody who works here may see the names of colleagues, so these reads are not scoped. Persons come
with the rights revision of that moment, in the same query, because rights are compiled under it.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.kernel import Forbidden, NotFound
from trassa.people.models import (
    Person,
    PersonRole,
    RightsRevision,
)
from trassa.people.types import Profile


def with_revision() -> QuerySet[Person]:
    """Persons with the rights revision, in one query."""
    return Person.objects.annotate(rights_revision=_revision())  # type: ignore[no-redef]


def _revision() -> Coalesce:
    return Coalesce(Subquery(RightsRevision.objects.filter(id=1).values("number")), 0)


def rights_revision() -> int:
    """The current rights revision; changes whenever anybody's rights may have changed."""
    number = RightsRevision.objects.filter(id=1).values_list("number", flat=True).first()
    return number or 0


def find_person(person_id: int) -> Person | None:
    """The person with this id, dismissed ones too."""
    return with_revision().filter(id=person_id).first()


def get_person(person_id: int) -> Person:
    """The person with this id, dismissed ones too; raises NotFound."""
    person = find_person(person_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def find_person_by_login(login: str) -> Person | None:
    """The person with this login in any case, dismissed ones too."""
    return with_revision().filter(login=login.strip().lower()).first()


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
    return {person.login: person for person in with_revision().filter(login__in=wanted, is_active=True)}


def people_by_ids(ids: Iterable[int]) -> list[Person]:
    """The active ones of these people by name; one query, none for nobody."""
    wanted = list(ids)
    if not wanted:
        return []
    return list(with_revision().filter(id__in=wanted, is_active=True).order_by("name", "id"))


def existing_logins(logins: Iterable[str]) -> set[str]:
    """Those of the logins that somebody has."""
    return set(Person.objects.filter(login__in=list(logins)).values_list("login", flat=True))


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


def require_administrator(actor_id: int | None) -> None:
    """Raise Forbidden unless the actor is an active administrator; None is the command line and may."""
    if actor_id is None:
        return
    if not Person.objects.filter(id=actor_id, is_active=True, is_administrator=True).exists():
        raise Forbidden(_("Only an administrator may do this."))
