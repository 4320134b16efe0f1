"""Rules answer to writes, inside the write, and leave a trace of everything."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import make_person, make_role
from tests.factories.records import add_formula, allow, create, edit, make_actor, move, write

from trassa.access.queries import system_actor
from trassa.automation.actions import order_rules, retire_rule, retry_run, run_rule, save_rule, switch_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Rule, Run
from trassa.automation.queries import list_traces
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid
from trassa.people.actions import assign_roles
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")


def rule(when: dict[str, Any], *steps: dict[str, Any], code: str = "rule", **given: Any) -> Rule:
    """Save a rule about deals."""
    label = given.pop("label", Label("Правило", "Rule"))
    type = given.pop("type", "deal")
    return save_rule(RuleDraft(code, type, label, when, steps, **given), actor_id=None)


def values_of(id: int, type: str = "deal") -> Any:
    return get_record(system_actor(), current_generation().types[type], id).values


def stage_of(id: int) -> str:
    record = get_record(system_actor(), current_generation().types["deal"], id)
    return current_generation().stages_by_id[record.stage_id or 0].code


def traces_of(id: int, actor: Any = None) -> Any:
    return list_traces(actor or system_actor(), current_generation().types["deal"], id)


CREATED = {"event": "created"}
BONUS = {"set": {"fields": {"amount": "=amount + 1"}}}


def test_a_rule_sets_fields_of_a_record_that_was_created() -> None:
    rule(CREATED, {"set": {"fields": {"amount": "=amount * 2", "source": "avito"}}})
    id = create("deal", fields={"amount": "100"})
    assert values_of(id)["amount"] == 200
    [trace] = traces_of(id)
    assert (trace.fired, trace.state, trace.rule) == (True, "done", "rule")
    assert [step.kind for step in trace.steps] == ["set"]


def test_whoever_writes_is_told_the_version_that_rules_left() -> None:
    rule(CREATED, BONUS)
    [outcome] = write(Write(Change.CREATE, "deal", fields={"amount": "1"}))
    assert outcome.id is not None
    record = get_record(system_actor(), current_generation().types["deal"], outcome.id)
    assert outcome.version == record.version


def test_a_condition_decides_and_the_trace_says_with_which_values() -> None:
    rule(CREATED, BONUS, condition="amount > 1000")
    small, large = create("deal", fields={"amount": "10"}), create("deal", fields={"amount": "5000"})
    assert (values_of(small)["amount"], values_of(large)["amount"]) == (10, 5001)
    [trace] = traces_of(small)
    assert not trace.fired
    assert "= 10" in trace.why


def test_entering_and_leaving_a_stage() -> None:
    rule(
        {"event": "stage_entered", "pipeline": "buyout", "stage": "done"},
        {"set": {"fields": {"amount": 7}}},
        code="enter",
    )
    rule({"event": "stage_left", "stage": "request"}, {"set": {"fields": {"source": "avito"}}}, code="leave")
    id = create("deal", pipeline="buyout")
    assert values_of(id)["amount"] is None
    move("deal", id, "done")
    assert values_of(id)["amount"] == 7
    assert {trace.event for trace in traces_of(id)} == {"stage_entered", "stage_left"}


def test_a_change_of_a_field_and_of_a_list_of_links() -> None:
    rule({"event": "changed", "fields": ["other_cars"]}, BONUS, code="cars")
    rule({"event": "changed", "fields": ["visit_on"]}, BONUS, code="visit")
    car = create("car", fields={"make": "УАЗ"})
    id = create("deal", fields={"amount": "1"})
    edit("deal", id, source="avito")
    assert traces_of(id) == []
    edit("deal", id, other_cars=[car])
    edit("deal", id, visit_on="2026-12-01")
    assert [trace.rule for trace in traces_of(id)] == ["visit", "cars"]
    assert values_of(id)["amount"] == 3


def test_a_rule_moves_into_another_pipeline_and_hands_over() -> None:
    person = make_person("heir")
    owner = {"how": "person", "person": "heir"}
    rule(CREATED, {"move": {"pipeline": "buyout", "owner": owner}}, condition='pipeline = "sales"')
    id = create("deal", pipeline="sales")
    assert stage_of(id) == "request"
    assert get_record(system_actor(), current_generation().types["deal"], id).owner_id == person.id


def test_branches_and_stop() -> None:
    high, low = {"set": {"fields": {"amount": 1}}}, {"set": {"fields": {"amount": 2}}}
    rule(
        CREATED,
        {"branch": {"condition": "amount > 50", "then": [high, {"stop": {}}], "otherwise": [low]}},
        {"set": {"fields": {"source": "avito"}}},
    )
    large, small = create("deal", fields={"amount": "100"}), create("deal", fields={"amount": "10"})
    avito = next(
        o.id for o in current_generation().types["deal"].by_code["source"].options if o.code == "avito"
    )
    assert (values_of(large)["amount"], values_of(large)["source"] == avito) == (1, False)
    assert (values_of(small)["amount"], values_of(small)["source"] == avito) == (2, True)


def test_history_names_the_rule_and_who_set_it_off() -> None:
    actor = make_actor(*allow("deal"))
    rule(CREATED, BONUS)
    id = create("deal", actor=actor, fields={"amount": "1"})
    entry = list_entries(Stream("record", id))[0]
    assert entry.actor_id is None
    assert (entry.cause["kind"], entry.cause["person"]) == ("rule", actor.id)


def test_a_rule_does_not_answer_to_itself() -> None:
    rule({"event": "changed", "fields": ["amount"]}, BONUS)
    id = create("deal", fields={"amount": "1"})
    edit("deal", id, amount="5")
    assert values_of(id)["amount"] == 6
    assert [trace.fired for trace in traces_of(id)] == [False, True]


def test_two_rules_that_set_each_other_off_come_to_an_end() -> None:
    rule(
        {"event": "changed", "fields": ["amount"]},
        {"set": {"fields": {"visit_on": "=today() + amount"}}},
        code="a",
    )
    rule({"event": "changed", "fields": ["visit_on"]}, BONUS, code="b")
    id = create("deal", fields={"amount": "1"})
    edit("deal", id, amount="5")
    assert values_of(id)["amount"] == 6


def test_a_batch_goes_through_a_rule_together() -> None:
    rule(CREATED, BONUS)
    writes = [Write(Change.CREATE, "deal", fields={"amount": str(n)}) for n in range(40)]
    with CaptureQueriesContext(
        connection,
    ) as alone:
        write(writes[0])
    with CaptureQueriesContext(connection) as together:
        write(*writes)
    assert len(together) <= len(alone) + 2
    assert Run.objects.count() == 41


def test_a_step_that_fails_leaves_the_change_and_can_be_resumed() -> None:
    rule(CREATED, {"move": {"pipeline": "sales", "stage": "won"}}, BONUS, condition='pipeline = "sales"')
    id = create("deal", pipeline="sales", fields={})
    assert stage_of(id) == "new"
    [trace] = traces_of(id)
    assert trace.state == "failed"
    assert trace.steps[0].error
    save_rule(RuleDraft("rule", "deal", Label("Правило"), CREATED, [BONUS]), actor_id=None)
    with pytest.raises(Forbidden):
        retry_run(trace.id, actor_id=make_person().id)
    retry_run(trace.id, actor_id=None)
    assert traces_of(id)[0].state == "failed", "it goes on with the version that it began with"


def test_one_record_of_a_batch_fails_alone() -> None:
    rule(CREATED, {"set": {"fields": {"amount": "=100 / amount"}}})
    good, bad = (
        outcome.id
        for outcome in write(
            Write(Change.CREATE, "deal", fields={"amount": "4"}),
            Write(Change.CREATE, "deal", fields={"amount": "0"}),
        )
    )
    assert good is not None
    assert bad is not None
    assert values_of(good)["amount"] == 25
    assert (traces_of(good)[0].state, traces_of(bad)[0].state) == ("done", "failed")


def test_a_role_is_given_things_in_turn_and_by_load() -> None:
    role = make_role("seller")
    people = [make_person(login) for login in ("anna", "boris")]
    for person in people:
        assign_roles(person, [role], actor_id=None)
    rule(CREATED, {"assign": {"how": "turn", "role": "seller"}})
    spec = current_generation().types["deal"]
    owners = [get_record(system_actor(), spec, create("deal")).owner_id for _n in range(3)]
    assert owners == [people[0].id, people[1].id, people[0].id]
    rule(CREATED, {"assign": {"how": "least_loaded", "role": "seller"}})
    assert (
        get_record(system_actor(), current_generation().types["deal"], create("deal")).owner_id
        == people[1].id
    )


def test_what_no_rule_answers_to_asks_the_database_nothing() -> None:
    id = create("deal", fields={"amount": "1"})
    with CaptureQueriesContext(connection) as before:
        edit("deal", id, amount="2")
    for number in range(5):
        rule({"event": "changed", "fields": ["visit_on"]}, BONUS, code=f"idle_{number}")
    edit("deal", id, amount="3")
    with CaptureQueriesContext(connection) as after:
        edit("deal", id, amount="4")
    assert len(after) == len(before)


def test_what_is_wrong_with_a_rule_is_said_with_its_place() -> None:
    with pytest.raises(RuleRefused) as refusal:
        rule(
            {"event": "stage_entered", "stage": "nowhere"},
            {"set": {"fields": {"price": 1}}},
            condition="amont > 1",
        )
    assert {fault.place[0] for fault in refusal.value.faults} == {"when", "condition", "steps"}


def test_a_rule_does_not_set_what_is_worked_out() -> None:
    add_formula("deal", "fee", "amount * 5%")
    with pytest.raises(RuleRefused) as refusal:
        rule(CREATED, {"set": {"fields": {"fee": "1"}}})
    assert [fault.place for fault in refusal.value.faults] == [("steps", 0, "set", "fields", "fee")]


def test_a_field_that_a_rule_uses_cannot_be_retired() -> None:
    rule(CREATED, {"set": {"fields": {"visit_on": "=today()"}}}, label=Label("Дата выезда"))
    with pytest.raises(Invalid, match="Дата выезда"), changing_schema(actor_id=None, cause={}) as change:
        change.retire_field("deal", "visit_on")
    retire_rule("rule", actor_id=None)
    with changing_schema(actor_id=None, cause={}) as change:
        change.retire_field("deal", "visit_on")


def test_rules_are_switched_off_and_put_in_order() -> None:
    rule(CREATED, {"set": {"fields": {"amount": 1}}}, code="one")
    rule(CREATED, {"set": {"fields": {"amount": 2}}}, code="two", position=1)
    assert values_of(create("deal"))["amount"] == 2
    order_rules(["two", "one"], actor_id=None)
    assert values_of(create("deal"))["amount"] == 1
    switch_rule("one", is_active=False, actor_id=None)
    assert values_of(create("deal"))["amount"] == 2


def test_a_masked_field_is_absent_from_traces() -> None:
    rule(CREATED, BONUS, condition="car.floor_price > 100")
    car = create("car", fields={"make": "УАЗ", "floor_price": "4815"})
    seller = make_actor(*allow("deal"), *allow("car"))
    id = create("deal", fields={"car": car, "amount": "1"})
    [trace] = traces_of(id, seller)
    assert trace.fired
    assert "4815" not in trace.why
    assert (trace.condition, trace.values) == ("", [])


def test_only_administrators_carry_out_any_rule_by_hand() -> None:
    rule({"event": "stage_entered", "stage": "done"}, BONUS)
    id = create("deal", fields={"amount": "1"})
    with pytest.raises(Forbidden):
        run_rule("rule", id, actor=make_actor(*allow("deal")), cause={})
    run_rule("rule", id, actor=system_actor(), cause={})
    assert values_of(id)["amount"] == 2


def test_a_branch_tells_its_condition_and_what_it_looked_at() -> None:
    rule(CREATED, {"branch": {"condition": "amount > 10", "then": [BONUS], "otherwise": []}})
    id = create("deal", fields={"amount": "2000"})
    [trace] = traces_of(id)
    told = trace.steps[0].words.replace("\xa0", " ")
    assert told.endswith(": Сумма > 10 (Сумма = 2 000 ₽)"), told
