"""Rules and tasks: rules give tasks and end them, answer to their end, and call in heads for what is late."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.factories.people import make_person
from tests.factories.records import create, move, statements_of_moving
from tests.factories.tasks import as_actor, give
from tests.factories.team import Team
from tests.work.clock import AFTERNOON

from trassa.automation.actions import fire_due, save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.queries import list_timers_of, list_traces
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import frozen
from trassa.people.actions import change_department
from trassa.people.queries import get_department, get_person
from trassa.people.registries import open_work
from trassa.records.actions.merging import Merging, merge_records
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.work.actions import change_task, complete_task, take_task
from trassa.work.models import Task
from trassa.work.queries import list_inbox
from trassa.work.types import InboxQuery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("afternoon")]


def rule(
    code: str, when: Mapping[str, Any], *steps: Mapping[str, Any], condition: str = "", type: str = "deal"
) -> None:
    save_rule(RuleDraft(code, type, Label(code), when, steps, condition), actor_id=None)


def tasks(**conditions: Any) -> list[Task]:
    return list(Task.objects.filter(**conditions).order_by("id"))


CALL = {"task": {"title": "Перезвонить", "kind": "call", "due": "15 minutes", "code": "call_back"}}


def test_a_rule_gives_a_task_to_the_owner_with_a_deadline(team: Team) -> None:
    rule("greet", {"event": "created"}, CALL)
    deal = create("deal", actor=team.actor("seller"))
    [task] = tasks()
    assert (task.record_id, task.owner_id, task.author_id) == (deal, team.seller.id, None)
    assert (task.kind, task.code) == ("call", "call_back")
    assert task.due_at == AFTERNOON + timedelta(minutes=15)
    spec = current_generation().types["deal"]
    [trace] = list_traces(team.actor("administrator"), spec, deal)
    assert [step.words for step in trace.steps] == ["Поставлена задача: «Перезвонить», Seller"]
    [entry] = list_entries(Stream("task", task.pk))
    assert entry.cause["kind"] == "rule"


def test_tasks_for_many_records_cost_as_many_statements_as_for_a_few(team: Team) -> None:
    rule("call", {"event": "stage_entered", "stage": "lost"}, CALL)
    rule("calm", {"event": "stage_left", "stage": "lost"}, {"end_tasks": {"code": "call_back"}})
    deals = [create("deal", actor=team.actor("seller")) for _each in range(13)]

    boss = team.actor("administrator")
    statements_of_moving("lost", deals[:1], boss)
    few, many = statements_of_moving("lost", deals[1:3], boss), statements_of_moving("lost", deals[3:], boss)
    assert few == many
    assert [task.record_id for task in tasks(state="open")] == deals
    assert statements_of_moving("new", deals[1:3], boss) == statements_of_moving("new", deals[3:], boss)
    assert [task.record_id for task in tasks(state="open")] == deals[:1]


def test_working_time_counts_by_the_calendar_of_whoever_is_to_do_it(team: Team) -> None:
    step = {"task": {"title": "Перезвонить", "due": "240 working minutes"}}
    rule("greet", {"event": "created"}, step)
    create("deal", actor=team.actor("seller"))
    # Three hours are left on Friday, the fourth is the first one of Monday.
    assert tasks()[0].due_at == datetime(2026, 11, 30, 7, tzinfo=UTC)


def test_a_task_for_a_role_waits_for_whoever_takes_it(team: Team) -> None:
    step = {"task": {"title": "Фотосессия", "who": "one_of_role", "role": "head"}}
    rule("photos", {"event": "stage_entered", "stage": "won"}, step)
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    move("deal", deal, "lost", reason="price")
    assert tasks() == []
    move("deal", deal, "won")
    [task] = tasks()
    assert task.owner_id is None
    assert [each.id for each in list_inbox(team.actor("head"), InboxQuery())] == [task.pk]
    assert take_task(task.pk, actor=team.actor("head")).owner_id == team.head.id


def test_the_end_of_a_task_sets_off_the_rule_that_waits_for_it_and_no_other(team: Team) -> None:
    rule("greet", {"event": "created"}, CALL)
    done = {"event": "task_done", "code": "call_back", "outcome": "reached"}
    rule("called", done, {"set": {"fields": {"source": "avito"}}})
    rule("other", {"event": "task_done", "kind": "meeting"}, {"set": {"fields": {"amount": "7"}}})
    deal = create("deal", actor=team.actor("seller"))
    row = current_generation().types["deal"].model._default_manager.filter(pk=deal)
    columns = {code: current_generation().types["deal"].by_code[code].column for code in ("source", "amount")}
    before = row.values(*columns.values()).get()
    [task] = tasks()
    complete_task(task.pk, outcome="not_reached", actor=team.actor("seller"))
    assert row.values(*columns.values()).get() == before
    create("deal", actor=team.actor("seller"))
    other = tasks(state="open")[0]
    complete_task(other.pk, actor=team.actor("seller"))
    changed = current_generation().types["deal"].model._default_manager.get(pk=other.record_id)
    assert getattr(changed, columns["source"]) != before[columns["source"]]
    assert getattr(changed, columns["amount"]) is None


def test_a_call_is_repeated_while_the_stage_lasts_and_ends_with_it(team: Team) -> None:
    step = {"task": {"title": "Повторный звонок", "kind": "call", "due": "3 days", "code": "again"}}
    rule("first", {"event": "stage_entered", "stage": "new"}, step)
    rule("next", {"event": "task_done", "code": "again"}, step, condition='stage = "new"')
    rule("last", {"event": "stage_left", "stage": "new"}, {"end_tasks": {"code": "again"}})
    deal = create("deal", actor=team.actor("seller"))
    for number in range(3):
        [task] = tasks(state="open")
        assert task.due_at == AFTERNOON + timedelta(days=3)
        complete_task(task.pk, actor=team.actor("seller"))
        assert len(tasks(state="done")) == number + 1
    move("deal", deal, "lost", reason="price")
    assert [task.state for task in tasks()] == ["done", "done", "done", "cancelled"]


def test_a_rule_that_finds_no_task_to_end_costs_six_statements(team: Team) -> None:
    first, warming, second = (create("deal", actor=team.actor("seller")) for _each in range(3))
    without = statements_of_moving("lost", [first], team.actor("seller"))
    rule("over", {"event": "stage_left"}, {"end_tasks": {"code": "again"}})
    move("deal", warming, "lost", reason="price")
    assert statements_of_moving("lost", [second], team.actor("seller")) <= without + 6


def test_what_stays_overdue_calls_in_the_head(team: Team) -> None:
    change_department(get_department("branch"), head=team.head, actor_id=None)
    step = {"task": {"title": "Перезвонить", "due": "15 minutes", "escalation": "1 hour"}}
    rule("greet", {"event": "created"}, step)
    create("deal", actor=team.actor("seller"))
    [task] = tasks()
    # The timer follows the deadline.
    change_task(task.pk, {"due_at": AFTERNOON + timedelta(hours=2)}, actor=team.actor("seller"))
    with frozen(AFTERNOON + timedelta(hours=2, minutes=30)):
        fire_due()
        assert list_inbox(team.actor("head"), InboxQuery()) == []
    with frozen(AFTERNOON + timedelta(hours=3, minutes=1)):
        fire_due()
        assert [each.id for each in list_inbox(team.actor("head"), InboxQuery())] == [task.pk]
        assert Task.objects.get().priority == "high"
        [entry] = list_entries(Stream("task", task.pk), limit=1)
        assert entry.kind == "escalated"
        complete_task(task.pk, actor=team.actor("head"))


def test_what_is_done_in_time_calls_in_nobody(team: Team) -> None:
    step = {"task": {"title": "Перезвонить", "due": "15 minutes", "escalation": "1 hour"}}
    rule("greet", {"event": "created"}, step)
    deal = create("deal", actor=team.actor("seller"))
    complete_task(tasks()[0].pk, actor=team.actor("seller"))
    assert list_timers_of(deal) == []


def test_a_rule_whose_task_nobody_can_get_fails_alone(team: Team) -> None:
    rule(
        "greet",
        {"event": "created"},
        {"task": {"title": "Оценить", "who": "field", "person_field": "appraiser"}},
    )
    deal = create("deal", actor=team.actor("seller"))
    assert tasks() == []
    [trace] = list_traces(team.actor("administrator"), current_generation().types["deal"], deal)
    assert trace.state in ("failed", "waiting")


def test_a_rule_says_who_is_to_do_what(team: Team) -> None:
    faulty = [
        {"task": {"title": " "}},
        {"task": {"title": "Да", "who": "one_of_role"}},
        {"task": {"title": "Да", "who": "field", "person_field": "amount"}},
        {"task": {"title": "Да", "due": "soon"}},
        {"task": {"title": "Да", "escalation": "1 hour"}},
        {"end_tasks": {"code": ""}},
    ]
    for step in faulty:
        with pytest.raises(RuleRefused):
            rule("faulty", {"event": "created"}, step)
    with pytest.raises(RuleRefused):
        rule("faulty", {"event": "task_done", "kind": "call", "outcome": "approved"}, CALL)


def test_tasks_go_with_their_record_when_it_is_merged_and_come_back(team: Team) -> None:
    admin = team.actor("administrator")
    into, source = (create("car", fields={"make": "Lada"}) for _number in range(2))
    own, other = (
        give(record_id=into, owner_id=team.seller.id),
        give(record_id=source, owner_id=team.seller.id),
    )
    merge_records(Merging("car", into, source, {into: 1, source: 1}), actor=admin, cause={"kind": "test"})
    assert set(Task.objects.values_list("record_id", flat=True)) == {into}
    assert [each.id for each in list_inbox(as_actor(team.seller), InboxQuery())] == [own, other]


def test_who_is_let_go_is_asked_about_their_open_tasks(team: Team) -> None:
    person = make_person()
    done = give(owner_id=person.id)
    complete_task(done, actor=as_actor(get_person(person.id)))
    give(owner_id=person.id)
    found = [each for source in open_work for each in source(person.id)]
    assert [(str(each.label), each.count) for each in found if each.count] == [("Задачи", 1)]
