"""Who sees a record, and who watches it: the people whom a discussion reaches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trassa.access.queries import actors_of
from trassa.access.types import Row, Verb
from trassa.people.queries import people_by_ids, search_people
from trassa.records.models import Anchor, Comment, Participant, Watch
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec

#: How many people of a name are asked whether they see a record, before the search ends.
_ASKED = 200


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody whom a record can be told to."""

    id: int
    login: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Watchers:
    """Who hears what is said about a record, by name, and who of those that would has asked not to."""

    people: Sequence[Listener]
    muted_ids: frozenset[int]

    def hears(self, person_id: int | None) -> bool:
        return any(each.id == person_id for each in self.people)


@dataclass(frozen=True, slots=True)
class Watches:
    """What people have said about hearing of one record: person id → whether they want to hear nothing."""

    muted: Mapping[int, bool]

    def listeners_of(self, place: Row) -> set[int]:
        """Ids of who hears what is said: owner, participants and who watches, but nobody who muted it."""
        due = (place.participant_ids | self.muted.keys() | {place.owner_id}) - {None}
        return {id for id in due if id is not None and not self.muted.get(id)}


def read_watches(record_id: int) -> Watches:
    """What those who work here have said about a record; one query."""
    rows = Watch.objects.filter(record_id=record_id, person__is_active=True)
    return Watches(dict(rows.values_list("person_id", "muted")))


def read_place(spec: TypeSpec, record_id: int) -> Row | None:
    """What rights need to know of a record, whoever asks; None where none is, or one in the bin."""
    rows = spec.model._default_manager.filter(pk=record_id, deleted_at__isnull=True)
    found = rows.values("owner_id", "department_id", "pipeline_id", "stage_id").first()
    if found is None:
        return None
    taking_part = Participant.objects.filter(record_id=record_id).values_list("person_id", flat=True)
    return Row(type_id=spec.id, participant_ids=frozenset(taking_part), **found)


def read_places(record_ids: Sequence[int]) -> dict[int, Row]:
    """The places of records of any type that are not in the bin; two queries, and one for each type."""
    by_type: dict[int, list[int]] = defaultdict(list)
    for id, type_id in Anchor.objects.filter(id__in=record_ids).values_list("id", "type_id"):
        by_type[type_id].append(id)
    taking_part: dict[int, set[int]] = defaultdict(set)
    pairs = Participant.objects.filter(record_id__in=record_ids).values_list("record_id", "person_id")
    for record_id, person_id in pairs:
        taking_part[record_id].add(person_id)
    columns = ("id", "owner_id", "department_id", "pipeline_id", "stage_id")
    found: dict[int, Row] = {}
    for type_id, ids in by_type.items():
        spec = current_generation().types_by_id.get(type_id)
        rows = spec.model._default_manager.filter(pk__in=ids, deleted_at__isnull=True) if spec else None
        for id, owner, department, pipeline, stage in rows.values_list(*columns) if rows is not None else ():
            found[id] = Row(type_id, owner, department, pipeline, stage, frozenset(taking_part[id]))
    return found


def seers_among(place: Row, person_ids: Iterable[int]) -> set[int]:
    """Those of these people who work here and see the record in this place."""
    people = people_by_ids(person_ids)
    actors = actors_of(people)
    return {person.id for person in people if actors[person.id].may(Verb.SEE, place)}


def suggest_listeners(
    spec: TypeSpec, record_id: int, words: str, *, but: int | None = None, limit: int = 8
) -> list[Listener]:
    """People who see the record and have these words in name or login; person `but` left out.

    First whose name or login begins with them, of those who has to do with the record. A handful of queries,
    however many people there are.
    """
    place = read_place(spec, record_id)
    if place is None:
        return []
    found = [each.person for each in search_people(words, is_active=True)[:_ASKED] if each.person.id != but]
    actors = actors_of(found)
    seers = [person for person in found if actors[person.id].may(Verb.SEE, place)]
    near, begun = people_near(record_id, place), f" {words.lower()}"
    seers.sort(
        key=lambda each: (begun not in f" {each.name} {each.login}".lower(), each.id not in near, each.name)
    )
    return [
        Listener(person.id, person.login, person.name, str(person.department or ""))
        for person in seers[:limit]
    ]


def people_near(record_id: int, place: Row) -> set[int]:
    """Owner, participants, and who has written about the record or watches it."""
    authors = Comment.objects.filter(record_id=record_id, deleted_at__isnull=True).values_list("author_id")
    watching = Watch.objects.filter(record_id=record_id, muted=False).values_list("person_id")
    said = {id for (id,) in authors.union(watching)}
    return {id for id in (*said, *place.participant_ids, place.owner_id) if id is not None}


def read_watchers(record_id: int, place: Row | None) -> Watchers:
    """Who hears what is said about a record: owner, participants and who watches, but nobody who muted it.

    Two queries; nobody hears of a record without a place. Whether they still see the record is asked by who
    tells them something.
    """
    if place is None:
        return Watchers((), frozenset())
    watches = read_watches(record_id)
    people = people_by_ids(watches.listeners_of(place))
    listeners = [Listener(person.id, person.login, person.name) for person in people]
    return Watchers(listeners, frozenset(id for id, is_muted in watches.muted.items() if is_muted))


def count_watches(record_id: int) -> int:
    """How many people have said whether they want to hear of a record."""
    return Watch.objects.filter(record_id=record_id).count()
