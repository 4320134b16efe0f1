"""Tasks: given only to who can open them, held by one, ended with words, their history kept."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.people import make_role
from tests.factories.records import CAUSE, create, write
from tests.factories.tasks import anyone, as_actor, give
from tests.factories.team import Team

from trassa.journal import Stream, list_entries, verify
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound, frozen, now, today
from trassa.people.actions import add_absence, assign_roles, change_department, retire_role
from trassa.people.queries import get_department
from trassa.people.types import AbsenceDraft
from trassa.records.types import Change, Write
from trassa.work.actions import (
    cancel_task,
    change_task,
    complete_task,
    delegate_task,
    release_task,
    reopen_task,
    snooze_task,
    take_task,
)
from trassa.work.queries import get_task, list_tasks
from trassa.work.types import Holders, TaskLine

pytestmark = pytest.mark.django_db
LATER = datetime(2090, 1, 1, tzinfo=UTC)


def look(team: Team, id: int, who: str = "administrator") -> TaskLine:
    return get_task(team.actor(who), id)


def kinds(id: int) -> list[str]:
    return [entry.kind for entry in list_entries(Stream("task", id))]


def faults(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in error.value.errors]


def test_a_task_without_owner_and_candidates_is_for_whoever_gives_it(team: Team) -> None:
    id = give("  Подготовить\n акт ", by=team.actor("seller"), text="Два экземпляра\r\n")
    task = look(team, id)
    assert (task.title, task.text) == ("Подготовить акт", "Два экземпляра")
    assert task.owner_id == task.author_id == team.seller.id
    assert kinds(id) == ["created"]


def test_a_task_says_what_is_to_be_done_and_by_somebody_who_works_here(team: Team) -> None:
    with pytest.raises(Invalid) as error:
        give(" ", by=team.actor("seller"), kind="dance", priority="now", owner_id=2**40, estimate_minutes=0)
    assert faults(error) == [
        ("title", "required"),
        ("kind", "unknown"),
        ("priority", "unknown"),
        ("estimate_minutes", "out_of_range"),
        ("owner", "unknown"),
    ]


def test_nobody_is_given_a_task_about_a_record_that_they_do_not_see(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    with pytest.raises(Invalid, match="Seller2") as error:
        give(by=team.actor("seller"), record_id=deal, owner_id=team.other_seller.id)
    assert faults(error) == [("owner", "cannot_see")]
    with pytest.raises(Invalid) as error:
        give(by=team.actor("head"), record_id=deal, candidates=anyone(team.seller, team.other_seller))
    assert faults(error) == [("candidates", "cannot_see")]
    give(by=team.actor("seller"), record_id=deal, owner_id=team.head.id)


def test_nobody_gives_a_task_about_a_record_that_they_do_not_see_or_that_is_in_the_bin(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    with pytest.raises(Invalid) as error:
        give(by=team.actor("other_seller"), record_id=deal)
    assert faults(error) == [("record", "unknown")]
    write(Write(Change.BIN, "deal", id=deal))
    with pytest.raises(Invalid):
        give(by=team.actor("seller"), record_id=deal)


def test_a_task_about_a_record_is_there_for_who_sees_the_record_and_for_nobody_else(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    id = give(by=team.actor("seller"), record_id=deal)
    for who in ("seller", "head", "administrator"):
        assert look(team, id, who).record_id == deal
    for who in ("other_seller", "newcomer"):
        with pytest.raises(NotFound):
            look(team, id, who)


def test_a_task_without_a_record_is_there_for_who_has_a_part_in_it(team: Team) -> None:
    id = give(by=team.actor("seller"), observers=[team.newcomer.id])
    assert look(team, id, "newcomer").id == id
    with pytest.raises(NotFound):
        look(team, id, "other_seller")
    with pytest.raises(NotFound):
        complete_task(id, actor=team.actor("other_seller"))


def test_a_retired_role_cannot_be_a_candidate(team: Team) -> None:
    role = make_role("gone")
    retire_role(role, actor_id=None)
    with pytest.raises(Invalid) as error:
        give(candidates=Holders(roles=[role.pk], departments=[2**40]))
    assert faults(error) == [("candidates", "unknown_role"), ("candidates", "unknown_department")]


def test_the_first_to_take_a_task_owns_it_and_the_second_is_told_who(team: Team) -> None:
    id = give(candidates=anyone(team.seller, team.other_seller))
    take_task(id, actor=team.actor("seller"))
    with pytest.raises(Conflict, match="Seller") as error:
        take_task(id, actor=team.actor("other_seller"))
    assert error.value.code == "taken"
    assert take_task(id, actor=team.actor("seller")).owner_id == team.seller.id
    assert kinds(id) == ["taken", "created"]


def test_only_a_candidate_takes_a_task(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    id = give(record_id=deal, candidates=anyone(team.seller))
    with pytest.raises(Forbidden):
        take_task(id, actor=team.actor("head"))


def test_who_holds_a_role_or_works_below_a_department_is_a_candidate(team: Team) -> None:
    role = make_role("appraiser")
    assign_roles(team.newcomer, [role], actor_id=None)
    branch = get_department("branch")
    take_task(give(candidates=Holders(roles=[role.pk])), actor=as_actor(team.newcomer))
    take_task(give(candidates=Holders(departments=[branch.pk])), actor=team.actor("seller"))
    with pytest.raises(NotFound):
        take_task(give(candidates=Holders(roles=[role.pk])), actor=team.actor("seller"))


def test_a_task_given_back_waits_for_its_candidates_again(team: Team) -> None:
    id = give(candidates=anyone(team.seller, team.other_seller))
    take_task(id, actor=team.actor("seller"))
    release_task(id, actor=team.actor("seller"))
    assert take_task(id, actor=team.actor("other_seller")).owner_id == team.other_seller.id
    with pytest.raises(Forbidden):
        release_task(id, actor=team.actor("seller"))
    own = give(by=team.actor("seller"))
    with pytest.raises(Conflict, match="Передайте"):
        release_task(own, actor=team.actor("seller"))


def test_a_task_ends_with_an_outcome_of_its_kind_and_words(team: Team) -> None:
    id = give(kind="call", owner_id=team.seller.id)
    with pytest.raises(Invalid) as error:
        complete_task(id, outcome="approved", actor=team.actor("seller"))
    assert faults(error) == [("outcome", "unknown")]
    complete_task(id, outcome="not_reached", result=" Не отвечает ", actor=team.actor("seller"))
    task = look(team, id)
    assert (task.state, task.outcome, task.result) == ("done", "not_reached", "Не отвечает")
    assert task.done_by_id == team.seller.id
    assert task.done_at is not None
    with pytest.raises(Conflict) as ended:
        complete_task(id, actor=team.actor("seller"))
    assert ended.value.code == "ended"


def test_without_an_outcome_a_task_ends_the_usual_way(team: Team) -> None:
    outcomes = {}
    for kind in ("todo", "call", "meeting", "form", "acknowledgement", "approval", "upload"):
        id = give(kind=kind, owner_id=team.seller.id)
        outcomes[kind] = complete_task(id, actor=team.actor("seller")).outcome
    assert outcomes == {
        "todo": "done",
        "call": "reached",
        "meeting": "held",
        "form": "filled",
        "acknowledgement": "acknowledged",
        "approval": "approved",
        "upload": "uploaded",
    }


def test_what_is_returned_or_rejected_is_explained(team: Team) -> None:
    id = give(kind="approval", owner_id=team.head.id)
    for outcome in ("returned", "rejected"):
        with pytest.raises(Invalid) as error:
            complete_task(id, outcome=outcome, result=" ", actor=team.actor("head"))
        assert faults(error) == [("result", "required")]
    complete_task(id, outcome="returned", result="Нет акта", actor=team.actor("head"))


def test_a_candidate_who_completes_what_nobody_owns_takes_it_with_that(team: Team) -> None:
    id = give(candidates=anyone(team.seller, team.other_seller))
    assert complete_task(id, actor=team.actor("seller")).owner_id == team.seller.id
    taken = give(candidates=anyone(team.seller, team.other_seller))
    take_task(taken, actor=team.actor("seller"))
    with pytest.raises(Forbidden):
        complete_task(taken, actor=team.actor("other_seller"))


def test_co_workers_complete_a_task_and_observers_do_not(team: Team) -> None:
    people = {"co_workers": [team.other_seller.id], "observers": [team.newcomer.id]}
    id = give(owner_id=team.seller.id, **people)
    with pytest.raises(Forbidden):
        complete_task(id, actor=team.actor("newcomer"))
    complete_task(id, actor=team.actor("other_seller"))
    assert look(team, id).owner_id == team.seller.id


def test_a_task_that_has_ended_is_taken_up_again_and_history_keeps_how_it_ended(team: Team) -> None:
    id = give(owner_id=team.seller.id)
    complete_task(id, result="Готово", actor=team.actor("seller"))
    reopen_task(id, actor=team.actor("seller"))
    task = look(team, id)
    assert (task.state, task.result, task.done_at) == ("open", "", None)
    [entry, *_rest] = list_entries(Stream("task", id), key="result")
    assert entry.kind == "reopened"
    assert entry.changes["result"] == ("Готово", None)
    assert kinds(id) == ["reopened", "done", "created"]
    assert verify().problems == []


def test_the_author_cancels_a_task_and_its_owner_does_not(team: Team) -> None:
    id = give(by=team.actor("head"), owner_id=team.newcomer.id)
    with pytest.raises(Forbidden):
        cancel_task(id, actor=team.actor("newcomer"))
    assert cancel_task(id, words="Продано", actor=team.actor("head")).state == "cancelled"
    nobodys = give(owner_id=team.newcomer.id)
    assert cancel_task(nobodys, actor=team.actor("newcomer")).state == "cancelled"


def test_a_change_is_told_in_history_and_a_stale_one_is_refused(team: Team) -> None:
    id = give(by=team.actor("seller"), due_at=now())
    changed = change_task(
        id, {"due_at": LATER, "title": "Перезвонить", "observers": [team.head.id]}, actor=team.actor("seller")
    )
    assert changed.version == 2
    [entry] = list_entries(Stream("task", id), only=["changed"])
    assert entry.changes["due_at"][1] == LATER.isoformat()
    assert entry.changes["observers"] == (None, {"people": [team.head.id]})
    assert "title" not in entry.changes
    assert change_task(id, {"due_at": LATER}, actor=team.actor("seller")).version == 2
    with pytest.raises(Conflict) as error:
        change_task(id, {"title": "Встретить"}, version=1, actor=team.actor("seller"))
    assert error.value.code == "stale"


def test_a_delegated_task_is_with_somebody_else_who_can_open_it(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    id = give(by=team.actor("seller"), record_id=deal)
    with pytest.raises(Invalid) as error:
        delegate_task(id, owner_id=team.other_seller.id, actor=team.actor("seller"))
    assert faults(error) == [("owner", "cannot_see")]
    with pytest.raises(Invalid):
        delegate_task(id, actor=team.actor("seller"))
    delegate_task(id, owner_id=team.head.id, actor=team.actor("seller"))
    assert look(team, id).owner_id == team.head.id
    # Who gave it may still take it to somebody else.
    delegate_task(id, candidates=anyone(team.head, team.seller), actor=team.actor("seller"))
    assert look(team, id).owner_id is None
    assert take_task(id, actor=team.actor("head")).owner_id == team.head.id


def test_a_head_delegates_what_lies_with_somebody_of_the_department(team: Team) -> None:
    change_department(get_department("branch"), head=team.head, actor_id=None)
    id = give(by=team.actor("seller"))
    delegate_task(id, owner_id=team.other_seller.id, actor=team.actor("head"))
    assert look(team, id, "head").owner_id == team.other_seller.id


def test_a_substitute_does_what_waits_for_who_is_away(team: Team) -> None:
    id = give(owner_id=team.seller.id)
    with pytest.raises(NotFound):
        complete_task(id, actor=team.actor("newcomer"))
    away = AbsenceDraft(today(), today() + timedelta(days=3), substitute_id=team.newcomer.id)
    add_absence(team.seller, away, actor_id=None)
    complete_task(id, actor=team.actor("newcomer"))
    task = look(team, id)
    assert (task.owner_id, task.done_by_id) == (team.seller.id, team.newcomer.id)


def test_only_its_owner_puts_a_task_off_and_only_to_a_moment_to_come(team: Team) -> None:
    id = give(by=team.actor("head"), owner_id=team.newcomer.id)
    with pytest.raises(Forbidden):
        snooze_task(id, LATER, actor=team.actor("head"))
    with pytest.raises(Invalid):
        snooze_task(id, now() - timedelta(minutes=1), actor=team.actor("newcomer"))
    assert snooze_task(id, LATER, actor=team.actor("newcomer")).snoozed_until == LATER
    assert snooze_task(id, None, actor=team.actor("newcomer")).snoozed_until is None


def test_a_task_with_a_key_is_made_once(team: Team) -> None:
    assert give(owner_id=team.seller.id, key="rule 1 run 5") == give(
        owner_id=team.seller.id, key="rule 1 run 5"
    )


def test_lists_by_part_name_what_one_has_to_do_with(team: Team) -> None:
    waiting = give(by=team.actor("head"), candidates=anyone(team.seller))
    watched = give(by=team.actor("head"), observers=[team.seller.id])
    own = give(by=team.actor("seller"))
    finished = give(by=team.actor("seller"))
    complete_task(finished, actor=team.actor("seller"))
    seller = team.actor("seller")
    found = {
        relation: [task.id for task in list_tasks(seller, relation)]
        for relation in ("owner", "author", "candidate", "observer", "done")
    }
    assert found == {
        "owner": [own],
        "author": [finished, own],
        "candidate": [waiting],
        "observer": [watched],
        "done": [finished],
    }


def test_history_is_told_with_the_cause(team: Team) -> None:
    with frozen(datetime(2026, 3, 1, 9, tzinfo=UTC)):
        id = give(owner_id=team.seller.id)
        complete_task(id, actor=team.actor("seller"), cause=CAUSE)
    [entry, _created] = list_entries(Stream("task", id))
    assert (entry.cause, entry.actor_id) == (CAUSE, team.seller.id)
    assert entry.at == datetime(2026, 3, 1, 9, tzinfo=UTC)
