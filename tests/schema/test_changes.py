"""Changing types, fields, pipelines and layouts: rules, history and what the generation shows."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.people import make_person
from tests.factories.schema import CAUSE, field, insert_record, make_type, options, pipeline

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.schema.actions import SchemaChange, StageDraft, changing_schema
from trassa.schema.queries import current_generation, list_discrepancies
from trassa.schema.types import CardSection, FieldSpec, Label, Layouts, one_tab

pytestmark = pytest.mark.django_db

LABEL = Label("Поле", "Field")


def change() -> Any:
    return changing_schema(actor_id=None, cause=CAUSE)


def spec_of(type: str, code: str) -> FieldSpec:
    return current_generation().types[type].by_code[code]


def refused(code: str, attempt: Any) -> Invalid:
    """Run `attempt` on a change and give the refusal, whose code must be `code`."""
    with pytest.raises(Invalid) as caught, change() as schema:
        attempt(schema)
    assert caught.value.code == code
    return caught.value


def test_a_type_gets_a_table_with_its_fields() -> None:
    car = make_type("car", [field("vin", "vin", unique=True), field("price", "money", sortable=True)])
    assert [spec.code for spec in car.fields] == ["vin", "price"]
    id = insert_record(car, vin="WP1ZZZ9YZLDA12345", price="5800000")
    row = car.model._default_manager.values().get(pk=id)
    assert row[car.by_code["vin"].column] == "WP1ZZZ9YZLDA12345"
    assert row["number"] == 1
    assert row["version"] == 1
    assert list_discrepancies() == []


def test_renaming_changes_metadata_only() -> None:
    car = make_type("car", [field("make"), field("model")])
    id = insert_record(car, make="Porsche")
    with change() as schema:
        schema.change_type("car", new_code="vehicle", label=Label("Машина", "Vehicle"))
        schema.change_field("vehicle", "make", new_code="brand", label=Label("Марка", "Brand"))
    vehicle = current_generation().types["vehicle"]
    assert "car" not in current_generation().types
    assert vehicle.table == car.table
    assert vehicle.by_code["brand"].column == car.by_code["make"].column
    assert (
        vehicle.model._default_manager.filter(**{vehicle.by_code["brand"].column: "Porsche"}).get().pk == id
    )
    assert vehicle.layouts.card_codes == ("brand", "model")


def test_a_retired_field_keeps_its_values_and_comes_back() -> None:
    car = make_type("car", [field("make"), field("note")])
    id = insert_record(car, note="царапина")
    with change() as schema:
        schema.retire_field("car", "note")
    assert "note" not in current_generation().types["car"].by_code
    assert current_generation().types["car"].layouts.card_codes == ("make",)
    with change() as schema:
        schema.restore_field("car", "note")
    restored = current_generation().types["car"]
    assert (
        restored.model._default_manager.values_list(car.by_code["note"].column, flat=True).get(pk=id)
        == "царапина"
    )
    assert restored.layouts.card_codes == ("make", "note")
    assert list_discrepancies() == []


def test_a_retired_type_keeps_its_records_and_comes_back() -> None:
    car = make_type("car")
    insert_record(car)
    with change() as schema:
        schema.retire_type("car")
    assert "car" not in current_generation().types
    with change() as schema:
        schema.restore_type("car")
    assert current_generation().types["car"].model._default_manager.count() == 1


def test_a_code_of_something_retired_is_not_taken_again() -> None:
    make_type("car", [field("note")])
    with change() as schema:
        schema.retire_field("car", "note")
    refused("retired", lambda schema: schema.add_field("car", "note", "text", label=LABEL))
    with change() as schema:
        schema.retire_type("car")
    refused("retired", lambda schema: schema.create_type("car", label=LABEL, plural=LABEL))


@pytest.mark.parametrize(
    "code", ["Car", "1car", "car-x", "авто", "a__b", "car_", "", "x" * 50, "id", "limit"]
)
def test_a_code_is_english_short_and_not_reserved(code: str) -> None:
    make_type("car")
    for attempt in (
        lambda schema: schema.create_type(code, label=LABEL, plural=LABEL),
        lambda schema: schema.add_field("car", code, "text", label=LABEL),
    ):
        with pytest.raises(Invalid) as caught, change() as schema:
            attempt(schema)
        assert caught.value.code in ("invalid_code", "reserved_code")


def test_a_label_is_russian_at_least() -> None:
    make_type("car")
    refused("required", lambda schema: schema.add_field("car", "note", "text", label=Label("", "Note")))
    refused("required", lambda schema: schema.add_field("car", "note", "text"))
    refused("required", lambda schema: schema.create_type("deal", label=LABEL))


@pytest.mark.parametrize(
    ("code", "kind", "details"),
    [
        ("unknown_kind", "colour", {}),
        ("not_for_kind", "boolean", {"unique": True}),
        ("not_for_kind", "long_text", {"sortable": True}),
        ("required", "link", {}),
        ("no_target", "text", {"target": "car"}),
        ("no_options", "text", {"options": options("red")}),
        ("repeated_code", "choice", {"options": options("red", "red")}),
        ("unknown_setting", "text", {"settings": {"places": 2}}),
        ("invalid_setting", "number", {"settings": {"places": 99}}),
        ("invalid_setting", "number", {"settings": {"places": "2"}}),
        ("invalid_setting", "money", {"settings": {"currency": "GOLD"}}),
        ("invalid_number", "money", {"default": "много"}),
        ("unknown_option", "choice", {"options": options("red"), "default": "blue"}),
    ],
)
def test_rules_that_do_not_fit_the_kind_are_refused(code: str, kind: str, details: dict[str, Any]) -> None:
    make_type("car")
    refused(code, lambda schema: schema.add_field("car", "x_field", kind, label=LABEL, **details))
    assert "x_field" not in current_generation().types["car"].by_code


def test_a_refused_change_leaves_nothing_behind() -> None:
    make_type("car")
    number = current_generation().number

    def attempt(schema: SchemaChange) -> None:
        schema.create_type("deal", label=LABEL, plural=LABEL)
        schema.add_field("car", "id", "text", label=LABEL)

    refused("reserved_code", attempt)
    assert current_generation().number == number
    assert "deal" not in current_generation().types
    assert list_discrepancies() == []


def test_an_empty_change_makes_no_generation() -> None:
    make_type("car", [field("make")])
    number = current_generation().number
    with change() as schema:
        schema.change_field("car", "make", required=False)
    assert current_generation().number == number


def test_options_that_are_left_out_are_retired_and_come_back() -> None:
    make_type("car", [field("color", "choice", options=["red", "blue"])])
    red, blue = (option.id for option in spec_of("car", "color").options)
    with change() as schema:
        schema.change_field("car", "color", options=options("green", "red"))
    found = {option.code: option for option in spec_of("car", "color").options}
    assert [option.code for option in spec_of("car", "color").options if not option.retired] == [
        "green",
        "red",
    ]
    assert found["red"].id == red
    assert found["blue"].retired
    with change() as schema:
        schema.change_field("car", "color", options=options("blue"))
    assert spec_of("car", "color").find_option(blue) is not None
    assert [option.code for option in spec_of("car", "color").options if not option.retired] == ["blue"]


def test_uniqueness_stands_in_the_database_and_spares_the_bin() -> None:
    car = make_type("car", [field("vin", "vin", unique=True)])
    insert_record(car, vin="WP1ZZZ9YZLDA12345", deleted_at="2026-01-01")
    insert_record(car, vin="WP1ZZZ9YZLDA12345")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s", [f"{car.by_code['vin'].column}_u"]
        )
        assert "UNIQUE" in cursor.fetchone()[0]


def test_a_field_with_duplicates_cannot_become_unique() -> None:
    car = make_type("car", [field("plate")])
    insert_record(car, plate="А001АА")
    insert_record(car, plate="А001АА")
    refusal = refused("duplicates", lambda schema: schema.change_field("car", "plate", unique=True))
    assert [error.field for error in refusal.errors] == ["plate"]
    assert "А001АА" in str(refusal)
    assert spec_of("car", "plate").unique is False


def test_a_sorting_index_comes_and_goes_with_the_rule() -> None:
    make_type("car", [field("year", "number")])
    for sortable in (True, False, True):
        with change() as schema:
            schema.change_field("car", "year", sortable=sortable)
        assert list_discrepancies() == []


def test_settings_are_complete_with_the_defaults_of_the_kind() -> None:
    make_type("car", [field("mileage", "number", settings={"unit": "км"})])
    assert spec_of("car", "mileage").settings["places"] == 0
    assert spec_of("car", "mileage").settings["unit"] == "км"


def test_a_type_that_others_link_to_is_not_retired() -> None:
    make_type("car")
    make_type("deal", [field("car", "link", target="car")])
    refusal = refused("type_in_use", lambda schema: schema.retire_type("car"))
    assert "deal.car" in str(refusal)
    with change() as schema:
        schema.retire_field("deal", "car")
        schema.retire_type("car")
    refused("retired", lambda schema: schema.restore_field("deal", "car"))


def test_types_may_link_to_each_other_and_to_themselves() -> None:
    with change() as schema:
        for code in ("car", "deal"):
            schema.create_type(code, label=LABEL, plural=LABEL)
        schema.add_field("car", "deal", "link", label=LABEL, target="deal")
        schema.add_field("deal", "car", "link", label=LABEL, target="car")
        schema.add_field("deal", "parent", "link", label=LABEL, target="deal")
        schema.add_field("deal", "others", "links", label=LABEL, target="deal")
    deal = current_generation().types["deal"]
    first = insert_record(deal, title="Первая")
    second = insert_record(deal, parent=first)
    row = deal.model._default_manager.select_related(f"{deal.by_code['parent'].column}_row").get(pk=second)
    assert getattr(row, f"{deal.by_code['parent'].column}_row").title == "Первая"
    links = current_generation().link_models[deal.by_code["others"].id]
    links._default_manager.create(from_id=first, to_id=second)
    assert list(links._default_manager.values_list("from_id", "to_id")) == [(first, second)]
    assert list_discrepancies() == []


def test_a_pipeline_has_stages_requirements_moves_and_reasons() -> None:
    stages = [
        StageDraft("new", Label("Новая"), next_stages=("work",)),
        StageDraft("work", Label("В работе"), required_fields=("price",)),
        StageDraft("lost", Label("Отказ"), meaning="lost", reason_required=True),
    ]
    deal = make_type(
        "deal", [field("price", "money")], pipelines=[pipeline("sales", stages)], board_sum="price"
    )
    sales = current_generation().pipelines["sales"]
    assert [stage.code for stage in sales.stages] == ["new", "work", "lost"]
    assert sales.get_stage("new").next_stage_ids == (sales.get_stage("work").id,)
    assert sales.get_stage("work").required_field_ids == (deal.by_code["price"].id,)
    assert [reason.code for reason in sales.reasons] == ["price", "other"]
    assert deal.pipelines == (sales,)
    assert list_discrepancies() == []


def test_a_stage_left_out_is_retired_unless_records_stand_in_it() -> None:
    deal = make_type("deal", pipelines=[pipeline("sales", ["new", "work", "won"])])
    sales = current_generation().pipelines["sales"]
    insert_record(deal, pipeline_id=sales.id, stage_id=sales.get_stage("work").id)
    refused("stage_in_use", lambda schema: schema.save_pipeline("deal", pipeline("sales", ["new", "won"])))
    refused("stage_in_use", lambda schema: schema.retire_pipeline("sales"))
    with change() as schema:
        schema.save_pipeline("deal", pipeline("sales", ["new", "work"]))
    won = sales.get_stage("won")
    assert [stage.code for stage in current_generation().pipelines["sales"].stages] == ["new", "work"]
    assert current_generation().stages_by_id[won.id].retired


def test_saving_the_same_pipeline_again_changes_nothing() -> None:
    make_type("deal", pipelines=[pipeline("sales")])
    number = current_generation().number
    with change() as schema:
        schema.save_pipeline("deal", pipeline("sales"))
    assert current_generation().number == number


@pytest.mark.parametrize(
    ("code", "stages"),
    [
        ("no_first_stage", [StageDraft("won", LABEL, meaning="won")]),
        ("repeated_code", [StageDraft("new", LABEL), StageDraft("new", LABEL)]),
        ("unknown_stage", [StageDraft("new", LABEL, next_stages=("work",))]),
        ("unknown_field", [StageDraft("new", LABEL, required_fields=("price",))]),
    ],
)
def test_a_pipeline_that_contradicts_itself_is_refused(code: str, stages: list[StageDraft]) -> None:
    make_type("deal")
    refused(code, lambda schema: schema.save_pipeline("deal", pipeline("sales", stages)))


def test_a_record_cannot_stand_in_a_stage_of_another_pipeline() -> None:
    deal = make_type("deal", pipelines=[pipeline("sales"), pipeline("buyout")])
    sales, buyout = (current_generation().pipelines[code] for code in ("sales", "buyout"))
    with pytest.raises(IntegrityError, match="stage_fk"), transaction.atomic():
        insert_record(deal, pipeline_id=sales.id, stage_id=buyout.first_stage.id)


def test_layouts_know_fields_and_base_columns_only() -> None:
    make_type("deal", [field("price", "money"), field("note")])
    refused("unknown_field", lambda schema: schema.save_layouts("deal", Layouts(list_columns=("colour",))))
    refused("not_summable", lambda schema: schema.save_layouts("deal", Layouts(board_sum="note")))
    layouts = Layouts(
        card=one_tab(CardSection(Label("Сделка"), ("price", "owner"))),
        list_columns=("title", "price"),
        board_sum="price",
    )
    with change() as schema:
        schema.save_layouts("deal", layouts)
    assert current_generation().types["deal"].layouts == layouts


def test_every_change_is_history_with_its_actor_and_cause() -> None:
    administrator = make_person("admin", is_administrator=True)
    with changing_schema(actor_id=administrator.id, cause={"kind": "designer"}) as schema:
        type_id = schema.create_type("car", label=LABEL, plural=LABEL)
        field_id = schema.add_field("car", "note", "text", label=LABEL)
    with changing_schema(actor_id=administrator.id, cause={"kind": "designer"}) as schema:
        schema.change_field("car", "note", required=True)
        schema.retire_field("car", "note")
    assert [entry.kind for entry in list_entries(Stream("type", type_id))] == ["created"]
    entries = list_entries(Stream("field", field_id))
    assert [entry.kind for entry in entries] == ["retired", "changed", "created"]
    assert entries[1].changes == {"required": (False, True)}
    assert entries[1].actor_id == administrator.id
    assert entries[1].cause == {"kind": "designer"}


def test_only_an_administrator_changes_the_schema() -> None:
    seller = make_person("seller")
    with pytest.raises(Forbidden), changing_schema(actor_id=seller.id, cause=CAUSE) as schema:
        schema.create_type("car", label=LABEL, plural=LABEL)


def test_what_is_not_there_is_not_found() -> None:
    make_type("car")
    for attempt in (
        lambda schema: schema.change_type("boat", position=1),
        lambda schema: schema.retire_field("car", "wings"),
        lambda schema: schema.restore_field("car", "wings"),
        lambda schema: schema.retire_pipeline("sales"),
    ):
        with pytest.raises(NotFound), change() as schema:
            attempt(schema)


def test_a_restricted_field_cannot_stand_in_a_title():
    fields = [field("name"), field("passport", restricted=True)]
    with pytest.raises(Invalid) as refusal:
        make_type("tenant", fields, title_template="{name} {passport}")
    assert refusal.value.code == "restricted_in_title"
    make_type("tenant", fields, title_template="{name}")
    with pytest.raises(Invalid), changing_schema(actor_id=None, cause={}) as change:
        change.change_field("tenant", "name", restricted=True)
