"""Conditions and formulas of defaults in the schema: read, stored by ids, checked as a whole."""

from typing import Any

import pytest
from tests.factories.schema import CAUSE, field, make_type

from trassa.expressions import ExpressionRefused, write
from trassa.kernel import Invalid
from trassa.schema.actions import PipelineDraft, SchemaChange, StageDraft, changing_schema
from trassa.schema.naming import SchemaScope
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, EntryCondition, Label, Layouts, TypeSpec, one_tab

pytestmark = pytest.mark.django_db


def change() -> Any:
    return changing_schema(actor_id=None, cause=CAUSE)


def make_car() -> TypeSpec:
    return make_type(
        "car",
        [
            field("defects", "boolean"),
            field("repair", "text"),
            field("price", "money"),
            field("bought_on", "date"),
            field("state", "choice", options=["free", "sold"]),
        ],
    )


def car() -> TypeSpec:
    return current_generation().types["car"]


def set_condition(schema: SchemaChange, code: str, name: str, text: str | None) -> None:
    condition = None if text is None else schema.read_condition("car", text)
    schema.change_field("car", code, **{name: condition})  # type: ignore[misc]


def written(node: Any) -> str:
    return write(node, SchemaScope(current_generation()), car().id, "codes")


def refused(attempt: Any) -> Invalid:
    with pytest.raises(Invalid) as caught, change() as schema:
        attempt(schema)
    return caught.value


def test_conditions_are_part_of_the_generation() -> None:
    make_car()
    with change() as schema:
        set_condition(schema, "repair", "visible_when", "Defects = да")
        set_condition(schema, "repair", "required_when", "defects and price > 0")
        set_condition(schema, "price", "editable_when", 'state <> "Sold"')
    repair, price = car().by_code["repair"], car().by_code["price"]
    assert written(repair.visible_when) == "defects = TRUE"
    assert written(repair.required_when) == "defects AND price > 0"
    assert written(price.editable_when) == 'state <> "sold"'
    with change() as schema:
        set_condition(schema, "repair", "visible_when", None)
    assert car().by_code["repair"].visible_when is None


def test_renaming_a_field_leaves_conditions_as_they_are() -> None:
    make_car()
    with change() as schema:
        set_condition(schema, "repair", "visible_when", "defects")
    with change() as schema:
        schema.change_field("car", "defects", new_code="faults")
    assert written(car().by_code["repair"].visible_when) == "faults"


def test_a_condition_may_mention_a_field_of_the_same_change() -> None:
    make_car()
    with change() as schema:
        schema.add_field("car", "mileage", "number", label=Label("Пробег", "Mileage"))
        set_condition(schema, "repair", "visible_when", "mileage > 100000")
    assert written(car().by_code["repair"].visible_when) == "mileage > 100000"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("defectz", "unknown_field"),
        ("price", "kind"),
        ("ROUNDD(price) > 1", "unknown_function"),
        ("price >", "unfinished"),
        ('state = "lost"', "unknown_option"),
    ],
)
def test_a_faulty_condition_is_refused_with_its_place(text: str, code: str) -> None:
    make_car()
    refusal = refused(lambda schema: set_condition(schema, "repair", "visible_when", text))
    assert isinstance(refusal, ExpressionRefused)
    assert refusal.faults[0].code == code


def test_a_field_that_a_condition_mentions_cannot_be_retired() -> None:
    make_car()
    with change() as schema:
        set_condition(schema, "repair", "visible_when", "defects")
    refusal = refused(lambda schema: schema.retire_field("car", "defects"))
    assert refusal.code == "used_in_expression"
    assert "car.repair: visible_when" in str(refusal)
    with change() as schema:
        set_condition(schema, "repair", "visible_when", None)
        schema.retire_field("car", "defects")


def test_a_path_through_a_link_holds_the_far_field_too() -> None:
    make_car()
    make_type("deal", [field("car", "link", target="car"), field("note", "text")])
    with change() as schema:
        condition = schema.read_condition("deal", "car.price > 1")
        schema.change_field("deal", "note", visible_when=condition)
    refusal = refused(lambda schema: schema.retire_field("car", "price"))
    assert "deal.note: visible_when" in str(refusal)


def test_visibility_does_not_go_in_circles() -> None:
    make_car()
    with change() as schema:
        set_condition(schema, "repair", "visible_when", "price > 0")
    refusal = refused(lambda schema: set_condition(schema, "price", "visible_when", 'repair = "x"'))
    assert refusal.code == "circular_expression"
    assert "car.repair → car.price → car.repair" in str(refusal)


def test_a_section_is_not_hidden_by_a_field_inside() -> None:
    make_car()

    def attempt(schema: SchemaChange) -> None:
        condition = schema.read_condition("car", "defects")
        section = CardSection(Label("Ремонт", "Repair"), ("defects", "repair"), condition)
        schema.save_layouts("car", Layouts(card=one_tab(section)))

    assert "car.defects → car.defects" in str(refused(attempt))


def test_a_default_is_a_value_or_a_formula_of_the_right_kind() -> None:
    make_car()
    with change() as schema:
        formula = schema.read_default("car", "bought_on", "TODAY() + 3")
        schema.change_field("car", "bought_on", default_formula=formula)
    assert written(car().by_code["bought_on"].default_formula) == "TODAY() + 3"
    wrong = refused(lambda schema: schema.read_default("car", "price", "TODAY()"))
    assert isinstance(wrong, ExpressionRefused)

    def attempt(schema: SchemaChange) -> None:
        formula = schema.read_default("car", "price", "1 + 1")
        schema.change_field("car", "price", default="1", default_formula=formula)

    assert refused(attempt).code == "two_defaults"


def test_defaults_do_not_go_in_circles() -> None:
    make_type("deal", [field("amount", "money"), field("fee", "money")])

    def attempt(schema: SchemaChange) -> None:
        for code, text in (("amount", "fee * 2"), ("fee", "amount / 2")):
            formula = schema.read_default("deal", code, text)
            schema.change_field("deal", code, default_formula=formula)

    assert refused(attempt).code == "circular_expression"


def test_stages_and_sections_carry_conditions() -> None:
    make_car()
    with change() as schema:
        priced = schema.read_condition("car", "price > 0")
        message = Label("Укажите цену", "Give a price")
        stages = (
            StageDraft("new", Label("Новый")),
            StageDraft("ready", Label("Готов"), enter_when=(EntryCondition("priced", priced, message),)),
        )
        schema.save_pipeline("car", PipelineDraft("repair", Label("Ремонт"), stages))
        sold = schema.read_condition("car", 'state = "sold"')
        sections = (
            CardSection(Label("Главное"), ("price",)),
            CardSection(Label("Сделка"), ("repair",), sold),
        )
        schema.save_layouts("car", Layouts(card=one_tab(*sections)))
    [condition] = current_generation().pipelines["repair"].get_stage("ready").enter_when
    assert (condition.code, written(condition.condition)) == ("priced", "price > 0")
    assert condition.message == message
    section = car().layouts.sections[1].visible_when
    assert written(section) == 'state = "sold"'
    refusal = refused(lambda schema: schema.retire_field("car", "price"))
    assert "repair.ready: priced" in str(refusal)
