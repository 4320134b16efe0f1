"""Reads of rights: who acts, what they reach, and why.

Actors are kept per process under (person id, rights revision); a person's older revision is dropped
when a newer one is compiled.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trassa.access.actors import Actor
from trassa.access.conditions import InDepartments, condition_sql, reach_q, reach_sql, restrict
from trassa.access.consequences import Consequence, Holder, consequences_of
from trassa.access.explanations import Case, RoleGrant, explain, explain_everything
from trassa.access.models import Grant
from trassa.access.types import ActingPerson, Explanation, GrantSpec, Row, Verb
from trassa.api import ApiRequest
from trassa.journal import Stream, list_entries
from trassa.people.queries import (
    department_names,
    department_tree,
    get_person,
    list_holders,
    person_of,
    rights_revision,
    roles_by_person,
    roles_of,
)
from trassa.schema.types import FieldSpec, Generation, TypeSpec

__all__ = [
    "Actor",
    "Consequence",
    "GrantSet",
    "Holder",
    "InDepartments",
    "actor_by_id",
    "actor_in_role",
    "actor_of",
    "actor_of_call",
    "actor_of_request",
    "actors_of",
    "condition_sql",
    "consequences_of",
    "forget_actors",
    "grants_of_role",
    "holders_of_role",
    "last_change_of_grants",
    "place_in_codes",
    "reach_q",
    "reach_sql",
    "reading_as",
    "restrict",
    "system_actor",
    "why",
]

_actors: dict[int, tuple[int, Actor]] = {}
_SYSTEM = Actor(id=None, name=_("System"), everything=True)
#: Who requests are answered to instead of who is signed in.
_reader: ContextVar[Actor | None] = ContextVar("access_reader", default=None)
#: No person has this id: nobody owns what stands in their name.
_NOBODY = 0


def actor_of(person: ActingPerson) -> Actor:
    """The person's rights. Costs nothing when `person` carries the revision and is known under it.

    Compiling asks three queries: roles, grants, and the departments when the person belongs to one.
    """
    revision = person.rights_revision
    if revision is None:
        revision = rights_revision()
    known = _actors.get(person.id)
    if known is not None and known[0] == revision:
        return known[1]
    actor = _compile(person, revision)
    _actors[person.id] = (revision, actor)
    return actor


def actors_of(people: Sequence[ActingPerson]) -> Mapping[int, Actor]:
    """The rights of several people by their ids; at most four queries, and none for who is known."""
    if not people:
        return {}
    revision = people[0].rights_revision
    if revision is None:
        revision = rights_revision()
    known = {id: each for id, each in _actors.items() if each[0] == revision}
    strangers = [person for person in people if person.id not in known]
    if strangers:
        known |= _compile_together(strangers, revision)
    return {person.id: known[person.id][1] for person in people}


def actor_by_id(person_id: int | None) -> Actor:
    """The rights of a person, those of the system without one; raises NotFound for nobody."""
    return system_actor() if person_id is None else actor_of(get_person(person_id))


def actor_of_call(request: ApiRequest) -> Actor:
    """The rights of the person behind a call of the API."""
    return actor_of(request.auth.person)


def actor_of_request(request: HttpRequest) -> Actor:
    """The rights of the signed-in person of a request; raises Forbidden when nobody is."""
    return _reader.get() or actor_of(person_of(request))


@contextmanager
def reading_as(actor: Actor) -> Iterator[None]:
    """Inside the block requests are answered as to this actor: for previews, which only read."""
    token = _reader.set(actor)
    try:
        yield
    finally:
        _reader.reset(token)


def actor_in_role(role_id: int, grants: Iterable[GrantSpec], holder: ActingPerson | None) -> Actor:
    """Somebody who has this role and no other, with these grants; without a holder one who owns nothing."""
    department = holder.department_id if holder else None
    return Actor(
        id=holder.id if holder else _NOBODY,
        name=holder.name if holder else "",
        department_id=department,
        branch_ids=department_tree().get(department or 0, frozenset()),
        grants=grants,
        role_ids=frozenset({role_id}),
    )


def system_actor() -> Actor:
    """Packs, jobs and the command line: may everything, is nobody."""
    return _SYSTEM


def forget_actors() -> None:
    """Drop all compiled rights of this process; for tests that reuse ids."""
    _actors.clear()


def grants_of_role(role_id: int) -> list[GrantSpec]:
    """What a role permits, sorted."""
    return sorted(
        (grant.spec for grant in Grant.objects.filter(role_id=role_id)), key=lambda spec: spec.sort_key
    )


GrantSet = frozenset[GrantSpec]


def place_in_codes(grant: GrantSpec, generation: Generation) -> dict[str, str | None] | None:
    """Codes of the grant's `type`, `pipeline`, `stage` and `field`, None for every; None when its place is
    no longer in use."""
    spec = generation.types_by_id.get(grant.type_id or 0)
    found = {
        "type": (grant.type_id, spec),
        "pipeline": (grant.pipeline_id, generation.pipelines_by_id.get(grant.pipeline_id or 0)),
        "stage": (grant.stage_id, generation.stages_by_id.get(grant.stage_id or 0)),
        "field": (grant.field_id, spec.by_id.get(grant.field_id or 0) if spec else None),
    }
    if any(id is not None and place is None for id, place in found.values()):
        return None
    return {name: place.code if place else None for name, (_id, place) in found.items()}


def last_change_of_grants(role_id: int) -> int:
    """Number in the role's history of the last change of its rights; 0 when there was none."""
    entries = list_entries(Stream("role", role_id), only=("grants_set",), limit=1)
    return entries[0].seq if entries else 0


def holders_of_role(role_id: int) -> list[Holder]:
    """The active people who hold a role, with what their other roles permit; four queries."""
    people = list_holders(role_id)
    held = roles_by_person(person.id for person in people)
    others = {id for ids in held.values() for id in ids} - {role_id}
    granted: dict[int, set[GrantSpec]] = {}
    for grant in Grant.objects.filter(role_id__in=others):
        granted.setdefault(grant.role_id, set()).add(grant.spec)
    tree = department_tree()
    return [
        Holder(
            id=person.id,
            name=person.name,
            department_id=person.department_id,
            branch_ids=tree.get(person.department_id or 0, frozenset()),
            is_administrator=person.is_administrator,
            other_grants=frozenset(
                spec for id in held.get(person.id, ()) if id != role_id for spec in granted.get(id, ())
            ),
        )
        for person in people
    ]


def why(
    actor: Actor, verb: Verb, row: Row, type_spec: TypeSpec, field: FieldSpec | None = None
) -> Explanation:
    """Why the actor may or may not apply the verb to the row (and see or edit the field), in sentences."""
    if actor.everything or actor.id is None:
        return explain_everything(actor)
    names = {role.id: str(role) for role in roles_of(actor.id)}
    grants = Grant.objects.filter(role_id__in=names).order_by("role_id", "id")
    case = Case(
        actor=actor,
        row=row,
        type_spec=type_spec,
        department=_department_name(row.department_id),
        has_roles=bool(names),
        grants=[RoleGrant(names[grant.role_id], grant.spec) for grant in grants],
    )
    return explain(case, verb, field)


def _compile(person: ActingPerson, revision: int) -> Actor:
    if not person.is_active:
        return Actor(id=person.id, name=person.name)
    role_ids = frozenset(role.id for role in roles_of(person.id))
    if person.is_administrator:
        return _actor(person, revision, role_ids)
    grants = Grant.objects.filter(role__held_by__person_id=person.id, role__retired_at=None)
    branch = department_tree().get(person.department_id) if person.department_id is not None else None
    return _actor(person, revision, role_ids, {grant.spec for grant in grants}, branch)


def _compile_together(people: Sequence[ActingPerson], revision: int) -> dict[int, tuple[int, Actor]]:
    held = roles_by_person(person.id for person in people)
    granted: dict[int, set[GrantSpec]] = defaultdict(set)
    for grant in Grant.objects.filter(role_id__in={id for ids in held.values() for id in ids}):
        granted[grant.role_id].add(grant.spec)
    tree = department_tree()
    for person in people:
        if not person.is_active:
            actor = Actor(id=person.id, name=person.name)
        else:
            role_ids = frozenset(held.get(person.id, ()))
            grants = {spec for id in role_ids for spec in granted[id]}
            actor = _actor(person, revision, role_ids, grants, tree.get(person.department_id or 0))
        _actors[person.id] = (revision, actor)
    return {person.id: _actors[person.id] for person in people}


def _actor(
    person: ActingPerson,
    revision: int,
    role_ids: frozenset[int],
    grants: Iterable[GrantSpec] = (),
    branch: frozenset[int] | None = None,
) -> Actor:
    """An active person; administrators need no grants."""
    everything = person.is_administrator
    return Actor(
        id=person.id,
        name=person.name,
        department_id=person.department_id,
        branch_ids=frozenset() if everything or branch is None else branch,
        grants=() if everything else grants,
        role_ids=role_ids,
        everything=everything,
        rights_revision=revision,
    )


def _department_name(department_id: int | None) -> str:
    return "" if department_id is None else department_names([department_id]).get(department_id, "")
