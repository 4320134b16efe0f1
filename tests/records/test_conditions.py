"""Conditions of fields and stages, and worked-out defaults, in the one write path."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import make_person
from tests.factories.records import CAUSE, allow, create, edit, make_actor, move, write

from trassa.access.queries import Actor, system_actor
from trassa.access.types import Verb
from trassa.kernel import Invalid
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.actions import PipelineDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, EntryCondition, Label, Layouts, one_tab

pytestmark = pytest.mark.usefixtures("garage")


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def give(code: str, type: str = "deal", **texts: str) -> None:
    """Give a field its conditions, and its default as `default`."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        rules: dict[str, Any] = {
            name: change.read_condition(type, text) for name, text in texts.items() if name != "default"
        }
        if "default" in texts:
            rules |= {"default_formula": change.read_default(type, code, texts["default"])}
        change.change_field(type, code, **rules)


def add_field(type: str, code: str, kind: str, label: Label, **details: Any) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field(type, code, kind, label=label, **details)


def faults(refusal: Invalid) -> dict[str, str]:
    return {error.field: error.code for error in refusal.errors}


def said(refusal: Invalid) -> str:
    return " ".join(str(error.message) for error in refusal.errors)


def refused(attempt: Any, *given: Any, **more: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        attempt(*given, **more)
    return caught.value


def value(type: str, id: int, code: str) -> Any:
    return get_record(system_actor(), current_generation().types[type], id).values[code]


@pytest.fixture
def seller() -> Actor:
    return make_actor(*allow("deal"), *allow("car"), *allow("contact"))


class TestRequired:
    def test_a_field_is_required_while_its_condition_holds(self) -> None:
        give("visit_on", required_when="amount >= 1000000")
        create("deal", fields={"amount": "5"})
        assert faults(refused(create, "deal", fields={"amount": "1000000"})) == {"visit_on": "required"}
        create("deal", fields={"amount": "1000000", "visit_on": "2026-05-12"})

    def test_the_write_that_brings_the_demand_must_meet_it(self) -> None:
        give("visit_on", required_when="amount >= 1000000")
        deal = create("deal", fields={"amount": "5"})
        assert faults(refused(edit, "deal", deal, amount="2000000")) == {"visit_on": "required"}
        edit("deal", deal, amount="2000000", visit_on="2026-05-12")
        assert faults(refused(edit, "deal", deal, visit_on=None)) == {"visit_on": "required"}

    def test_what_was_stored_before_the_rule_can_still_be_changed_elsewhere(self) -> None:
        deal = create("deal", fields={"amount": "2000000"})
        give("visit_on", required_when="amount >= 1000000")
        edit("deal", deal, source="avito")
        edit("deal", deal, amount="3000000")

    def test_a_hidden_field_is_not_required(self) -> None:
        give("visit_on", required_when="TRUE", visible_when='source = "avito"')
        create("deal", fields={"source": "phone"})
        assert faults(refused(create, "deal", fields={"source": "avito"})) == {"visit_on": "required"}

    def test_a_stage_asks_for_no_hidden_field(self) -> None:
        give("car", visible_when='source = "avito"')
        deal = create("deal", fields={"source": "phone"})
        move("deal", deal, "showing")
        assert faults(refused(edit, "deal", deal, source="avito")) == {"car": "required_on_stage"}

    def test_a_field_of_a_hidden_section_is_not_required(self) -> None:
        give("visit_on", required_when="TRUE")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            shown = change.read_condition("deal", 'source = "avito"')
            main = CardSection(Label("Главное"), ("amount", "source"))
            change.save_layouts(
                "deal", Layouts(card=one_tab(main, CardSection(Label("Выезд"), ("visit_on",), shown)))
            )
        create("deal", fields={"source": "phone"})
        assert faults(refused(create, "deal", fields={"source": "avito"})) == {"visit_on": "required"}


class TestHidden:
    def test_a_hidden_field_keeps_its_value_and_takes_a_new_one(self) -> None:
        give("visit_on", visible_when='source = "avito"')
        deal = create("deal", fields={"source": "avito", "visit_on": "2026-05-12"})
        edit("deal", deal, source="phone")
        assert value("deal", deal, "visit_on") == date(2026, 5, 12)
        edit("deal", deal, visit_on="2026-05-13")
        assert value("deal", deal, "visit_on") == date(2026, 5, 13)


class TestLocked:
    def test_a_field_changes_only_while_its_condition_holds(self, seller: Actor) -> None:
        give("amount", editable_when='source <> "avito"')
        deal = create("deal", fields={"amount": "5", "source": "avito"})
        refusal = refused(edit, "deal", deal, actor=seller, amount="6")
        assert faults(refusal) == {"amount": "locked"}
        assert said(refusal) == '«Сумма» можно менять, только пока: Источник <> "Авито".'
        with translation.override("en"):
            assert 'Source <> "Avito"' in said(refused(edit, "deal", deal, actor=seller, amount="6"))

    def test_the_same_value_is_no_change(self, seller: Actor) -> None:
        give("amount", editable_when='source <> "avito"')
        deal = create("deal", fields={"amount": "5", "source": "avito"})
        edit("deal", deal, actor=seller, amount="5.00", visit_on="2026-05-12")

    def test_the_write_that_locks_a_record_may_still_fill_it(self, seller: Actor) -> None:
        give("amount", editable_when='source <> "avito"')
        deal = create("deal", fields={"source": "phone"})
        edit("deal", deal, actor=seller, amount="5", source="avito")
        edit("deal", deal, actor=seller, amount="6", source="phone")

    def test_a_field_can_be_filled_once(self, seller: Actor) -> None:
        give("amount", editable_when="ISBLANK(amount)")
        deal = create("deal", actor=seller, fields={"amount": "5"})
        assert faults(refused(edit, "deal", deal, actor=seller, amount="6")) == {"amount": "locked"}
        assert faults(refused(edit, "deal", deal, actor=seller, amount=None)) == {"amount": "locked"}
        other = create("deal", actor=seller)
        edit("deal", other, actor=seller, amount="6")

    def test_a_new_record_is_judged_as_it_is_to_be(self, seller: Actor) -> None:
        give("visit_on", editable_when='source = "avito"')
        new = {"visit_on": "2026-05-12", "source": "phone"}
        assert faults(refused(create, "deal", actor=seller, fields=new)) == {"visit_on": "locked"}
        create("deal", actor=seller, fields=new | {"source": "avito"})

    def test_the_system_is_not_bound(self) -> None:
        give("amount", editable_when="FALSE")
        deal = create("deal", fields={"amount": "5"})
        edit("deal", deal, amount="6")

    def test_a_refusal_tells_nothing_of_masked_fields(self, seller: Actor) -> None:
        give("amount", editable_when="car.floor_price > 100")
        deal = create("deal", fields={"amount": "5", "car": create("car", fields={"make": "Lada"})})
        refusal = refused(edit, "deal", deal, actor=seller, amount="6")
        assert said(refusal) == "«Сумма» сейчас менять нельзя."

    def test_me_is_the_person_who_writes(self, seller: Actor) -> None:
        give("amount", editable_when="owner = ME()")
        mine = create("deal", actor=seller)
        edit("deal", mine, actor=seller, amount="5")
        other = create("deal", owner=make_person().id)
        assert faults(refused(edit, "deal", other, actor=seller, amount="5")) == {"amount": "locked"}


def guard_stages(*conditions: tuple[str, str, Label], moved: str = "ready") -> None:
    """A pipeline of deals whose second stage has these conditions: code, text, message."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        entry = tuple(
            EntryCondition(code, change.read_condition("deal", text), message)
            for code, text, message in conditions
        )
        stages = (StageDraft("fresh", Label("Новая")), StageDraft(moved, Label("Готова"), enter_when=entry))
        change.save_pipeline("deal", PipelineDraft("guarded", Label("Проверка"), stages))


AMOUNT = ("valued", "amount > 0", Label("Сумма должна быть больше нуля", "The amount must be positive"))


class TestStages:
    def test_a_stage_is_entered_only_when_its_conditions_hold(self) -> None:
        guard_stages(AMOUNT)
        deal = create("deal", pipeline="guarded")
        refusal = refused(move, "deal", deal, "ready")
        assert faults(refusal) == {"amount": "stage_condition"}
        assert said(refusal) == "Сумма должна быть больше нуля"
        move("deal", deal, "ready", fields={"amount": "5"})

    def test_whoever_is_in_may_stay(self) -> None:
        guard_stages(AMOUNT)
        deal = create("deal", pipeline="guarded", fields={"amount": "5"})
        move("deal", deal, "ready")
        edit("deal", deal, amount="0")

    def test_every_condition_is_named(self) -> None:
        sourced = ("sourced", 'source = "avito"', Label("Только с Авито"))
        guard_stages(AMOUNT, sourced)
        refusal = refused(move, "deal", create("deal", pipeline="guarded"), "ready")
        assert faults(refusal) == {"amount": "stage_condition", "source": "stage_condition"}
        refusal = refused(create, "deal", pipeline="guarded", stage="ready")
        assert faults(refusal) == {"amount": "stage_condition", "source": "stage_condition"}

    def test_a_condition_on_masked_fields_waits_for_others(self, seller: Actor) -> None:
        guard_stages(("priced", "car.floor_price > 100", Label("Минимальная цена выше 100")))
        deal = create("deal", pipeline="guarded", fields={"car": create("car", fields={"make": "Lada"})})
        refusal = refused(move, "deal", deal, "ready", actor=seller)
        assert faults(refusal) == {"stage": "waits_for_others"}
        assert "цена" not in said(refusal)

    def test_conditions_count_linked_records(self) -> None:
        guard_stages(("visited", "COUNT(other_cars, other_cars.price > 5) > 0", Label("Нужен автомобиль")))
        cheap = create("car", fields={"make": "Lada", "price": "1"})
        dear = create("car", fields={"make": "BMW", "price": "9"})
        deal = create("deal", pipeline="guarded", fields={"other_cars": [cheap]})
        assert said(refused(move, "deal", deal, "ready")) == "Нужен автомобиль"
        move("deal", deal, "ready", fields={"other_cars": [cheap, dear]})

    def test_conditions_look_at_records_that_point_here(self) -> None:
        give("price", "car", editable_when="COUNT(deals) = 0")
        person = make_actor(*allow("car"), *allow("deal"))
        car = create("car", fields={"make": "Lada"})
        edit("car", car, actor=person, price="5")
        deal = create("deal", fields={"car": car})
        assert faults(refused(edit, "car", car, actor=person, price="6")) == {"price": "locked"}
        write(Write(Change.BIN, "deal", id=deal))
        edit("car", car, actor=person, price="6")


class TestDefaults:
    def test_a_default_is_worked_out_of_what_was_given(self) -> None:
        add_field("deal", "fee", "money", Label("Комиссия", "Fee"))
        give("fee", default="ROUND(amount * 5%, 2)")
        deal = create("deal", fields={"amount": "1000.50"})
        assert value("deal", deal, "fee") == Decimal("50.03")
        deal = create("deal", fields={"amount": "1000", "fee": "7"})
        assert value("deal", deal, "fee") == Decimal("7.00")
        deal = create("deal", fields={"amount": "1000", "fee": None})
        assert value("deal", deal, "fee") is None

    def test_one_default_may_follow_from_another(self) -> None:
        for code in ("fee", "tax"):
            add_field("deal", code, "money", Label(code))
        give("fee", default="tax * 2")
        give("tax", default="amount / 10")
        deal = create("deal", fields={"amount": "100"})
        assert value("deal", deal, "tax") == 10
        assert value("deal", deal, "fee") == 20

    def test_a_default_follows_links(self) -> None:
        give("amount", default="car.price")
        car = create("car", fields={"make": "Lada", "price": "900"})
        assert value("deal", create("deal", fields={"car": car}), "amount") == 900
        assert value("deal", create("deal"), "amount") == 0

    def test_a_percentage_and_an_option_come_out_as_such(self) -> None:
        add_field("deal", "rate", "percent", Label("Ставка", "Rate"))
        give("rate", default="IF(amount > 100, 4%, 5%)")
        with changing_schema(actor_id=None, cause=CAUSE) as change:
            change.change_field("deal", "source", default=None)
        give("source", default='IF(amount > 100, "avito", "phone")')
        deal = create("deal", fields={"amount": "500"})
        assert value("deal", deal, "rate") == 4
        spec = current_generation().types["deal"].by_code["source"]
        assert value("deal", deal, "source") == next(o.id for o in spec.options if o.code == "avito")

    def test_what_cannot_be_computed_stays_empty(self) -> None:
        give("amount", default="1 / 0")
        assert value("deal", create("deal"), "amount") is None

    def test_a_default_satisfies_required_and_stage(self) -> None:
        give("amount", default="5", required_when="TRUE")
        guard_stages(AMOUNT)
        create("deal", pipeline="guarded", stage="ready")


def test_a_batch_asks_as_often_as_a_single_record(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    give("amount", required_when="car.price > 5 AND SUM(other_cars.price) >= 0", editable_when="car.year > 0")
    cars = [create("car", fields={"make": "Lada", "price": "9", "year": "2020"}) for _ in range(4)]

    def batch(size: int) -> list[Write]:
        fields = [{"car": cars[n % 4], "other_cars": cars, "amount": "5"} for n in range(size)]
        return [Write(Change.CREATE, "deal", fields=each) for each in fields]

    person = make_actor(*allow("deal", *Verb), *allow("car"))
    write(*batch(1), actor=person)
    with django_assert_max_num_queries(14):
        write(*batch(1), actor=person)
    with django_assert_max_num_queries(14):
        write(*batch(50), actor=person)
