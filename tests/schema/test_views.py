"""SQL views for reports: named by codes, without bin and restricted fields, with roles of their own."""

from typing import Any

import pytest
from django.db import connection
from tests.factories.people import make_department, make_person
from tests.factories.schema import CAUSE, field, insert_record, make_type, pipeline

from trassa.schema.actions import changing_schema
from trassa.schema.actions.views import data_role
from trassa.schema.queries import current_generation, list_discrepancies
from trassa.schema.types import Label, TypeSpec

pytestmark = pytest.mark.django_db


def rows(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_world() -> TypeSpec:
    car = make_type("car", [field("make")])
    deal = make_type(
        "deal",
        [
            field("price", "money"),
            field("floor", "money", restricted=True),
            field("color", "choice", options=["red", "blue"]),
            field("marks", "multi_choice", options=["a", "b"]),
            field("seller", "person"),
            field("place", "department"),
            field("car", "link", target="car"),
            field("others", "links", target="car"),
        ],
        pipelines=[pipeline("sales")],
    )
    person = make_person("belova", name="Белова Анна").id
    cayenne = insert_record(car, title="Cayenne")
    options = {option.code: option.id for spec in deal.fields for option in spec.options}
    sales = current_generation().pipelines["sales"]
    id = insert_record(
        deal,
        title="Сделка",
        price=100,
        floor=90,
        color=options["red"],
        marks=[options["a"], options["b"]],
        seller=person,
        place=make_department("sales", name="Продажи").id,
        car=cayenne,
        pipeline_id=sales.id,
        stage_id=sales.first_stage.id,
        owner_id=person,
    )
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {deal.by_code['others'].link_table} VALUES (%s, %s)", [id, cayenne])
    insert_record(deal, title="В корзине", deleted_at="2026-01-01")
    return deal


def test_a_view_shows_codes_names_and_titles() -> None:
    make_world()
    (row,) = rows("SELECT * FROM data.deal")
    shown = {
        key: row[key] for key in ("title", "pipeline", "stage", "owner", "color", "color_label", "seller")
    }
    assert shown == {
        "title": "Сделка",
        "pipeline": "sales",
        "stage": "new",
        "owner": "Белова Анна",
        "color": "red",
        "color_label": "Red",
        "seller": "Белова Анна",
    }
    assert row["marks"] == ["a", "b"]
    assert row["car"] == "Cayenne"
    assert row["others"] == [row["car_id"]]
    assert row["place"] == "Продажи"
    assert row["price"] == 100


def test_bin_and_restricted_fields_are_in_the_full_view_only() -> None:
    make_world()
    assert "floor" not in rows("SELECT * FROM data.deal")[0]
    full = rows("SELECT title, floor, deleted_at FROM data_full.deal ORDER BY id")
    assert [row["title"] for row in full] == ["Сделка", "В корзине"]
    assert full[0]["floor"] == 90


def test_views_follow_renames_retirement_and_restriction() -> None:
    make_world()
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_type("deal", new_code="bargain")
        change.change_field("bargain", "price", new_code="amount")
        change.change_field("bargain", "seller", restricted=True)
        change.retire_field("bargain", "color")
    (row,) = rows("SELECT * FROM data.bargain")
    assert row["amount"] == 100
    assert not {"price", "seller", "seller_id", "color", "color_label"} & row.keys()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('data.deal') IS NULL")
        assert cursor.fetchone()[0]
    assert list_discrepancies() == []


def test_untouched_views_are_not_made_again() -> None:
    make_world()
    before = view_ids()
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.add_field("car", "model", "text", label=Label("Модель"))
        change.change_field("deal", "price", required=True)
    changed = {name for name, oid in view_ids().items() if before[name] != oid}
    assert changed == {"data.car", "data_full.car"}


def view_ids() -> dict[str, int]:
    statement = (
        "SELECT schemaname || '.' || viewname AS name, (schemaname || '.' || viewname)::regclass::oid AS oid"
    )
    return {
        row["name"]: row["oid"] for row in rows(f"{statement} FROM pg_views WHERE schemaname LIKE 'data%'")
    }


def test_a_view_that_somebody_changed_is_reported() -> None:
    make_type("car")
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW data.car")
    assert [(found.table, found.what) for found in list_discrepancies()] == [
        ("data.car", "the view is not up to date")
    ]


def test_the_role_reads_its_views_and_nothing_else() -> None:
    deal = make_world()
    with connection.cursor() as cursor:
        for schema, other in (("data", "data_full"), ("data_full", "data")):
            role = data_role(schema)
            cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [role, f"{schema}.deal"])
            assert cursor.fetchone()[0]
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'INSERT, UPDATE, DELETE')", [role, f"{schema}.deal"]
            )
            assert not cursor.fetchone()[0]
            for hidden in (f"{other}.deal", deal.table, "people_person", "journal_entry"):
                cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [role, hidden])
                assert not cursor.fetchone()[0], hidden
        cursor.execute(f'SET LOCAL ROLE "{data_role("data")}"')
        cursor.execute("SELECT count(*) FROM data.deal")
        assert cursor.fetchone()[0] == 1
        cursor.execute("RESET ROLE")


def test_a_second_column_gives_way_to_a_field_of_that_name() -> None:
    car = make_type("car", [field("color", "choice", options=["red"]), field("color_label")])
    insert_record(car, color_label="как вишня")
    assert rows("SELECT color_label FROM data.car")[0]["color_label"] == "как вишня"


def test_a_lookup_is_read_from_the_linked_record_unless_a_part_of_it_is_restricted() -> None:
    color = field("color", "choice", options=["red"])
    car = make_type("car", [field("make"), color, field("note", restricted=True), field("keeper", "person")])
    shown = {"make": "car.make", "color": "car.color", "note": "car.note", "keeper": "car.keeper"}
    lookups = [field(f"car_{code}", "lookup", shows=path) for code, path in shown.items()]
    deal = make_type("deal", [field("car", "link", target="car"), *lookups])
    red = car.by_code["color"].options[0].id
    keeper = make_person("belova", name="Белова Анна").id
    kia = insert_record(car, make="Kia", color=red, note="x", keeper=keeper)
    insert_record(deal, car=kia)
    (row,) = rows("SELECT * FROM data.deal")
    assert (row["car_make"], row["car_color"], row["car_color_label"]) == ("Kia", "red", "Red")
    assert (row["car_keeper"], row["car_keeper_id"]) == ("Белова Анна", keeper)
    assert "car_note" not in row
    assert rows("SELECT car_note FROM data_full.deal") == [{"car_note": "x"}]
    assert list_discrepancies() == []
