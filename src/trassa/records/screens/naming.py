"""Collects everything that a screen will have to name, so that names are read once for all of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from trassa.access.queries import Actor
from trassa.people.queries import department_names, names_of
from trassa.records.queries import titles_in, visible_titles
from trassa.schema.types import FieldSpec, Names


@dataclass(slots=True)
class NamesWanted:
    """Ids of people, departments and records that a screen mentions."""

    people: set[int] = field(default_factory=set)
    departments: set[int] = field(default_factory=set)
    records: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add_person(self, id: int | None) -> None:
        if id is not None:
            self.people.add(id)

    def add_value(self, spec: FieldSpec, value: Any) -> None:
        """Note what one value refers to; values in Python and as JSON refer by the same ids."""
        if spec.target_type_id is not None:
            self.records[spec.target_type_id].update(ids_in(value))
        elif spec.kind == "person":
            self.people.update(ids_in(value))
        elif spec.kind == "department":
            self.departments.update(ids_in(value))

    def read(self, actor: Actor) -> Names:
        """The names that this person may see: one query for people, one for departments, one a type."""
        return Names(
            records=titles_in(visible_titles(actor, self.records)),
            people=names_of(self.people),
            departments=department_names(self.departments),
        )


def ids_in(value: Any) -> Iterable[int]:
    """The ids in a value: one, several or none."""
    if isinstance(value, list | tuple):
        return [id for id in value if isinstance(id, int)]
    return [value] if isinstance(value, int) else []
