"""A pack takes things out of use by name, brings them back, and stops where records stand in the way."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.access.queries import system_actor
from trassa.kernel import Invalid
from trassa.people.queries import find_department, find_role
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import count_values, current_generation
from trassa.schema.types import Label
from trassa.solutions.actions import apply
from trassa.solutions.errors import PackConflict, PackInvalid
from trassa.solutions.queries import plan, read_decisions, read_pack

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"
BOUGHT = "  - {code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}\n"
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")
SHORT = "\n".join(
    [
        "code: repair",
        "type: car",
        "label: {ru: Ремонт, en: Repair}",
        "stages:",
        '  - {code: new, label: {ru: Новый, en: New}, color: "#8b95a3"}',
        '  - {code: lost, label: {ru: Отказ, en: Lost}, color: "#dc2626", meaning: lost, reason: true}',
        "reasons:",
        "  - {code: price, label: {ru: Дорого, en: Too expensive}}",
        "",
    ]
)


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """The pack, applied."""
    folder = write_pack(tmp_path / "garage")
    apply(plan(folder), actor_id=None)
    return folder


def retire(folder: Path, line: str, **changed: str) -> None:
    """The next version of the pack, with a tombstone."""
    write_pack(folder, pack=UPDATE, **changed)
    (folder / "retired.yaml").write_text(f"- {line}\n", encoding="utf-8")


def without_bought() -> str:
    return edited(CAR, BOUGHT, "")


def make_car() -> int:
    write = Write(Change.CREATE, "car", fields={"make": "BMW", "bought_on": "2026-01-02"}, pipeline="repair")
    (outcome,) = write_records([write], actor=system_actor(), cause={})
    assert outcome.id is not None
    return outcome.id


def steps(folder: Path) -> list[str]:
    return [str(step) for step in plan(folder).steps]


def test_a_tombstone_retires_a_field_and_its_values_stay(garage: Path) -> None:
    make_car()
    retire(garage, "{type: car, field: bought_on, successor: price}", types_car=without_bought())
    assert steps(garage) == [
        "- retire field car.bought_on “Bought on”, 1 record has a value; use “price” instead"
    ]
    apply(plan(garage), actor_id=None)
    assert "bought_on" not in current_generation().types["car"].by_code
    assert count_values("car", "bought_on") == 1
    assert plan(garage).is_empty


def test_a_retired_field_that_the_pack_names_again_comes_back_with_its_values(garage: Path) -> None:
    make_car()
    retire(garage, "{type: car, field: bought_on}", types_car=without_bought())
    apply(plan(garage), actor_id=None)
    (garage / "retired.yaml").unlink()
    write_pack(garage)
    assert steps(garage) == ["+ restore field car.bought_on “Bought on”, 1 record has a value"]
    apply(plan(garage), actor_id=None)
    assert "bought_on" in current_generation().types["car"].by_code
    assert plan(garage).is_empty


def test_a_field_retired_here_stays_retired_until_it_is_asked_for(garage: Path) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.retire_field("car", "bought_on")
    made = plan(garage)
    assert made.is_empty
    assert made.notes == ("field car.bought_on was removed here and stays removed.",)
    apply(plan(garage, decisions=read_decisions(["pack:car.bought_on"])), actor_id=None)
    assert "bought_on" in current_generation().types["car"].by_code


def test_what_was_restored_here_after_a_tombstone_stays(garage: Path) -> None:
    retire(garage, "{type: car, field: bought_on}", types_car=without_bought())
    apply(plan(garage), actor_id=None)
    with changing_schema(actor_id=None, cause={}) as change:
        change.restore_field("car", "bought_on")
    made = plan(garage)
    assert made.is_empty
    assert "was restored here and stays" in made.notes[0]


def test_a_stage_with_records_cannot_be_retired(garage: Path) -> None:
    id = make_car()
    fields = {"price": "1000000"}
    move = Write(Change.MOVE, "car", id=id, stage="done", fields=fields)
    write_records([move], actor=system_actor(), cause={})
    retire(garage, "{pipeline: repair, stage: done, successor: new}", pipelines_repair=SHORT)
    made = plan(garage)
    assert made.obstacles == (
        "stage repair.done cannot be retired: 1 record stands in it. Move it to “new” first; "
        "in the list all can be moved at once.",
    )
    with pytest.raises(PackConflict):
        apply(made, actor_id=None)
    move = Write(Change.MOVE, "car", id=id, stage="new")
    write_records([move], actor=system_actor(), cause={})
    apply(plan(garage), actor_id=None)
    assert [stage.code for stage in current_generation().pipelines["repair"].stages] == ["new", "lost"]


def test_roles_and_departments_are_retired_and_come_back(garage: Path) -> None:
    retire(
        garage,
        "{role: mechanic}\n- {department: yard}",
        roles_mechanic="",
        departments="- {code: office, name: Офис}\n",
    )
    apply(plan(garage), actor_id=None)
    assert find_role("mechanic") is None
    assert find_department("yard") is None
    (garage / "retired.yaml").unlink()
    write_pack(garage)
    apply(plan(garage), actor_id=None)
    assert find_role("mechanic") is not None
    assert find_department("yard") is not None
    assert plan(garage).is_empty


def test_a_field_that_titles_are_made_of_cannot_be_retired_with_them(garage: Path) -> None:
    car = edited(CAR, "  - {code: model, kind: text, label: {ru: Модель, en: Model}}\n", "")
    retire(
        garage,
        "{type: car, field: model}",
        types_car=car.replace("{make} {model}", "{make}").replace("make, model,", "make,"),
    )
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_type("car", title_template="{model} {make}")
    made = plan(garage, decisions=read_decisions(["local"]))
    assert made.obstacles == (
        "field car.model cannot be retired: titles of car are made of it. Change the title first.",
    )


def test_a_tombstone_names_one_thing(garage: Path) -> None:
    retire(garage, "{type: car, stage: new}")
    with pytest.raises(PackInvalid, match=r"retired.yaml:1: Name one thing to retire"):
        read_pack(garage)


def test_conflicts_are_decided_place_by_place(garage: Path) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "price", label=Label("Ценник", "Price"))
        change.change_field("car", "model", label=Label("Серия", "Model"))
    car = edited(CAR, "{ru: Цена, en: Price}", "{ru: Сумма, en: Price}")
    write_pack(garage, pack=UPDATE, types_car=car.replace("{ru: Модель, en", "{ru: Модификация, en"))
    assert len(plan(garage).conflicts) == 2
    apply(plan(garage, decisions=read_decisions(["pack", "local:car.price"])), actor_id=None)
    fields = current_generation().types["car"].by_code
    assert (fields["price"].label.ru, fields["model"].label.ru) == ("Ценник", "Модификация")


@pytest.mark.parametrize("word", ["ours", "pack:", "car.price"])
def test_a_decision_that_decides_nothing_is_refused(word: str) -> None:
    with pytest.raises(Invalid, match="decides nothing"):
        read_decisions([word])


def test_a_column_added_here_and_one_added_by_the_pack_stand_side_by_side(garage: Path) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.add_field("car", "x_note", "text", label=Label("Заметка"))
    car = current_generation().types["car"]
    with changing_schema(actor_id=None, cause={}) as change:
        shown = (*car.layouts.list_columns, "x_note")
        layouts = type(car.layouts)(
            card=car.layouts.card,
            list_columns=shown,
            board_subtitle=car.layouts.board_subtitle,
            board_sum=car.layouts.board_sum,
        )
        change.save_layouts("car", layouts)
    write_pack(
        garage, pack=UPDATE, types_car=edited(CAR, "[title, price, owner]", "[title, vin, price, owner]")
    )
    made = plan(garage)
    assert not made.conflicts
    apply(made, actor_id=None)
    assert current_generation().types["car"].layouts.list_columns == (
        "title",
        "vin",
        "price",
        "owner",
        "x_note",
    )
    assert plan(garage).is_empty


SELLER = """
code: seller
label: {ru: Продавец, en: Seller}
plural: {ru: Продавцы, en: Sellers}
title: "{name}"
fields:
  - {code: name, kind: text, label: {ru: Имя, en: Name}}
  - {code: car, kind: link, target: car, label: {ru: Автомобиль, en: Car}}
  - {code: bought, kind: lookup, shows: car.bought_on, label: {ru: Куплен, en: Bought on}}
  - {code: note, kind: text, label: {ru: Заметка, en: Note}, visible_when: car.bought_on > 2020-01-01}
"""


def test_what_lookups_and_expressions_use_cannot_be_retired(garage: Path, tmp_path: Path) -> None:
    """Also when they belong to another pack."""
    others = {"types_car": GARAGE[CAR], "pipelines_repair": "", "roles_mechanic": "", "departments": ""}
    other = write_pack(tmp_path / "other", pack=GARAGE["pack.yaml"].replace("garage", "other"), **others)
    (other / "types" / "seller.yaml").write_text(SELLER, encoding="utf-8")
    apply(plan(other), actor_id=None)
    retire(garage, "{type: car, field: bought_on}", types_car=without_bought())
    made = plan(garage)
    assert made.obstacles == (
        "field car.bought_on cannot be retired: seller.bought show it. Retire these fields first.",
        "An expression uses what would go, change it first: seller.note: “visible_when”, character 5: "
        "There is no field “bought_on”.",
    )
    with pytest.raises(PackConflict):
        apply(made, actor_id=None)
