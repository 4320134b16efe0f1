"""Conditions in packs: read with their places, applied, compared in one spelling, exported again."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.expressions import write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import SchemaScope, current_generation
from trassa.solutions.actions import apply, export
from trassa.solutions.errors import PackInvalid
from trassa.solutions.queries import plan
from trassa.solutions.reader import read_pack

pytestmark = pytest.mark.django_db

CAR, REPAIR = "types/car.yaml", "pipelines/repair.yaml"
BOUGHT = "{code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}"
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")


def car_with(rules: str) -> str:
    """The type with rules on the field `bought_on`, as lines of YAML."""
    return edited(CAR, BOUGHT, f"{BOUGHT}, {rules}")


def pipeline_with(condition: str) -> str:
    """The pipeline whose stage `done` has an entry condition."""
    lines = (
        "requires: [price]\n    enter_when:\n"
        f"      - {{code: priced, condition: {condition}, message: {{ru: Нужна цена, en: Give a price}}}}"
    )
    return edited(REPAIR, "requires: [price]", lines)


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(PackInvalid) as refusal:
        read_pack(folder)
    return [str(problem) for problem in refusal.value.problems]


def rule_of(code: str, name: str) -> str:
    car = current_generation().types["car"]
    return write(getattr(car.by_code[code], name), SchemaScope(current_generation()), car.id, "codes")


def test_conditions_come_in_with_their_fields_and_stages(tmp_path: Path) -> None:
    rules = """visible_when: 'status = "sold"', required_when: price > 0, default_formula: TODAY()"""
    write_pack(
        tmp_path,
        types_car=car_with(rules),
        pipelines_repair=pipeline_with("""'price > 0 and stage = "new"'"""),
    )
    apply(plan(tmp_path), actor_id=None)
    assert rule_of("bought_on", "visible_when") == 'status = "sold"'
    assert rule_of("bought_on", "required_when") == "price > 0"
    assert rule_of("bought_on", "default_formula") == "TODAY()"
    [entry] = current_generation().pipelines["repair"].get_stage("done").enter_when
    assert entry.message.en == "Give a price"


def test_a_section_has_a_condition(tmp_path: Path) -> None:
    section = "fields: [make, model, price]"
    write_pack(
        tmp_path, types_car=edited(CAR, section, section + "\n      visible_when: bought_on > 2020-01-01")
    )
    apply(plan(tmp_path), actor_id=None)
    assert current_generation().types["car"].layouts.sections[0].visible_when is not None
    assert not plan(tmp_path).steps


def test_faults_are_named_with_line_and_character(tmp_path: Path) -> None:
    car = car_with("visible_when: prise > 0, editable_when: price, default_formula: price")
    write_pack(tmp_path, types_car=car, pipelines_repair=pipeline_with("1 + + 2 > ROUNDED(price)"))
    line = next(n for n, text in enumerate(car.splitlines(), 1) if "prise" in text)
    assert problems_of(tmp_path) == [
        f"types/car.yaml:{line}: “visible_when”, character 1: There is no field “prise”; there is “price”.",
        f"types/car.yaml:{line}: “editable_when”, character 1: Needed here: a condition; this is a number.",
        f"types/car.yaml:{line}: “default_formula”, character 1: Needed here: a date; this is a number.",
        "pipelines/repair.yaml:12: “condition”, character 11: "
        "There is no function “ROUNDED”; there is “ROUND”.",
    ]


def test_a_default_and_a_formula_exclude_each_other(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("default: 2026-05-12, default_formula: TODAY()"))
    [problem] = problems_of(tmp_path)
    assert "Give either a default or a formula for it" in problem


def test_other_spellings_of_the_same_condition_change_nothing(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("visible_when: price > 0"))
    apply(plan(tmp_path), actor_id=None)
    write_pack(tmp_path, types_car=car_with("visible_when: Цена>0"), pack=UPDATE)
    assert not plan(tmp_path).steps


def test_a_plan_says_what_becomes_of_a_condition(tmp_path: Path) -> None:
    write_pack(
        tmp_path, types_car=car_with("visible_when: price > 0"), pipelines_repair=pipeline_with("price > 0")
    )
    apply(plan(tmp_path), actor_id=None)
    write_pack(
        tmp_path,
        types_car=car_with("visible_when: price > 5"),
        pipelines_repair=pipeline_with("price > 7"),
        pack=UPDATE,
    )
    assert [str(step) for step in plan(tmp_path).steps] == [
        "~ change field car.bought_on: visible_when “price > 0” → “price > 5”",
        "~ change condition repair.done.priced: condition “price > 0” → “price > 7”",
    ]
    apply(plan(tmp_path), actor_id=None)
    assert rule_of("bought_on", "visible_when") == "price > 5"


def test_a_condition_that_was_changed_here_stays(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("visible_when: price > 0"))
    apply(plan(tmp_path), actor_id=None)
    with changing_schema(actor_id=None, cause={}) as change:
        change.change_field("car", "bought_on", visible_when=change.read_condition("car", "price > 9"))
    write_pack(tmp_path, types_car=car_with("visible_when: price > 0"), pack=UPDATE)
    apply(plan(tmp_path), actor_id=None)
    assert rule_of("bought_on", "visible_when") == "price > 9"


def test_a_default_gives_way_to_a_formula_and_back(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=car_with("default: 2026-05-12"))
    apply(plan(tmp_path), actor_id=None)
    for rules, version in (("default_formula: TODAY()", "1.1.0"), ("default: 2026-05-13", "1.2.0")):
        write_pack(tmp_path, types_car=car_with(rules), pack=UPDATE.replace("1.1.0", version))
        apply(plan(tmp_path), actor_id=None)
    bought = current_generation().types["car"].by_code["bought_on"]
    assert (bought.default, bought.default_formula) == ("2026-05-13", None)


def test_an_export_writes_conditions_as_files_have_them(tmp_path: Path) -> None:
    rules = """visible_when: 'status = "sold"', default_formula: TODAY() + 3"""
    write_pack(tmp_path / "in", types_car=car_with(rules), pipelines_repair=pipeline_with("price > 0"))
    apply(plan(tmp_path / "in"), actor_id=None)
    export(tmp_path / "out")
    car = (tmp_path / "out" / CAR).read_text(encoding="utf-8")
    assert """visible_when: status = "sold\"""" in car
    assert "default_formula: TODAY() + 3" in car
    assert "condition: price > 0" in (tmp_path / "out" / REPAIR).read_text(encoding="utf-8")
    assert read_pack(tmp_path / "out").configuration.types == read_pack(tmp_path / "in").configuration.types
