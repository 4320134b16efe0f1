"""Tasks go with the rest of somebody's work: delegated one by one, and back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import make_person
from tests.factories.records import create
from tests.factories.tasks import anyone, give
from tests.factories.team import Team

from trassa.journal import Stream, list_entries
from trassa.people.actions import change_department
from trassa.people.actions.handovers import hand_over, undo_hand_over
from trassa.people.models import HandOver, Person
from trassa.people.queries import get_department
from trassa.people.queries.handovers import list_work
from trassa.people.registries import Assignment
from trassa.work.actions import change_task, complete_task
from trassa.work.queries import get_task

pytestmark = pytest.mark.django_db
TASKS, SEATS, SALES = "tasks:tasks", "seats:seats", "records:owner.deal.sales"


@pytest.fixture
def headed(team: Team) -> Team:
    """The head of sales is the head of the branch."""
    change_department(get_department("branch"), head=team.head, actor_id=None)
    return team


def own(team: Team, title: str = "Позвонить", **given: Any) -> int:
    """A task of the seller."""
    return give(title, by=team.actor("seller"), **given)


def holder(team: Team, id: int) -> int | None:
    return get_task(team.actor("administrator"), id).owner_id


def pass_on(team: Team, to: Person, *parts: str) -> HandOver:
    order = [Assignment(part, {to.id: 1}) for part in parts or (TASKS,)]
    return hand_over(team.seller, order, actor_id=team.head.id)


def test_open_tasks_are_counted_handed_over_and_given_back(headed: Team) -> None:
    id, done = own(headed), own(headed, "Сделано")
    complete_task(done, actor=headed.actor("seller"))
    assert list_work(headed.seller.id, headed.head.id)[TASKS].count == 1
    passed = pass_on(headed, headed.other_seller)
    assert holder(headed, id) == headed.other_seller.id
    entry = list_entries(Stream("task", id))[0]
    assert (entry.kind, entry.cause) == ("delegated", {"kind": "handover", "handover": passed.id})
    undone = undo_hand_over(passed.id, actor_id=headed.head.id)
    assert (holder(headed, id), undone.undone["tasks"]["left"]) == (headed.seller.id, [])
    assert holder(headed, done) == headed.seller.id


def test_a_task_goes_where_its_record_went(headed: Team) -> None:
    deal = create("deal", owner=headed.seller.id, pipeline="sales")
    id = own(headed, record_id=deal)
    alone = pass_on(headed, headed.other_seller)
    assert holder(headed, id) == headed.seller.id
    assert alone.result["tasks"]["left"][0]["count"] == 1
    pass_on(headed, headed.other_seller, SALES, TASKS)
    assert holder(headed, id) == headed.other_seller.id


def test_a_task_comes_back_with_its_record_to_who_sees_only_their_own(headed: Team) -> None:
    deal = create("deal", owner=headed.seller.id, pipeline="sales")
    id = own(headed, record_id=deal)
    helped = give("Помочь", owner_id=headed.head.id, co_workers=[headed.seller.id], record_id=deal)
    passed = pass_on(headed, headed.head, SALES, TASKS, SEATS)
    undone = undo_hand_over(passed.id, actor_id=headed.head.id)
    assert [each["left"] for each in undone.undone.values()] == [[], [], []]
    assert holder(headed, id) == headed.seller.id
    assert seats(headed, helped)["co_worker"] == [headed.seller.id]


def test_what_has_ended_or_gone_on_since_stays(headed: Team) -> None:
    ended, open = own(headed, "Кончилось"), own(headed, "Осталось")
    passed = pass_on(headed, headed.other_seller)
    complete_task(ended, actor=headed.actor("other_seller"))
    undone = undo_hand_over(passed.id, actor_id=headed.head.id)
    assert (holder(headed, ended), holder(headed, open)) == (headed.other_seller.id, headed.seller.id)
    assert undone.undone["tasks"]["left"][0]["names"] == ["Кончилось"]


def test_tasks_are_shared_out(headed: Team) -> None:
    ids = [own(headed, str(number)) for number in range(4)]
    third = make_person("third")
    order = [Assignment(TASKS, {headed.other_seller.id: 1, third.id: 1})]
    hand_over(headed.seller, order, actor_id=headed.head.id)
    holders = [holder(headed, id) for id in ids]
    assert holders.count(third.id) == holders.count(headed.other_seller.id) == 2


def seats(team: Team, id: int) -> dict[str, list[int]]:
    line = get_task(team.actor("administrator"), id)
    return {part: sorted(line.holders(part).people) for part in ("candidate", "co_worker", "observer")}


def test_places_in_tasks_of_others_go_over_and_come_back(headed: Team) -> None:
    boss, seller, other = headed.administrator, headed.seller, headed.other_seller
    helped = give("Помочь", owner_id=boss.id, co_workers=[seller.id], observers=[seller.id, other.id])
    offered = give("Взять", candidates=anyone(seller, headed.head))
    before = [seats(headed, id) for id in (helped, offered)]
    assert list_work(seller.id, headed.head.id)[SEATS].count == 2
    passed = pass_on(headed, other, SEATS)
    assert seats(headed, helped) == {"candidate": [], "co_worker": [other.id], "observer": [other.id]}
    assert seats(headed, offered)["candidate"] == sorted([other.id, headed.head.id])
    entry = list_entries(Stream("task", helped))[0]
    assert (entry.kind, entry.cause["kind"], set(entry.changes)) == (
        "changed",
        "handover",
        {"co_workers", "observers"},
    )
    undone = undo_hand_over(passed.id, actor_id=headed.head.id)
    assert [seats(headed, id) for id in (helped, offered)] == before
    assert undone.undone["seats"]["left"] == []


def test_a_place_that_its_new_holder_has_lost_since_stays(headed: Team) -> None:
    id = give("Помочь", owner_id=headed.administrator.id, co_workers=[headed.seller.id])
    passed = pass_on(headed, headed.other_seller, SEATS)
    change_task(id, {"co_workers": [headed.head.id]}, actor=headed.actor("administrator"))
    undone = undo_hand_over(passed.id, actor_id=headed.head.id)
    assert seats(headed, id)["co_worker"] == [headed.head.id]
    assert undone.undone["seats"]["left"][0]["names"] == ["Помочь"]


def statements_of_handing_over(team: Team, count: int) -> tuple[int, int]:
    """Statements for handing over so many tasks and places, half about records, and for taking it back."""
    for number in range(count):
        deal = create("deal", owner=team.seller.id, pipeline="sales") if number % 2 else None
        own(team, f"Задача {number}", record_id=deal)
        give("Помочь", owner_id=team.head.id, co_workers=[team.seller.id], record_id=deal)
    assignments = [Assignment(part, {team.administrator.id: 1}) for part in (TASKS, SEATS)]
    with CaptureQueriesContext(connection) as there:
        passed = hand_over(team.seller, assignments, actor_id=team.head.id)
    with CaptureQueriesContext(connection) as back:
        undone = undo_hand_over(passed.id, actor_id=team.head.id)
    assert undone.undone["tasks"]["left"] == undone.undone["seats"]["left"] == []
    return len(there), len(back)


def test_handing_over_costs_the_same_for_few_tasks_and_for_many(headed: Team) -> None:
    few = statements_of_handing_over(headed, 2)
    many = statements_of_handing_over(headed, 40)
    assert many[0] <= few[0]
    assert many[1] <= few[1]
