"""Whom steps give records to: named, in a field, a head, of a role in turn or by load; and who stands in."""

from datetime import timedelta
from typing import Any

import pytest
from tests.automation.test_rules import BONUS, CREATED, rule, traces_of
from tests.factories.people import make_department, make_person, make_role
from tests.factories.records import CAUSE, allow, create, edit, make_actor, move, write

from trassa.access.queries import system_actor
from trassa.automation.actions import fire_due
from trassa.automation.actions.running import FIRST_RETRY, PURPOSE
from trassa.automation.errors import RuleRefused
from trassa.automation.models import Timer, Turn
from trassa.kernel import Invalid, frozen, now, today
from trassa.people.actions import add_absence, assign_roles, change_department, dismiss_person
from trassa.people.models import Absence
from trassa.people.queries import get_role
from trassa.people.types import AbsenceDraft
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")

ENTERED = {"event": "stage_entered", "pipeline": "buyout", "stage": "done"}


def owner_of(id: int) -> int | None:
    return get_record(system_actor(), current_generation().types["deal"], id).owner_id


def away(person: Any, substitute: Any = None) -> None:
    days = (today() - timedelta(days=1), today() + timedelta(days=5))
    add_absence(
        person, AbsenceDraft(*days, substitute_id=substitute.id if substitute else None), actor_id=None
    )


def staff(*logins: str, role: str = "seller", **given: Any) -> list[Any]:
    """People who hold a role."""
    held = make_role(role)
    people = [make_person(login, **given) for login in logins]
    for person in people:
        assign_roles(person, [held], actor_id=None)
    return people


def give(**how: Any) -> None:
    rule(CREATED, {"assign": how})


def owners(count: int) -> list[int | None]:
    return [owner_of(create("deal")) for _deal in range(count)]


def test_a_named_person_and_who_stands_in_for_them() -> None:
    anna, boris = make_person("anna"), make_person("boris")
    give(how="person", person="anna")
    assert owners(1) == [anna.id]
    away(anna, boris)
    assert owners(1) == [boris.id]


def test_a_named_person_who_is_away_without_a_substitute_keeps_what_is_theirs() -> None:
    anna = make_person("anna")
    away(anna)
    give(how="person", person="anna")
    assert owners(1) == [anna.id]


def test_nothing_goes_to_somebody_who_was_dismissed() -> None:
    anna = make_person("anna")
    give(how="person", person="anna")
    dismiss_person(anna, actor_id=None)
    id = create("deal")
    [trace] = traces_of(id)
    assert (trace.state, owner_of(id)) == ("failed", None)
    assert "некому" in trace.steps[-1].error.lower()


def test_whoever_a_field_names() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "expert", "person", label=Label("Эксперт"))
    anna, boris = make_person("anna"), make_person("boris")
    rule(ENTERED, {"assign": {"how": "field", "field": "expert"}})
    id = create("deal", pipeline="buyout", fields={"expert": anna.id})
    move("deal", id, "done")
    assert owner_of(id) == anna.id
    away(anna, boris)
    edit("deal", id, amount="1")
    move("deal", id, "request")
    move("deal", id, "done")
    assert owner_of(id) == boris.id
    empty = create("deal", pipeline="buyout")
    move("deal", empty, "done")
    assert traces_of(empty)[0].state == "failed"


def test_a_person_field_gets_somebody_and_the_owner_stays() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "expert", "person", label=Label("Эксперт"))
    anna = make_person("anna")
    give(how="person", person="anna", into="expert")
    id = create("deal")
    record = get_record(system_actor(), current_generation().types["deal"], id)
    assert (record.values["expert"], record.owner_id) == (anna.id, None)
    with pytest.raises(RuleRefused):
        give(how="person", person="anna", into="amount")


def test_the_head_of_the_owner_and_who_stands_in_for_the_head() -> None:
    boss, deputy = make_person("boss"), make_person("deputy")
    department = make_department("sales", head=boss)
    anna = make_person("anna", department=department)
    give(how="head")
    [outcome] = write(Write(Change.CREATE, "deal", owner=anna.id))
    assert owner_of(outcome.id or 0) == boss.id
    away(boss, deputy)
    [outcome] = write(Write(Change.CREATE, "deal", owner=anna.id))
    assert owner_of(outcome.id or 0) == deputy.id


def test_the_head_above_when_the_owner_is_the_head() -> None:
    director = make_person("director")
    top = make_department("company", head=director)
    boss = make_person("boss")
    sales = make_department("sales", parent=top)
    change_department(sales, head=boss, actor_id=None)
    boss.department = sales
    boss.save()
    give(how="head")
    [outcome] = write(Write(Change.CREATE, "deal", owner=boss.id))
    assert owner_of(outcome.id or 0) == director.id
    [outcome] = write(Write(Change.CREATE, "deal", owner=director.id))
    assert owner_of(outcome.id or 0) == director.id, "nobody is above"


def test_the_head_of_whoever_a_field_names() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("deal", "expert", "person", label=Label("Эксперт"))
    boss = make_person("boss")
    anna = make_person("anna", department=make_department("experts", head=boss))
    give(how="head", field="expert")
    assert owner_of(create("deal", fields={"expert": anna.id})) == boss.id
    with pytest.raises(RuleRefused):
        give(how="head", field="amount")


def test_who_set_it_off() -> None:
    actor = make_actor(*allow("deal"), login="anna")
    rule({"event": "changed", "fields": ["amount"]}, {"assign": {"how": "actor"}})
    id = create("deal")
    write(Write(Change.EDIT, "deal", id=id, fields={"amount": "5"}), actor=actor)
    assert owner_of(id) == actor.id


def test_a_role_in_turn_passes_over_who_is_away() -> None:
    anna, boris, vera = staff("anna", "boris", "vera")
    give(how="turn", role="seller")
    assert owners(4) == [anna.id, boris.id, vera.id, anna.id]
    away(boris, vera)
    assert owners(3) == [vera.id, anna.id, vera.id]


def test_turns_go_on_within_a_batch_and_not_with_a_write_that_failed() -> None:
    anna, boris = staff("anna", "boris")
    give(how="turn", role="seller")
    made = write(*[Write(Change.CREATE, "deal")] * 3)
    assert [owner_of(each.id or 0) for each in made] == [anna.id, boris.id, anna.id]
    with pytest.raises(Invalid):
        write(Write(Change.CREATE, "deal"), Write(Change.CREATE, "deal", fields={"amount": "nonsense"}))
    assert owners(1) == [boris.id]
    assert Turn.objects.count() == 1


def test_when_the_whole_role_is_away_substitutes_take_turns() -> None:
    anna, boris = staff("anna", "boris")
    olga = make_person("olga")
    away(anna, olga)
    away(boris)
    give(how="turn", role="seller")
    assert owners(2) == [olga.id, olga.id]


def test_nobody_here_is_tried_again_later() -> None:
    [anna] = staff("anna")
    away(anna)
    give(how="turn", role="seller")
    id = create("deal")
    assert (owner_of(id), traces_of(id)[0].state) == (None, "failed")


def test_a_step_is_tried_again_with_growing_pauses_until_somebody_is_here() -> None:
    [anna] = staff("anna")
    away(anna)
    give(how="turn", role="seller")
    moment, pauses = now(), []
    with frozen(moment):
        id = create("deal")
    for attempt in range(4):
        due_at = Timer.objects.get(purpose=PURPOSE).due_at
        assert due_at is not None
        pauses.append((due_at - moment).total_seconds())
        moment = due_at
        if attempt == 3:
            Absence.objects.all().delete()
        with frozen(moment):
            fire_due()
    assert pauses == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY, 8 * FIRST_RETRY]
    assert (owner_of(id), traces_of(id)[0].state) == (anna.id, "done")
    assert not Timer.objects.filter(purpose=PURPOSE).exists()


def test_the_one_with_the_least_open_records() -> None:
    anna, boris = staff("anna", "boris")
    busy = [create("deal", pipeline="buyout") for _deal in range(2)]
    for id in busy:
        write(Write(Change.EDIT, "deal", id=id, owner=anna.id))
    give(how="least_loaded", role="seller")
    assert owners(2) == [boris.id, boris.id]
    assert owners(1) == [anna.id], "both have two; the first of them"
    for id in busy:
        move("deal", id, "done")
    assert owners(1) == [anna.id], "what is won or lost is no load"


def test_a_batch_is_shared_out_by_load() -> None:
    anna, boris = staff("anna", "boris")
    give(how="least_loaded", role="seller")
    made = write(*[Write(Change.CREATE, "deal")] * 4)
    found = [owner_of(each.id or 0) for each in made]
    assert (found.count(anna.id), found.count(boris.id)) == (2, 2)


def test_the_least_loaded_who_is_away_gets_nothing() -> None:
    anna, boris = staff("anna", "boris")
    give(how="least_loaded", role="seller")
    away(anna)
    assert owners(2) == [boris.id, boris.id]


def test_only_people_of_the_same_department() -> None:
    south, north = make_department("south"), make_department("north")
    anna = staff("anna", department=north)[0]
    boris = make_person("boris", department=south)
    assign_roles(boris, [get_role("seller")], actor_id=None)
    requester = make_person("requester", department=south)
    give(how="turn", role="seller", same_department=True)
    [outcome] = write(Write(Change.CREATE, "deal", owner=requester.id))
    assert owner_of(outcome.id or 0) == boris.id
    assert anna.id != boris.id


def test_a_stop_ends_the_rule_and_a_branch_is_left_alone() -> None:
    rule(
        CREATED,
        {"branch": {"condition": "amount > 10", "then": [{"stop": {}}]}},
        BONUS,
    )
    stopped, gone_on = create("deal", fields={"amount": "50"}), create("deal", fields={"amount": "1"})
    amounts = [
        get_record(system_actor(), current_generation().types["deal"], id).values["amount"]
        for id in (stopped, gone_on)
    ]
    assert amounts == [50, 2]
    assert [step.kind for step in traces_of(stopped)[0].steps] == ["branch", "stop"]
