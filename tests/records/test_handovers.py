"""Hand-over: all work of a person goes to others in one transaction, as a preview tells, and back again."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.databases import Lay
from tests.factories.people import make_department, make_person, make_role
from tests.factories.records import allow, create, edit, make_garage, move, restart_numbers, write
from tests.factories.team import Team, make_team

from trassa.access.actions import set_grants
from trassa.access.types import Verb
from trassa.journal import Stream, list_entries, verify
from trassa.journal.models import OutboxMessage
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.people.actions import assign_roles, dismiss_person
from trassa.people.actions.handovers import carry_out, hand_over, try_hand_over, undo_hand_over
from trassa.people.models import Department, HandOver, Person, Role
from trassa.people.queries.handovers import get_hand_over, list_hand_overs, list_work, progress_of
from trassa.people.registries import Assignment
from trassa.records.actions import handovers
from trassa.records.actions.watching import watch_record
from trassa.records.models import Watch
from trassa.records.queries import list_history
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.django_db
SALES = "records:owner.deal.sales"
BUYOUT = "records:owner.deal.buyout"
APPRAISED = "records:field.deal.appraiser"
WATCHES = "watches:watches"


@pytest.fixture(scope="module")
def _garage(lay: Lay) -> None:
    lay(make_garage)


@pytest.fixture
def team(_garage: None, db: None) -> Team:
    """The head of sales is the head of the branch; the other seller takes over."""
    restart_numbers()
    team = make_team()
    Department.objects.filter(code="branch").update(head=team.head)
    return team


def deal(team: Team, **given: Any) -> int:
    return create("deal", owner=team.seller.id, **{"pipeline": "sales", **given})


def owner(id: int) -> int:
    found = current_generation().types["deal"].model._default_manager.get(pk=id).owner_id
    assert isinstance(found, int)
    return found


def to(person: Person, part: str = SALES, **given: Any) -> Assignment:
    return Assignment(part, {person.id: 1}, **given)


def test_parts_tell_what_somebody_has_by_type_and_pipeline(team: Team) -> None:
    deal(team), deal(team)
    deal(team, pipeline="buyout")
    move("deal", deal(team), "lost", reason="price")
    create("deal", owner=team.other_seller.id, fields={"appraiser": team.seller.id})
    work = list_work(team.seller.id, team.head.id)
    assert {key: each.count for key, each in work.items()} == {
        SALES: 2,
        f"{SALES}.ended": 1,
        BUYOUT: 1,
        APPRAISED: 1,
    }
    assert [key for key, each in work.items() if not each.is_usual] == [f"{SALES}.ended"]


def test_work_goes_to_one_person_and_history_says_by_what(team: Team) -> None:
    ids = [deal(team) for _each in range(3)]
    done = hand_over(team.seller, [to(team.other_seller)], actor_id=team.head.id)
    assert done.state == "done"
    assert {owner(id) for id in ids} == {team.other_seller.id}
    assert done.result["records"]["given"] == {"owner.deal.sales": {str(team.other_seller.id): 3}}
    entry = list_history(team.actor("head"), current_generation().types["deal"], ids[0])[0]
    assert entry.cause == {"kind": "handover", "handover": done.id}
    assert list_entries(Stream("person", team.seller.id))[0].kind == "work_handed_over"
    assert not verify(stream=Stream("record", ids[0])).problems


def test_work_is_shared_out_by_shares(team: Team) -> None:
    ids = [deal(team) for _each in range(9)]
    third = make_person("third", is_administrator=True)
    shares = Assignment(SALES, {team.other_seller.id: 2, third.id: 1})
    hand_over(team.seller, [shares], actor_id=team.head.id)
    owners = [owner(id) for id in ids]
    assert (owners.count(team.other_seller.id), owners.count(third.id)) == (6, 3)


def test_a_condition_takes_its_work_first_and_the_rest_goes_on(team: Team) -> None:
    large, small = deal(team, fields={"amount": "900"}), deal(team, fields={"amount": "5"})
    third = make_person("third", is_administrator=True)
    plan = [to(third, where="amount > 100"), to(team.other_seller)]
    hand_over(team.seller, plan, actor_id=team.head.id)
    assert (owner(large), owner(small)) == (third.id, team.other_seller.id)


def test_a_preview_tells_exactly_what_would_happen_and_leaves_everything(team: Team) -> None:
    id = deal(team)
    told = try_hand_over(team.seller, [to(team.other_seller)], actor_id=team.head.id)
    assert told is not None
    assert told["records"].given == {"owner.deal.sales": {team.other_seller.id: 1}}
    assert owner(id) == team.seller.id
    assert HandOver.objects.count() == 0
    assert [each.kind for each in list_entries(Stream("record", id))] == ["created"]


def test_what_the_receiver_would_not_see_stays_and_says_why(team: Team) -> None:
    id = deal(team)
    blind = make_person("blind")
    done = hand_over(team.seller, [to(blind)], actor_id=team.head.id)
    assert owner(id) == team.seller.id
    [left] = done.result["records"]["left"]
    assert (left["count"], blind.name in left["reason"]) == (1, True)


def test_of_several_only_who_would_see_the_record_gets_it(team: Team) -> None:
    ids = [deal(team) for _each in range(3)]
    shares = Assignment(SALES, {make_person("blind").id: 5, team.other_seller.id: 1})
    done = hand_over(team.seller, [shares], actor_id=team.head.id)
    assert {owner(id) for id in ids} == {team.other_seller.id}
    assert done.result["records"]["left"] == []


def test_work_that_left_ones_sight_by_the_hand_over_comes_back(team: Team) -> None:
    id = deal(team)
    stranger = make_person("stranger", department=make_department("faraway"))
    assign_roles(stranger, list(Role.objects.filter(code="seller")), actor_id=None)
    done = hand_over(team.seller, [to(stranger)], actor_id=team.head.id)
    assert owner(id) == stranger.id
    undone = undo_hand_over(done.id, actor_id=team.head.id)
    assert (owner(id), undone.undone["records"]["left"]) == (team.seller.id, [])
    assert list_entries(Stream("record", id))[0].actor_id == team.head.id


def test_what_who_hands_over_may_not_change_stays_and_is_told(team: Team) -> None:
    id = deal(team)
    looking = make_person("looking")
    role = make_role("onlooker")
    set_grants(role, allow("deal", Verb.SEE), actor_id=None)
    assign_roles(looking, [role], actor_id=None)
    Department.objects.filter(code="branch").update(head=looking)
    done = hand_over(team.seller, [to(team.other_seller)], actor_id=looking.id)
    [left] = done.result["records"]["left"]
    assert (owner(id), left["count"]) == (team.seller.id, 1)


def test_a_place_in_a_field_goes_with_the_owner_in_one_write(team: Team) -> None:
    id = deal(team, fields={"appraiser": team.seller.id})
    plan = [to(team.other_seller), to(team.head, APPRAISED)]
    hand_over(team.seller, plan, actor_id=team.head.id)
    row = current_generation().types["deal"].model._default_manager.get(pk=id)
    column = current_generation().types["deal"].by_code["appraiser"].column
    assert (row.owner_id, getattr(row, column)) == (team.other_seller.id, team.head.id)
    assert [each.kind for each in list_entries(Stream("record", id))] == ["changed", "created"]


def test_watches_go_to_who_sees_the_record(team: Team) -> None:
    mine, other = deal(team), deal(team)
    for id in (mine, other):
        watch_record(team.actor("seller"), current_generation().types["deal"], id, watching=True)
    hand_over(team.seller, [to(team.other_seller), to(team.head, WATCHES)], actor_id=team.head.id)
    assert set(Watch.objects.values_list("record_id", "person_id")) == {
        (mine, team.head.id),
        (other, team.head.id),
    }


def test_undoing_gives_back_what_nobody_has_changed_since_and_names_the_rest(team: Team) -> None:
    kept, taken = deal(team), deal(team)
    watch_record(team.actor("seller"), current_generation().types["deal"], kept, watching=True)
    done = hand_over(team.seller, [to(team.other_seller), to(team.head, WATCHES)], actor_id=team.head.id)
    write(Write(Change.EDIT, "deal", id=taken, owner=team.head.id))
    edit("deal", kept, amount="7")
    undone = undo_hand_over(done.id, actor_id=team.head.id)
    assert undone.state == "undone"
    assert (owner(kept), owner(taken)) == (team.seller.id, team.head.id)
    [left] = undone.undone["records"]["left"]
    assert "Ответственный" in left["reason"]
    assert list(Watch.objects.values_list("person_id", flat=True)) == [team.seller.id]
    with pytest.raises(Conflict):
        undo_hand_over(done.id, actor_id=team.head.id)


def test_work_of_somebody_who_was_let_go_can_be_handed_over(team: Team) -> None:
    id = deal(team)
    dismiss_person(team.seller, actor_id=None)
    hand_over(team.seller, [to(team.other_seller)], actor_id=team.head.id)
    assert owner(id) == team.other_seller.id


@pytest.mark.parametrize("who", ["seller", "other_seller", "newcomer"])
def test_only_heads_and_administrators_hand_over(team: Team, who: str) -> None:
    deal(team)
    with pytest.raises(Forbidden):
        hand_over(team.seller, [to(team.head)], actor_id=getattr(team, who).id)


def test_a_head_of_another_department_does_not(team: Team) -> None:
    elsewhere = make_person("elsewhere")
    Department.objects.filter(id=make_department("elsewhere").id).update(head=elsewhere)
    with pytest.raises(Forbidden):
        try_hand_over(team.seller, [to(team.head)], actor_id=elsewhere.id)


def test_nobody_and_who_left_take_nothing_over(team: Team) -> None:
    deal(team)
    gone = dismiss_person(make_person("gone"), actor_id=None)
    for plan in (
        [],
        [Assignment(SALES, {})],
        [to(gone)],
        [to(team.seller)],
        [Assignment(SALES, {team.head.id: 0})],
    ):
        with pytest.raises(Invalid):
            hand_over(team.seller, plan, actor_id=team.head.id)


def test_nothing_to_hand_over_is_refused(team: Team) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(team.seller, [to(team.head)], actor_id=team.head.id)
    assert refused.value.errors[0].code == "nothing"


def test_much_work_is_left_to_a_job_and_done_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trassa.people.actions.handovers.AT_ONCE", 1)
    ids = [deal(team), deal(team)]
    ordered = hand_over(team.seller, [to(team.other_seller)], actor_id=team.head.id)
    assert (ordered.state, owner(ids[0])) == ("ordered", team.seller.id)
    [message] = OutboxMessage.objects.filter(event="people.hand_over_ordered")
    assert message.payload == {"hand_over": ordered.id}
    carry_out(ordered.id)
    carry_out(ordered.id)
    assert {owner(id) for id in ids} == {team.other_seller.id}
    assert len(list_entries(Stream("record", ids[0]))) == 2


def test_a_job_tells_how_far_it_is_while_its_transaction_lasts(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trassa.people.actions.handovers.AT_ONCE", 1)
    monkeypatch.setattr("trassa.records.actions.handovers._BATCH", 2)
    for _each in range(5):
        deal(team)
    told: list[tuple[int, int]] = []
    cut = handovers.store

    def look(*given: Any) -> list[int]:
        told.append(progress_of(HandOver.objects.get()))
        return cut(*given)

    monkeypatch.setattr(handovers, "store", look)
    ordered = hand_over(team.seller, [to(team.other_seller)], actor_id=team.head.id)
    carry_out(ordered.id)
    assert told == [(0, 5), (2, 5), (4, 5)]
    assert progress_of(HandOver.objects.get()) == (0, 5)


def statements_of_handing_over(team: Team, count: int) -> tuple[int, int]:
    """Statements for handing over so many deals with a field and a watch each, and for taking it back."""
    spec = current_generation().types["deal"]
    for _number in range(count):
        id = deal(team, fields={"appraiser": team.seller.id})
        watch_record(team.actor("seller"), spec, id, watching=True)
    parts = [to(team.other_seller), to(team.head, APPRAISED), to(team.head, WATCHES)]
    with CaptureQueriesContext(connection) as there:
        passed = hand_over(team.seller, parts, actor_id=team.administrator.id)
    with CaptureQueriesContext(connection) as back:
        undone = undo_hand_over(passed.id, actor_id=team.administrator.id)
    assert all(each["left"] == [] for each in undone.undone.values())
    return len(there), len(back)


def test_handing_over_costs_the_same_for_few_records_and_for_many(team: Team) -> None:
    few = statements_of_handing_over(team, 2)
    many = statements_of_handing_over(team, 40)
    assert many[0] <= few[0]
    assert many[1] <= few[1]


def test_what_somebody_watches_again_since_stays_as_they_said(team: Team) -> None:
    spec, id = current_generation().types["deal"], deal(team)
    watch_record(team.actor("seller"), spec, id, watching=True)
    done = hand_over(team.seller, [to(team.head, WATCHES)], actor_id=team.head.id)
    watch_record(team.actor("seller"), spec, id, watching=False)
    undone = undo_hand_over(done.id, actor_id=team.head.id)
    assert undone.undone["watches"]["left"][0]["count"] == 1
    assert Watch.objects.get(record_id=id, person_id=team.seller.id).muted


def test_a_failure_takes_everything_back_and_is_told(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    id = deal(team)

    def fail(*given: Any) -> None:
        raise Conflict("Занято", code="busy")

    plan = [to(team.other_seller), to(team.head, WATCHES)]
    watch_record(team.actor("seller"), current_generation().types["deal"], id, watching=True)
    monkeypatch.setattr("trassa.records.actions.handing_watches.begin_watching", fail)
    failed = hand_over(team.seller, plan, actor_id=team.head.id)
    assert (failed.state, failed.problem, owner(id)) == ("failed", "Занято", team.seller.id)


def test_hand_overs_are_seen_by_heads_of_the_person(team: Team) -> None:
    deal(team)
    done = hand_over(team.seller, [to(team.other_seller)], actor_id=team.administrator.id)
    assert [each.id for each in list_hand_overs(team.head.id)] == [done.id]
    assert get_hand_over(done.id, team.head.id).id == done.id
    assert list_hand_overs(team.other_seller.id) == []
    with pytest.raises(NotFound):
        get_hand_over(done.id, team.other_seller.id)


def test_a_head_hands_over_only_what_they_see(team: Team) -> None:
    deal(team)
    create("contact", owner=team.seller.id, fields={"name": "Клиент"})
    assert "records:owner.contact" in list_work(team.seller.id, team.administrator.id)
    blind = make_person("blind", department=team.head.department)
    Department.objects.filter(code="branch").update(head=blind)
    assert list_work(team.seller.id, blind.id) == {}
