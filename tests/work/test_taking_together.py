"""Many take, complete and change one task at the same moment: one of them does, the others are told."""

from functools import partial

import pytest
from tests.factories.people import make_person
from tests.factories.records import make_garage
from tests.factories.tasks import anyone, as_actor, give
from tests.together import together

from trassa.journal import Stream, list_entries, verify
from trassa.kernel import Conflict, Forbidden
from trassa.people.models import Person
from trassa.work.actions import complete_task, take_task
from trassa.work.models import Seat, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _committed_garage(transactional_db: None) -> None:
    make_garage()


def make_people(count: int) -> list[Person]:
    return [make_person() for _number in range(count)]


def test_of_many_who_take_a_task_exactly_one_owns_it() -> None:
    people = make_people(12)
    for _round in range(3):
        id = give(candidates=anyone(*people))
        results = together(*(partial(take_task, id, actor=as_actor(each)) for each in people))
        winners = [result for result in results if isinstance(result, Task)]
        assert len(winners) == 1
        assert [result.code for result in results if isinstance(result, Conflict)] == ["taken"] * 11
        assert Task.objects.get(id=id).owner_id == winners[0].owner_id
        assert not Seat.objects.filter(task_id=id, waits=True).exists()
        assert [entry.kind for entry in list_entries(Stream("task", id))] == ["taken", "created"]
    assert verify().problems == []


def test_of_many_who_complete_a_task_exactly_one_ends_it() -> None:
    people = make_people(6)
    id = give(candidates=anyone(*people))
    results = together(*(partial(complete_task, id, actor=as_actor(each)) for each in people))
    assert sum(isinstance(result, Task) for result in results) == 1
    assert sum(isinstance(result, Conflict | Forbidden) for result in results) == 5
    assert [entry.kind for entry in list_entries(Stream("task", id))] == ["done", "created"]


def test_a_key_wanted_by_many_makes_one_task() -> None:
    [person] = make_people(1)
    results = together(*(partial(give, owner_id=person.id, key="rule 1 run 1") for _number in range(6)))
    assert len(set(results)) == 1
    assert Task.objects.count() == 1
