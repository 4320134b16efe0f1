"""Everybody for whom a task waits is told once: departments, roles, co-workers, and who stands in."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.factories.people import make_department, make_person
from tests.factories.records import CAUSE, create
from tests.factories.tasks import anyone, as_actor, give
from tests.factories.team import Team
from tests.work.outbox import follow, run, take

from trassa.automation.actions import fire_due
from trassa.journal.dispatch import dispatch
from trassa.kernel import frozen, now, today
from trassa.people.actions import add_absence, change_department
from trassa.people.models import Person
from trassa.people.queries import find_role, get_department
from trassa.people.types import AbsenceDraft
from trassa.records.actions.comments import add_comment
from trassa.schema.queries import current_generation
from trassa.work.actions import (
    change_task,
    complete_task,
    create_tasks,
    release_task,
    reopen_task,
    take_task,
)
from trassa.work.actions.channels import choose_channels
from trassa.work.queries.channels import Wishes
from trassa.work.queries.notices import list_notices
from trassa.work.types import TaskDraft

pytestmark = pytest.mark.django_db


def told(person: Person) -> list[str]:
    """Kinds of what somebody was told of tasks and discussions, the newest first."""
    return [line.kind for line in list_notices(as_actor(person)) if line.kind != "assigned"]


def words(person: Person) -> list[str]:
    with translation.override("en"):
        return [line.text for line in list_notices(as_actor(person)) if line.kind != "assigned"]


def away(person: Person, substitute: Person) -> None:
    add_absence(
        person,
        AbsenceDraft(today(), today() + timedelta(days=5), "vacation", substitute.id),
        actor_id=None,
    )


def serve(moment: datetime) -> None:
    """What the worker does at a moment."""
    with frozen(moment):
        fire_due()
        follow(twice=True)


def in_hours(hours: float) -> datetime:
    return now() + timedelta(hours=hours)


def test_a_department_is_told_with_everybody_below_it_and_nobody_beside_it(team: Team) -> None:
    beside = make_person("beside", department=make_department("beside"))
    branch = get_department("branch")
    give("Выехать", by=team.actor("administrator"), candidates=anyone(departments=[branch.pk]))
    follow(twice=True)
    for person in (team.head, team.seller, team.other_seller, team.newcomer):
        assert told(person) == ["task_offered"]
    assert told(beside) == []


def test_somebody_who_may_take_a_task_for_several_reasons_is_told_once(team: Team) -> None:
    role, branch = find_role("seller"), get_department("branch")
    assert role is not None
    candidates = anyone(team.seller, roles=[role.pk], departments=[branch.pk])
    give("Выехать", by=team.actor("administrator"), candidates=candidates)
    follow()
    assert told(team.seller) == ["task_offered"]


def test_who_does_not_see_the_record_is_not_told(team: Team) -> None:
    deal = create("deal", owner=team.seller.id)
    sales = get_department("branch")
    give("Выехать", record_id=deal, candidates=anyone(departments=[sales.pk]))
    follow()
    assert told(team.seller) == told(team.head) == ["task_offered"]
    assert told(team.other_seller) == told(team.newcomer) == []


def test_what_is_given_back_waits_for_the_others_again(team: Team) -> None:
    task = give("Выехать", candidates=anyone(team.seller, team.other_seller))
    take_task(task, actor=team.actor("seller"))
    follow()
    release_task(task, actor=team.actor("seller"))
    follow(twice=True)
    assert told(team.other_seller) == ["task_offered"]
    assert told(team.seller) == []


def test_what_is_taken_up_again_is_told_to_its_owner(team: Team) -> None:
    task = give("Перезвонить", by=team.actor("head"), owner_id=team.seller.id)
    complete_task(task, actor=team.actor("seller"))
    follow()
    reopen_task(task, actor=team.actor("head"))
    follow()
    assert told(team.seller) == ["task_given"]


def test_who_stands_in_is_told_for_whom_and_the_absent_one_as_well(team: Team) -> None:
    away(team.seller, team.other_seller)
    give("Перезвонить", by=team.actor("head"), owner_id=team.seller.id)
    follow(twice=True)
    assert told(team.seller) == told(team.other_seller) == ["task_given"]
    assert words(team.seller) == [f"{team.head.name} gives you a task"]
    assert words(team.other_seller) == [
        f"{team.head.name} gives you a task (you stand in for {team.seller.name})"
    ]


def test_who_stands_in_is_not_told_of_records_that_they_do_not_see(team: Team) -> None:
    away(team.seller, team.other_seller)
    deal = create("deal", owner=team.seller.id)
    give("Перезвонить", by=team.actor("head"), owner_id=team.seller.id, record_id=deal)
    follow()
    assert told(team.seller) == ["task_given"]
    assert told(team.other_seller) == []


def test_nobody_stands_in_for_one_of_many(team: Team) -> None:
    away(team.seller, team.head)
    role = find_role("seller")
    assert role is not None
    give("Выехать", candidates=anyone(roles=[role.pk]))
    follow()
    assert told(team.head) == []
    give("Выехать", candidates=anyone(team.seller))
    follow()
    assert told(team.head) == ["task_offered"]


def test_a_discussion_reaches_who_stands_in(team: Team) -> None:
    away(team.seller, team.head)
    deal = create("deal", owner=team.seller.id)
    add_comment(
        team.actor("administrator"), current_generation().types["deal"], deal, "Как дела?", cause=CAUSE
    )
    follow(twice=True)
    assert told(team.seller) == told(team.head) == ["commented"]
    assert words(team.head)[0].endswith(f"(you stand in for {team.seller.name})")


def test_co_workers_are_told_once_whoever_asks_them_and_when(team: Team) -> None:
    task = give(
        "Осмотреть", by=team.actor("head"), owner_id=team.seller.id, co_workers=[team.other_seller.id]
    )
    follow(twice=True)
    assert told(team.other_seller) == ["task_help"]
    helpers = [team.other_seller.id, team.newcomer.id]
    change_task(task, {"co_workers": helpers}, actor=team.actor("head"))
    change_task(task, {"title": "Осмотреть машину"}, actor=team.actor("head"))
    follow(twice=True)
    assert told(team.other_seller) == told(team.newcomer) == ["task_help"]


def test_who_is_asked_to_help_before_anybody_was_told_is_told_with_the_owner(team: Team) -> None:
    task = give("Осмотреть", by=team.actor("head"), owner_id=team.seller.id)
    change_task(task, {"co_workers": [team.newcomer.id]}, actor=team.actor("head"))
    follow()
    assert told(team.seller) == ["task_given"]
    assert told(team.newcomer) == ["task_help"]


def test_an_overdue_task_is_told_once_to_whom_it_waits_for(team: Team) -> None:
    due = in_hours(2)
    own = give("Перезвонить", owner_id=team.seller.id, co_workers=[team.newcomer.id], due_at=due)
    sales = get_department("showroom")
    give("Выехать", candidates=anyone(departments=[sales.pk]), due_at=due)
    follow()
    serve(in_hours(1.9))
    assert "task_late" not in told(team.seller)
    serve(in_hours(2.1))
    serve(in_hours(2.2))
    assert told(team.seller) == ["task_late", "task_given"]
    assert told(team.newcomer) == ["task_late", "task_help"]
    assert told(team.other_seller) == ["task_late", "task_offered"]
    [line] = list_notices(as_actor(team.seller), kinds=["task_late"])
    assert (line.url, line.quote) == (f"/tasks/{own}/", "Перезвонить")


def test_a_deadline_that_moves_is_told_when_it_passes_then(team: Team) -> None:
    task = give("Перезвонить", owner_id=team.seller.id, due_at=in_hours(2))
    follow()
    change_task(task, {"due_at": in_hours(5)}, actor=team.actor("administrator"))
    follow()
    serve(in_hours(3))
    assert told(team.seller) == ["task_given"]
    serve(in_hours(6))
    assert told(team.seller) == ["task_late", "task_given"]


def test_what_is_done_in_time_is_never_overdue(team: Team) -> None:
    task = give("Перезвонить", owner_id=team.seller.id, due_at=in_hours(2))
    follow()
    complete_task(task, actor=team.actor("seller"))
    follow()
    serve(in_hours(3))
    assert told(team.seller) == ["task_given"]


def test_an_overdue_task_of_somebody_absent_is_told_to_who_stands_in(team: Team) -> None:
    give("Перезвонить", owner_id=team.seller.id, due_at=in_hours(2))
    follow()
    away(team.seller, team.head)
    serve(in_hours(3))
    assert told(team.head) == ["task_late"]


def test_a_head_who_is_called_in_is_told(team: Team) -> None:
    change_department(get_department("branch"), head=team.head, actor_id=None)
    give("Перезвонить", owner_id=team.seller.id, due_at=in_hours(1), escalation="1 hour")
    follow()
    serve(in_hours(2.5))
    assert told(team.head)[0] == "task_escalated"
    assert "task_escalated" not in told(team.seller)


def test_settings_count_for_whoever_stands_in_too(team: Team) -> None:
    away(team.seller, team.other_seller)
    choose_channels(Wishes({"task_given": ()}), actor=team.actor("other_seller"))
    give("Перезвонить", by=team.actor("head"), owner_id=team.seller.id)
    follow()
    assert told(team.other_seller) == []


def test_many_tasks_at_once_are_one_notice_that_leads_to_the_inbox(team: Team) -> None:
    drafts = [TaskDraft(f"Позвонить {number}", owner_id=team.seller.id) for number in range(5)]
    create_tasks(drafts, actor=team.actor("head"))
    follow(twice=True)
    [line] = list_notices(as_actor(team.seller))
    assert (line.kind, line.url, line.who_id) == ("task_given", "/tasks/", team.head.id)
    assert words(team.seller) == ["5 tasks for you"]


def statements_of_telling(team: Team, count: int) -> int:
    """Statements for telling a department, with rights to be asked, of so many tasks at once."""
    deals = [create("deal", owner=team.seller.id) for _number in range(count)]
    take()
    candidates = anyone(departments=[get_department("branch").pk])
    drafts = [TaskDraft("Позвонить", candidates=candidates, record_id=deal) for deal in deals]
    create_tasks(drafts, actor=team.actor("administrator"))
    jobs = dispatch(take()).jobs
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for job in jobs:
            if job.task in ("work.tell", "work.follow_tasks"):
                run(job)
    return len(captured)


def test_telling_costs_the_same_for_few_tasks_and_for_many(team: Team) -> None:
    few = statements_of_telling(team, 2)
    assert statements_of_telling(team, 40) <= few
    assert few <= 26
