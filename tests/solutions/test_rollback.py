"""An earlier version of a pack comes back: what the later one brought is retired, local changes stay."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack
from tests.factories.people import make_person

from trassa.access.queries import grants_of_role, system_actor
from trassa.kernel import Conflict, Forbidden, NotFound
from trassa.people.queries import find_role
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import count_values, current_generation
from trassa.schema.types import FieldSpec, Label
from trassa.solutions.actions import apply, roll_back
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import (
    NOTHING,
    find_installed,
    installed_configuration,
    list_versions,
    plan,
    plan_rollback,
    read_decisions,
)

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"
MILEAGE = "  - {code: mileage, kind: number, label: {ru: Пробег, en: Mileage}}\nlayout:"
#: The second version: a new field on the card, a new name, a right withdrawn.
CAR_2 = (
    edited(CAR, "layout:", MILEAGE)
    .replace("[make, model, price]", "[make, model, price, mileage]")
    .replace("{ru: Цена, en: Price}", "{ru: Стоимость, en: Price}")
)
MECHANIC_2 = edited("roles/mechanic.yaml", "[see, edit], scope", "[see], scope")
#: The third: another name still.
CAR_3 = CAR_2.replace("{ru: Стоимость, en: Price}", "{ru: Сумма, en: Price}")


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """The pack in its first version, applied."""
    folder = write_pack(tmp_path / "garage")
    apply(plan(folder), actor_id=None)
    return folder


def apply_second(folder: Path) -> None:
    write_pack(folder, pack=version("1.1.0"), types_car=CAR_2, roles_mechanic=MECHANIC_2)
    apply(plan(folder), actor_id=None)


def apply_third(folder: Path) -> None:
    write_pack(folder, pack=version("1.2.0"), types_car=CAR_3, roles_mechanic=MECHANIC_2)
    apply(plan(folder), actor_id=None)


def version(number: str) -> str:
    return GARAGE["pack.yaml"].replace("1.0.0", number)


def price() -> FieldSpec:
    return current_generation().types["car"].by_code["price"]


def rename_price(name: str) -> None:
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "price", label=Label(name, "Price"))


def go_back(**options: str) -> None:
    roll_back(plan_rollback("garage", **options), actor_id=None)


def applied() -> str:
    installed = find_installed("garage")
    return installed.version if installed else ""


def test_a_rollback_is_a_plan_first_and_brings_the_earlier_version_back(garage: Path) -> None:
    before = installed_configuration()
    apply_second(garage)
    made = plan_rollback("garage")
    assert [str(step) for step in made.plan.steps] == [
        "~ change field car.price: label.ru “Стоимость” → “Цена”",
        "- retire field car.mileage “Mileage”",
        "~ change the layout of car: layout.card.main.sections.Главное.fields",
        "+ role mechanic may now edit: car (department)",
    ]
    assert (made.plan.installed_version, made.plan.version) == ("1.1.0", "1.0.0")
    assert applied() == "1.1.0", "a plan changes nothing"
    roll_back(made, actor_id=None)
    assert installed_configuration() == before
    assert applied() == "1.0.0"


def test_what_the_later_version_brought_keeps_its_values(garage: Path) -> None:
    apply_second(garage)
    write = Write(Change.CREATE, "car", fields={"make": "BMW", "mileage": "12000"}, pipeline="repair")
    write_records([write], actor=system_actor(), cause={})
    go_back()
    assert "mileage" not in current_generation().types["car"].by_code
    assert count_values("car", "mileage") == 1
    again = plan(garage)
    assert "+ restore field car.mileage “Mileage”, 1 record has a value" in [str(s) for s in again.steps]
    apply(again, actor_id=None)
    assert "mileage" in current_generation().types["car"].by_code
    assert applied() == "1.1.0"


def test_local_changes_stay_when_a_version_is_rolled_back(garage: Path) -> None:
    apply_second(garage)
    with changing_schema(actor_id=None, cause={}) as change:
        change.add_field("car", "x_note", "text", label=Label("Заметка"))
        change.change_field("car", "model", label=Label("Серия", "Model"))
    go_back()
    fields = current_generation().types["car"].by_code
    assert "x_note" in fields
    assert fields["model"].label.ru == "Серия"
    assert price().label.ru == "Цена"


def test_what_was_changed_here_and_by_the_version_must_be_decided(garage: Path) -> None:
    apply_second(garage)
    rename_price("Ценник")
    made = plan_rollback("garage")
    assert len(made.plan.conflicts) == 1
    assert "--take pack:car.price.label.ru or --take local:car.price.label.ru" in made.plan.conflicts[0]
    with pytest.raises(PackConflict):
        roll_back(made, actor_id=None)
    decisions = read_decisions(["local:car.price.label.ru"])
    roll_back(plan_rollback("garage", decisions=decisions), actor_id=None)
    assert price().label.ru == "Ценник"
    assert "mileage" not in current_generation().types["car"].by_code


def test_two_rollbacks_go_back_two_versions(garage: Path) -> None:
    first = installed_configuration()
    apply_second(garage)
    second = installed_configuration()
    apply_third(garage)
    go_back()
    assert installed_configuration() == second
    go_back()
    assert installed_configuration() == first
    assert [(each.version, each.rolled_back_at is None) for each in list_versions("garage")] == [
        ("1.2.0", False),
        ("1.1.0", False),
        ("1.0.0", True),
    ]


@pytest.mark.parametrize("to", ["1.0.0", "1"])
def test_one_rollback_goes_back_two_versions_by_version_or_number(garage: Path, to: str) -> None:
    first = installed_configuration()
    apply_second(garage)
    apply_third(garage)
    made = plan_rollback("garage", to=to)
    assert "~ change field car.price: label.ru “Сумма” → “Цена”" in [str(step) for step in made.plan.steps]
    roll_back(made, actor_id=None)
    assert installed_configuration() == first


def test_what_was_changed_between_two_versions_stays(garage: Path) -> None:
    apply_second(garage)
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "model", label=Label("Серия", "Model"))
    apply_third(garage)
    go_back(to="1.0.0")
    assert current_generation().types["car"].by_code["model"].label.ru == "Серия"
    assert price().label.ru == "Цена"


def test_after_a_rollback_the_files_of_that_version_plan_nothing(garage: Path) -> None:
    apply_second(garage)
    go_back()
    write_pack(garage)
    assert plan(garage).is_empty


def test_a_tombstone_is_taken_back(garage: Path) -> None:
    bought = "  - {code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}\n"
    write_pack(garage, pack=version("1.1.0"), types_car=edited(CAR, bought, ""))
    (garage / "retired.yaml").write_text("- {type: car, field: bought_on}\n", encoding="utf-8")
    apply(plan(garage), actor_id=None)
    made = plan_rollback("garage")
    assert [str(step) for step in made.plan.steps] == ["+ restore field car.bought_on “Bought on”"]
    roll_back(made, actor_id=None)
    assert [each.code for each in current_generation().types["car"].fields][4] == "bought_on"


def test_the_first_version_goes_only_when_the_whole_pack_is_named(garage: Path) -> None:
    with pytest.raises(PackConflict, match="say --to nothing"):
        plan_rollback("garage")
    go_back(to=NOTHING)
    assert "car" not in current_generation().types
    assert find_role("mechanic") is None
    assert find_installed("garage") is None
    with pytest.raises(PackConflict, match="out of use already"):
        plan_rollback("garage")
    apply(plan(garage), actor_id=None)
    assert "car" in current_generation().types
    role = find_role("mechanic")
    assert role is not None
    assert len(grants_of_role(role.id)) == 3


def test_a_pack_with_records_in_its_stages_does_not_go(garage: Path) -> None:
    write = Write(Change.CREATE, "car", fields={"make": "BMW"}, pipeline="repair")
    write_records([write], actor=system_actor(), cause={})
    made = plan_rollback("garage", to=NOTHING)
    assert "1 record stands in it" in made.plan.obstacles[0]
    with pytest.raises(PackConflict):
        roll_back(made, actor_id=None)


def test_a_pack_that_others_require_does_not_go(tmp_path: Path) -> None:
    apply(plan("auto"), actor_id=None)
    other = write_pack(
        tmp_path / "other",
        pack=version("1.0.0").replace("garage", "other") + "requires: [auto]\n",
        types_car="",
        pipelines_repair="",
        roles_mechanic="",
        departments="",
    )
    apply(plan(other), actor_id=None)
    with pytest.raises(PackConflict, match="take them out of use first: other"):
        plan_rollback("auto", to=NOTHING)


def test_a_way_back_that_is_not_there_is_told(garage: Path) -> None:
    apply_second(garage)
    with pytest.raises(NotFound, match=r"there is one to: 1\.0\.0"):
        plan_rollback("garage", to="0.9.0")
    with pytest.raises(PackConflict, match="what is applied now"):
        plan_rollback("garage", to="1.1.0")
    with pytest.raises(NotFound, match="applied are: garage"):
        plan_rollback("garag")


def test_an_empty_apply_is_no_version(garage: Path) -> None:
    apply(plan(garage), actor_id=None)
    assert [each.number for each in list_versions("garage")] == [1]


def test_a_rollback_that_is_out_of_date_is_refused(garage: Path) -> None:
    apply_second(garage)
    made = plan_rollback("garage")
    rename_price("Ценник")
    with pytest.raises(Conflict, match="Make a new plan"):
        roll_back(made, actor_id=None)


def test_a_rollback_happens_once(garage: Path) -> None:
    apply_second(garage)
    apply_third(garage)
    made = plan_rollback("garage")
    roll_back(made, actor_id=None)
    with pytest.raises(Conflict, match="Make a new plan"):
        roll_back(made, actor_id=None)


def test_only_an_administrator_rolls_back(garage: Path) -> None:
    apply_second(garage)
    with pytest.raises(Forbidden):
        roll_back(plan_rollback("garage"), actor_id=make_person().id)
