"""People are told of tasks that come to them, and of the end of those that they gave."""

import pytest
from tests.factories.records import create
from tests.factories.tasks import anyone, give
from tests.factories.team import Team
from tests.work.outbox import follow

from trassa.people.queries import roles_of
from trassa.work.actions import complete_task, delegate_task, take_task
from trassa.work.queries.notices import list_notices

pytestmark = pytest.mark.django_db


def kinds(team: Team, who: str) -> list[str]:
    return [line.kind for line in list_notices(team.actor(who))]


def test_whoever_is_given_a_task_is_told_by_whom_and_where(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    task = give("Перезвонить", by=team.actor("administrator"), owner_id=team.seller.id, record_id=deal)
    follow(twice=True)
    [line] = list_notices(team.actor("seller"))
    assert (line.kind, line.who_id, line.quote, line.url) == (
        "task_given",
        team.administrator.id,
        "Перезвонить",
        f"/tasks/{task}/",
    )
    assert kinds(team, "head") == []


def test_a_task_for_oneself_is_no_news(team: Team) -> None:
    give("Перезвонить", by=team.actor("seller"))
    follow()
    assert kinds(team, "seller") == []


def test_candidates_are_told_once_and_nobody_when_it_is_taken(team: Team) -> None:
    [role] = roles_of(team.seller.id)
    task = give("Выехать", by=team.actor("head"), candidates=anyone(team.seller, roles=[role.id]))
    follow(twice=True)
    assert kinds(team, "seller") == kinds(team, "other_seller") == ["task_offered"]
    take_task(task, actor=team.actor("seller"))
    follow()
    assert kinds(team, "other_seller") == ["task_offered"]


def test_delegating_tells_the_next_and_ending_tells_who_gave_it_and_who_watches(team: Team) -> None:
    task = give(
        "Перезвонить", by=team.actor("head"), owner_id=team.seller.id, observers=[team.administrator.id]
    )
    delegate_task(task, owner_id=team.other_seller.id, actor=team.actor("seller"))
    follow()
    assert kinds(team, "other_seller") == ["task_given"]
    complete_task(task, actor=team.actor("other_seller"))
    follow()
    assert kinds(team, "head") == ["task_done"]
    assert kinds(team, "administrator") == ["task_done"]
