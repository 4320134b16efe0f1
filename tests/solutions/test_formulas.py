"""Formulas in packs: read with their places, planned, applied, exported again and taken away."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack
from tests.factories.records import create, edit
from tests.solutions.test_conditions import problems_of, rule_of

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.records.actions import recounting
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply, export
from trassa.solutions.queries import plan

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"
BOUGHT = "{code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}"
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")


def car_with(rules: str) -> str:
    """The type with a further field `x`, whose rules are lines of YAML."""
    field = f"{{code: half, kind: money, label: {{ru: Половина, en: Half}}, {rules}}}"
    return edited(CAR, BOUGHT, f"{BOUGHT}\n  - {field}")


def test_a_formula_comes_in_with_its_field_and_goes_out_again(tmp_path: Path) -> None:
    rules = """formula: РАЗНОСТЬ, frozen_when: 'status = "sold"', formula_open: true, keeps_history: true"""
    write_pack(tmp_path / "pack", types_car=car_with(rules.replace("РАЗНОСТЬ", "Цена / 2")))
    apply(plan(tmp_path / "pack"), actor_id=None)
    half = current_generation().types["car"].by_code["half"]
    assert (rule_of("half", "formula"), rule_of("half", "frozen_when")) == ("price / 2", 'status = "sold"')
    assert half.formula_open
    assert half.keeps_history
    assert not plan(tmp_path / "pack").steps
    export(tmp_path / "out")
    car = (tmp_path / "out" / CAR).read_text()
    for line in ("formula: price / 2", "formula_open: true", "keeps_history: true"):
        assert line in car


LINKED = """{code: sister, kind: link, target: car, label: {ru: Сестра, en: Sister}}
  - {code: hers, kind: lookup, shows: sister.SHOWN, label: Её, frozen_when: status = "sold"}"""


def test_a_lookup_that_stays_comes_in_and_goes_out_as_a_lookup(tmp_path: Path) -> None:
    fields = f"""{BOUGHT}
  - {LINKED.replace("SHOWN", "price")}
  - {{code: third, kind: money, label: {{ru: Треть, en: Third}}, formula: hers / 3}}"""
    write_pack(tmp_path / "pack", types_car=edited(CAR, BOUGHT, fields))
    apply(plan(tmp_path / "pack"), actor_id=None)
    hers = current_generation().types["car"].by_code["hers"]
    assert (hers.kind, hers.has_column, rule_of("hers", "formula")) == ("money", True, "sister.price")
    assert rule_of("third", "formula") == "hers / 3", "what stays is used, not what is shown today"
    assert not plan(tmp_path / "pack").steps
    export(tmp_path / "out")
    car = (tmp_path / "out" / CAR).read_text()
    assert "kind: lookup" in car
    assert "shows: sister.price" in car
    assert "formula: sister.price" not in car
    sister = create("car", fields={"make": "BMW", "price": "90"})
    sold = create("car", fields={"make": "BMW", "sister": sister, "status": "sold"})
    write_pack(tmp_path / "pack", pack=UPDATE, types_car=edited(CAR, BOUGHT, fields.replace("sold", "free")))
    [step] = plan(tmp_path / "pack").steps
    assert step.words.endswith("; 2 records are counted")
    apply(plan(tmp_path / "pack"), actor_id=None)
    recounting.renew_formulas()
    edit("car", sister, price="60")
    assert get_record(system_actor(), current_generation().types["car"], sold).values["third"] == 20


def test_a_lookup_of_what_cannot_be_kept_is_named_with_its_place(tmp_path: Path) -> None:
    fields = f"{BOUGHT}\n  - {LINKED.replace('SHOWN', 'sister')}"
    write_pack(tmp_path, types_car=edited(CAR, BOUGHT, fields))
    [problem] = problems_of(tmp_path)
    assert problem.startswith("types/car.yaml:")
    assert "cannot be kept" in problem


def test_a_formula_that_cannot_be_kept_is_named_with_its_place(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("formula: price + number"))
    [problem] = problems_of(tmp_path)
    assert problem.startswith("types/car.yaml:")
    assert "number" in problem


def test_a_formula_for_a_field_that_was_filled_in_says_so_and_keeps_what_was_typed(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("required: false"))
    apply(plan(tmp_path), actor_id=None)
    typed = create("car", fields={"make": "BMW", "price": "100", "half": "40"})
    create("car", fields={"make": "BMW", "price": "100"})
    write_pack(tmp_path, pack=UPDATE, types_car=car_with("formula: price / 2"))
    made = plan(tmp_path)
    [step] = made.steps
    assert (
        "; 1 value that was filled in is replaced by what the formula gives and stays in history"
        in step.words
    )
    apply(made, actor_id=None)
    recounting.renew_formulas()
    half = current_generation().types["car"].by_code["half"].column
    newest = next(iter(list_entries(Stream("record", typed))))
    assert newest.changes == {half: ("40.00", "50.00")}


def test_a_plan_says_how_many_records_are_counted(tmp_path: Path) -> None:
    write_pack(tmp_path)
    apply(plan(tmp_path), actor_id=None)
    for _number in range(2):
        create("car", fields={"make": "BMW"})
    write_pack(tmp_path, pack=UPDATE, types_car=car_with("formula: price / 2"))
    [step] = plan(tmp_path).steps
    assert step.words.endswith("; 2 records are counted")
    write_pack(tmp_path, pack=UPDATE, types_car=car_with("formula: price * DAY(TODAY())"))
    [step] = plan(tmp_path).steps
    assert "counted" not in step.words


def test_a_formula_is_withdrawn_and_the_field_is_filled_in_again(tmp_path: Path) -> None:
    for rules, version in (("formula: price / 2", "1.0.0"), ("required: true", "1.1.0")):
        pack = GARAGE["pack.yaml"].replace("1.0.0", version)
        write_pack(tmp_path, pack=pack, types_car=car_with(rules))
        apply(plan(tmp_path), actor_id=None)
    half = current_generation().types["car"].by_code["half"]
    assert half.formula is None
    assert half.required
