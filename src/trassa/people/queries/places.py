"""Reads of the places of roles: where people begin and what their menu holds."""

from trassa.people.models import Department, Person, Place
from trassa.people.queries.persons import rights_revision
from trassa.people.types import MenuGroup, PlaceSpec

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
