"""How references are found when the caller brings no lookups: people and departments, no records.

Records need rights, so only a caller that knows the actor can look them up.
"""

from trassa.people.queries import find_department, find_person_by_login, list_departments, list_people
from trassa.schema.types import Lookups


class PeopleLookups:
    """Finds people by login or full name, departments by code or name."""

    def find_person(self, text: str) -> int | None:
        person = find_person_by_login(text)
        if person is not None:
            return person.id
        people = (profile.person for profile in list_people(is_active=True))
        named = [person.id for person in people if same(person.name, text)]
        return named[0] if len(named) == 1 else None

    def find_department(self, text: str) -> int | None:
        department = find_department(text.lower())
        if department is not None:
            return department.id
        named = [department.id for department in list_departments() if same(department.name, text)]
        return named[0] if len(named) == 1 else None

    def find_record(self, type_id: int, text: str) -> int | None:
        return None


def same(name: str, text: str) -> bool:
    """Whether two spellings of a name differ only in case, spaces and ё."""
    return folded(name) == folded(text)


def folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


PEOPLE: Lookups = PeopleLookups()
