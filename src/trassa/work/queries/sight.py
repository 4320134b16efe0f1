"""Who of some people sees which of some records: looked up once, then asked any number of times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from trassa.access.queries import Actor, actors_of
from trassa.access.types import Row, Verb
from trassa.people.queries import people_by_ids
from trassa.records.queries.audience import read_places


@dataclass(frozen=True, slots=True)
class Sight:
    """Those of the people who work here, by id, and where those of the records stand that are in no bin."""

    actors: Mapping[int, Actor]
    places: Mapping[int, Row]

    @classmethod
    def of(cls, person_ids: Iterable[int | None], record_ids: Iterable[int | None]) -> Self:
        """A handful of queries, however many they are; none for nobody and nothing."""
        people = people_by_ids({id for id in person_ids if id is not None})
        records = sorted({id for id in record_ids if id is not None})
        return cls(actors_of(people), read_places(records) if records else {})

    def sees(self, actor: Actor, record_id: int | None) -> bool:
        """Whether somebody sees a record; what is about none is there for everybody."""
        if record_id is None:
            return True
        place = self.places.get(record_id)
        return place is not None and actor.may(Verb.SEE, place)

    def is_seen_by(self, person_id: int, record_id: int | None) -> bool:
        """The same of one of the people; of those who do not work here nobody sees anything."""
        actor = self.actors.get(person_id)
        return actor is not None and self.sees(actor, record_id)
