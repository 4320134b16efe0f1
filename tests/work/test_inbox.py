"""The inbox: everything that waits for a person, soonest first, and nothing that they cannot act on."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import make_role
from tests.factories.records import create, edit, write
from tests.factories.tasks import anyone, as_actor, give
from tests.factories.team import Team
from tests.work.clock import AFTERNOON

from trassa.kernel import frozen
from trassa.people.actions import add_absence, assign_roles
from trassa.people.queries import get_department
from trassa.people.types import AbsenceDraft
from trassa.records.types import Change, Write
from trassa.work.actions import cancel_task, complete_task, release_task, snooze_task, take_task
from trassa.work.queries import count_inbox, list_inbox, principals_of
from trassa.work.types import Holders, InboxQuery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("afternoon")]


def inbox(team: Team, who: str = "seller", **given: object) -> list[int]:
    return [task.id for task in list_inbox(as_actor(getattr(team, who)), InboxQuery(**given))]  # type: ignore[arg-type]


def hours(number: float) -> datetime:
    return AFTERNOON + timedelta(hours=number)


def test_own_tasks_and_those_for_several_come_by_their_due_moments(team: Team) -> None:
    role = make_role("appraiser")
    assign_roles(team.newcomer, [role], actor_id=None)
    someday = give(owner_id=team.newcomer.id)
    tomorrow = give(owner_id=team.newcomer.id, due_at=hours(24))
    late = give(candidates=Holders(roles=[role.pk]), due_at=hours(-1))
    for_all = give(candidates=Holders(departments=[get_department("company").pk]), due_at=hours(2))
    beside = give(owner_id=team.seller.id, co_workers=[team.newcomer.id], due_at=hours(3))
    assert inbox(team, "newcomer") == [late, for_all, beside, tomorrow, someday]


def test_a_task_of_which_one_is_owner_and_candidate_comes_once(team: Team) -> None:
    both = Holders(people=[team.seller.id], departments=[get_department("sales").pk])
    id = give(candidates=both, co_workers=[team.seller.id], due_at=hours(1))
    assert inbox(team) == [id]
    take_task(id, actor=team.actor("seller"))
    assert inbox(team) == [id]


def test_what_one_takes_vanishes_for_the_others_until_it_is_given_back(team: Team) -> None:
    id = give(candidates=anyone(team.seller, team.other_seller))
    take_task(id, actor=team.actor("seller"))
    assert (inbox(team), inbox(team, "other_seller")) == ([id], [])
    release_task(id, actor=team.actor("seller"))
    assert (inbox(team), inbox(team, "other_seller")) == ([id], [id])


def test_what_has_ended_waits_for_nobody(team: Team) -> None:
    done = give(owner_id=team.seller.id, co_workers=[team.head.id])
    cancelled = give(by=team.actor("head"), candidates=anyone(team.seller))
    complete_task(done, actor=team.actor("seller"))
    cancel_task(cancelled, actor=team.actor("head"))
    assert (inbox(team), inbox(team, "head")) == ([], [])


def test_nothing_is_listed_whose_record_cannot_be_opened(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    kept = create("deal", actor=team.actor("seller"))
    lost, binned = (
        give(record_id=deal, owner_id=team.seller.id),
        give(record_id=kept, owner_id=team.seller.id),
    )
    for_all = give(record_id=deal, candidates=Holders(departments=[get_department("company").pk]))
    assert inbox(team) == [lost, binned, for_all]
    assert inbox(team, "other_seller") == []
    write(Write(Change.EDIT, "deal", id=deal, owner=team.head.id))
    assert inbox(team) == [binned]
    write(Write(Change.BIN, "deal", id=kept))
    assert inbox(team) == []
    assert count_inbox(as_actor(team.seller)).total == 0
    assert inbox(team, "head") == [for_all]


def test_who_takes_part_in_a_record_gets_its_tasks(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    edit("deal", deal, appraiser=team.other_seller.id)
    id = give(record_id=deal, candidates=anyone(team.other_seller))
    assert inbox(team, "other_seller") == [id]


def test_filters_narrow_what_is_listed(team: Team) -> None:
    late = give(owner_id=team.seller.id, kind="call", due_at=hours(-1))
    evening = give("Показ 50%", owner_id=team.seller.id, kind="meeting", due_at=hours(5))
    night = give(owner_id=team.seller.id, due_at=hours(9.5))  # half past midnight in Moscow
    someday = give(owner_id=team.seller.id)
    assert inbox(team, when="overdue") == [late]
    assert inbox(team, when="today") == [evening]
    assert inbox(team, when="later") == [night, someday]
    assert inbox(team, kinds=["call", "meeting"]) == [late, evening]
    assert inbox(team, words="50% показ") == [evening]
    assert inbox(team, words="5_%") == []


def test_what_is_put_off_comes_back_at_its_moment(team: Team) -> None:
    id = give(owner_id=team.seller.id)
    snooze_task(id, hours(3), actor=team.actor("seller"))
    assert inbox(team) == []
    assert inbox(team, snoozed=True) == [id]
    with frozen(hours(3)):
        assert inbox(team) == [id]


def test_pages_follow_one_another_without_gap_or_repetition(team: Team) -> None:
    moments = [hours(1), hours(1), hours(1), hours(2), None, None]
    ids = [give(owner_id=team.seller.id, due_at=moment) for moment in moments]
    ids.insert(4, give(candidates=anyone(team.seller), due_at=hours(3)))
    seen, after = [], None
    while page := list_inbox(as_actor(team.seller), InboxQuery(limit=2, after=after)):
        seen += [task.id for task in page]
        after = (page[-1].due_at, page[-1].id)
    assert seen == ids


def test_counts_tell_kinds_and_what_is_pressing(team: Team) -> None:
    give(owner_id=team.seller.id, kind="call", due_at=hours(-1))
    give(owner_id=team.seller.id, kind="call", due_at=hours(1))
    give(candidates=anyone(team.seller), kind="approval")
    counts = count_inbox(as_actor(team.seller))
    assert (counts.total, counts.overdue, counts.today, counts.more) == (3, 1, 1, False)
    assert counts.kinds == {"call": 2, "approval": 1}


def test_counting_stops_at_its_limit(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trassa.work.queries.inbox.COUNT_LIMIT", 3)
    for _number in range(3):
        give(owner_id=team.seller.id)
    assert (count_inbox(as_actor(team.seller)).total, count_inbox(as_actor(team.seller)).more) == (3, False)
    give(candidates=anyone(team.seller))
    assert (count_inbox(as_actor(team.seller)).total, count_inbox(as_actor(team.seller)).more) == (3, True)


def test_a_substitute_sees_what_waits_for_who_is_away_as_far_as_rights_reach(team: Team) -> None:
    hidden = give(record_id=create("deal", actor=team.actor("seller")), owner_id=team.seller.id)
    shown = give(owner_id=team.seller.id)
    give(candidates=anyone(team.head))
    away = AbsenceDraft(AFTERNOON.date(), AFTERNOON.date(), substitute_id=team.newcomer.id)
    add_absence(team.seller, away, actor_id=None)
    assert principals_of(team.newcomer.id) == [team.seller.id]
    assert principals_of(team.head.id) == []
    found = list_inbox(as_actor(team.newcomer), InboxQuery(), principal=as_actor(team.seller))
    assert [task.id for task in found] == [shown]
    assert count_inbox(as_actor(team.newcomer), principal=as_actor(team.seller)).total == 1
    assert inbox(team) == [hidden, shown]
    with frozen(AFTERNOON + timedelta(days=1)):
        assert principals_of(team.newcomer.id) == []


def test_a_page_costs_the_same_however_many_tasks_there_are(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    actor = as_actor(team.seller)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list_inbox(actor, InboxQuery())
        return len(queries)

    give(record_id=deal, owner_id=team.seller.id)
    before = cost()
    for _number in range(5):
        give(record_id=deal, owner_id=team.seller.id, co_workers=[team.head.id])
        give(candidates=anyone(team.seller, team.head))
    assert cost() == before <= 5
