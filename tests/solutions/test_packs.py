"""Packs are planned, applied and exported; a plan says in words what an apply does."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack
from tests.factories.people import make_person

from trassa.access.queries import grants_of_role, system_actor
from trassa.kernel import Conflict, Forbidden
from trassa.people.queries import find_department, find_role
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.models import GenerationLog
from trassa.schema.queries import current_generation
from trassa.schema.types import Label
from trassa.solutions.actions import apply, export
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import find_installed, plan, read_decisions

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """The pack, applied."""
    folder = write_pack(tmp_path / "garage")
    apply(plan(folder), actor_id=None)
    return folder


def steps(folder: Path) -> list[str]:
    return [str(step) for step in plan(folder).steps]


def change_here(**changes: object) -> None:
    """Somebody changes the field `car.price` in the designer."""
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "price", **changes)


def test_a_plan_of_a_new_pack_names_everything_it_brings(tmp_path: Path) -> None:
    assert steps(write_pack(tmp_path)) == [
        "+ add department office “Офис”",
        "+ add department yard “Двор”",
        "+ add type car “Car”, 6 fields",
        "+ add pipeline repair “Repair”, 3 stages",
        "+ add role mechanic “Mechanic”",
    ]


def test_applying_makes_types_pipelines_departments_and_roles(garage: Path) -> None:
    car = current_generation().types["car"]
    assert [field.code for field in car.fields] == ["make", "model", "vin", "price", "bought_on", "status"]
    assert car.by_code["vin"].unique
    assert car.layouts.board_sum == "price"
    done = current_generation().pipelines["repair"].get_stage("done")
    assert [car.by_id[id].code for id in done.required_field_ids] == ["price"]
    yard, office = find_department("yard"), find_department("office")
    assert yard is not None
    assert office is not None
    assert yard.parent_id == office.id
    role = find_role("mechanic")
    assert role is not None
    assert len(grants_of_role(role.id)) == 3


OWNER = """
  - {code: owner_card, kind: link, target: owner_card, label: {ru: Владелец, en: Owner}}
  - {code: owner_phone, kind: lookup, shows: owner_card.phone, label: {ru: Телефон, en: Phone}}
layout:"""
OWNER_CARD = """
code: owner_card
label: {ru: Владелец, en: Owner}
plural: {ru: Владельцы, en: Owners}
title: "{name}"
fields:
  - {code: name, kind: text, label: {ru: Имя, en: Name}}
  - {code: phone, kind: phone, label: {ru: Телефон, en: Phone}}
"""


def test_a_lookup_is_applied_after_what_it_shows_and_exported_again(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "garage", types_car=edited(CAR, "\nlayout:", OWNER))
    (folder / "types" / "owner_card.yaml").write_text(OWNER_CARD, encoding="utf-8")
    apply(plan(folder), actor_id=None)
    lookup = current_generation().types["car"].by_code["owner_phone"]
    assert lookup.through is not None
    assert lookup.shown is not None
    assert (lookup.through.code, lookup.shown.code) == ("owner_card", "phone")
    assert plan(folder).is_empty
    export(tmp_path / "exported")
    assert "shows: owner_card.phone" in (tmp_path / "exported" / CAR).read_text(encoding="utf-8")


def test_a_condition_names_a_lookup(tmp_path: Path) -> None:
    condition = (
        '{code: bought_on, kind: date, visible_when: \'owner_card.phone <> "" AND owner_phone <> ""\','
    )
    car = edited(CAR, "\nlayout:", OWNER).replace("{code: bought_on, kind: date,", condition)
    folder = write_pack(tmp_path / "garage", types_car=car)
    (folder / "types" / "owner_card.yaml").write_text(OWNER_CARD, encoding="utf-8")
    apply(plan(folder), actor_id=None)
    assert current_generation().types["car"].by_code["bought_on"].visible_when is not None
    assert plan(folder).is_empty


def test_a_second_apply_is_empty_and_makes_no_generation(garage: Path) -> None:
    number = current_generation().number
    second = plan(garage)
    assert second.is_empty
    assert not second.notes
    apply(second, actor_id=None)
    assert current_generation().number == number


def test_an_apply_is_one_generation(tmp_path: Path) -> None:
    apply(plan(write_pack(tmp_path)), actor_id=None)
    assert GenerationLog.objects.count() == 1


def test_what_is_exported_plans_without_difference(garage: Path, tmp_path: Path) -> None:
    written = export(tmp_path / "copy", code="garage")
    assert {path.name for path in written} >= {"car.yaml", "repair.yaml", "mechanic.yaml", "departments.yaml"}
    copy = plan(tmp_path / "copy")
    assert (copy.steps, copy.notes, copy.conflicts) == ((), (), ())


def test_a_new_version_changes_what_it_says(garage: Path) -> None:
    car = edited(
        CAR,
        "label: {ru: Цена, en: Price}, sortable: true",
        "label: {ru: Стоимость, en: Price}, required: true",
    )
    write_pack(
        garage,
        pack=UPDATE,
        types_car=car.replace(
            "- {code: sold", "- {code: booked, label: {ru: Бронь, en: Booked}}\n      - {code: sold"
        ),
        roles_mechanic=edited("roles/mechanic.yaml", "[see, edit], scope", "[see], scope"),
    )
    assert steps(garage) == [
        "~ change field car.price: label.ru “Цена” → “Стоимость”",
        "~ change field car.price: required no → yes",
        "~ change field car.price: sortable yes → no",
        "+ add option car.status.booked “Booked”",
        "- role mechanic may no longer edit: car (department)",
    ]
    apply(plan(garage), actor_id=None)
    price = current_generation().types["car"].by_code["price"]
    assert (price.label.ru, price.required, price.sortable) == ("Стоимость", True, False)
    assert plan(garage).is_empty
    installed = find_installed("garage")
    assert installed is not None
    assert installed.version == "1.1.0"


def test_a_local_change_survives_a_new_version(garage: Path) -> None:
    change_here(label=Label("Ценник", "Price"))
    write_pack(
        garage, pack=UPDATE, types_car=edited(CAR, "{ru: Модель, en: Model}", "{ru: Серия, en: Model}")
    )
    made = plan(garage)
    assert [str(step) for step in made.steps] == ["~ change field car.model: label.ru “Модель” → “Серия”"]
    assert made.notes == ("field car.price: label.ru stays “Ценник” as changed here; the pack says “Цена”.",)
    apply(made, actor_id=None)
    fields = current_generation().types["car"].by_code
    assert (fields["price"].label.ru, fields["model"].label.ru) == ("Ценник", "Серия")


def test_what_both_sides_changed_must_be_decided(garage: Path) -> None:
    change_here(label=Label("Ценник", "Price"))
    write_pack(garage, pack=UPDATE, types_car=edited(CAR, "{ru: Цена, en: Price}", "{ru: Сумма, en: Price}"))
    made = plan(garage)
    assert len(made.conflicts) == 1
    assert "--take pack:car.price.label.ru or --take local:car.price.label.ru" in made.conflicts[0]
    with pytest.raises(PackConflict):
        apply(made, actor_id=None)
    apply(plan(garage, decisions=read_decisions(["pack"])), actor_id=None)
    assert current_generation().types["car"].by_code["price"].label.ru == "Сумма"


def test_nothing_is_lost_when_the_pack_leaves_something_out(garage: Path) -> None:
    with_bought = "{code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}"
    write_pack(garage, pack=UPDATE, types_car=edited(CAR, f"  - {with_bought}\n", ""))
    made = plan(garage)
    assert made.steps == ()
    assert "field car.bought_on is no longer in the pack; it stays with its data." in made.notes[0]
    apply(made, actor_id=None)
    assert "bought_on" in current_generation().types["car"].by_code


def test_fields_added_here_stay_where_they_are(garage: Path) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.add_field("car", "x_note", "text", label=Label("Заметка"))
    assert plan(garage).is_empty


def test_a_kind_that_keeps_something_else_never_changes(garage: Path) -> None:
    write_pack(garage, types_car=edited(CAR, "{code: model, kind: text", "{code: model, kind: number"))
    (conflict,) = plan(garage).conflicts
    assert conflict.startswith("field car.model: kind is “text” and never changes")


def test_a_stage_is_inserted_before_others_with_records_in_place(garage: Path) -> None:
    write = Write(Change.CREATE, "car", fields={"make": "BMW"}, pipeline="repair")
    write_records([write], actor=system_actor(), cause={})
    stage = '- {code: check, label: {ru: Проверка, en: Check}, color: "#3b82f6"}\n  - code: done'
    write_pack(garage, pipelines_repair=edited("pipelines/repair.yaml", "- code: done", stage))
    assert steps(garage) == ["+ add stage repair.check “Check”"]
    apply(plan(garage), actor_id=None)
    stages = current_generation().pipelines["repair"].stages
    assert [each.code for each in stages] == ["new", "check", "done", "lost"]


def test_a_plan_that_is_out_of_date_is_refused(garage: Path) -> None:
    write_pack(
        garage, pack=UPDATE, types_car=edited(CAR, "{ru: Модель, en: Model}", "{ru: Серия, en: Model}")
    )
    made = plan(garage)
    change_here(required=True)
    with pytest.raises(Conflict, match="Make a new plan"):
        apply(made, actor_id=None)


def test_a_required_pack_must_be_there_first(garage: Path) -> None:
    write_pack(garage, pack=UPDATE + "requires: [auto]\n")
    with pytest.raises(PackConflict, match="Apply the required packs first: auto"):
        apply(plan(garage), actor_id=None)


def test_only_an_administrator_applies_packs(garage: Path) -> None:
    person = make_person()
    with pytest.raises(Forbidden):
        apply(plan(garage), actor_id=person.id)


FLAT = """
  card:
    - label: {ru: Главное, en: Main}
      fields: [make, model, price]
"""
TABS = """
  card:
    - tab: car
      label: {ru: Автомобиль, en: Car}
      sections:
        - label: {ru: Главное, en: Main}
          fields: [make, model]
    - tab: money
      label: {ru: Деньги, en: Money}
      sections:
        - fields: [price]
          columns: 1
"""


def test_a_card_of_sections_has_one_tab_and_is_exported_as_sections(garage: Path, tmp_path: Path) -> None:
    [tab] = current_generation().types["car"].layouts.card
    assert (tab.code, str(tab.label)) == ("main", "")
    export(tmp_path / "exported")
    written = (tmp_path / "exported" / CAR).read_text(encoding="utf-8")
    assert "tab:" not in written
    assert "- label: {ru: Главное, en: Main}" in written


def test_tabs_are_applied_compared_and_exported(garage: Path, tmp_path: Path) -> None:
    with_tabs = edited(CAR, FLAT, TABS)
    folder = write_pack(tmp_path / "new", pack=UPDATE, types_car=with_tabs)
    assert steps(folder) == [
        "~ change the layout of car: layout.card.car",
        "~ change the layout of car: layout.card.money",
        "~ change the layout of car: layout.card.main",
    ]
    apply(plan(folder), actor_id=None)
    first, second = current_generation().types["car"].layouts.card
    assert (first.code, second.sections[0].fields, second.sections[0].columns) == ("car", ("price",), 1)
    assert plan(folder).is_empty
    export(tmp_path / "exported")
    assert "- tab: money" in (tmp_path / "exported" / CAR).read_text(encoding="utf-8")
