"""A pack is tried whole: names, apply, expressions, cases, demo data; what fails is named."""

from pathlib import Path

import pytest
from tests.factories.packs import edited, write_pack

from trassa.kernel import Conflict
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply, try_pack
from trassa.solutions.errors import PackInvalid
from trassa.solutions.queries import plan, read_pack
from trassa.solutions.trials import Trial

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"


def tried(folder: Path, cases: str = "") -> dict[str, Trial]:
    (folder / "tests.yaml").write_text(
        cases or "- {test: Nothing, steps: [{create: car, fields: {make: A}}]}\n"
    )
    return {trial.name: trial for trial in try_pack(folder)}


def case(folder: Path, *steps: str) -> tuple[str, ...]:
    """What goes wrong with a case of these steps."""
    lines = "".join(f"    - {step}\n" for step in steps)
    return tried(folder, f"- test: Case\n  steps:\n{lines}")["Case"].problems


def test_a_good_pack_passes_everything(tmp_path: Path) -> None:
    trials = tried(write_pack(tmp_path))
    assert [*trials] == [
        "Names are translated",
        "It applies, and a second plan is empty",
        "Nothing",
        "Expressions can be computed",
    ], "there are no demo data to try"
    assert all(trial.passed for trial in trials.values())


def test_names_without_english_are_listed(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        types_car=edited(CAR, "label: {ru: Модель, en: Model}", "label: Модель"),
        pipelines_repair=edited("pipelines/repair.yaml", "{ru: Готов, en: Done}", "Готов"),
    )
    assert tried(folder)["Names are translated"].problems == (
        "car.model.label: “Модель” has no English.",
        "repair.done.label: “Готов” has no English.",
    )


def test_a_pack_that_does_not_apply_is_tried_no_further(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, types_car=edited(CAR, "fields: [make, model, price]", "fields: [make]"))
    twice = edited(CAR, "kind: money,", "kind: money, restricted: true,").replace("{make} {model}", "{price}")
    write_pack(folder, types_car=twice)
    trials = tried(folder)
    assert len(trials) == 2
    (problem,) = trials["It applies, and a second plan is empty"].problems
    assert "a restricted field cannot stand in it" in problem


def test_a_case_holds(tmp_path: Path) -> None:
    steps = (
        '{create: car, name: car, pipeline: repair, fields: {make: BMW, price: "100"}}',
        "{move: car, stage: done}",
        '{check: car, stage: done, fields: {price: "100.00"}, holds: [price > 50, \'make = "BMW"\']}',
    )
    assert case(write_pack(tmp_path), *steps) == ()
    assert current_generation().types["car"].model._default_manager.count() == 0, "cases leave nothing behind"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{move: car, stage: done}", "step 2, move car: price: "),
        ("{move: car, stage: done, refused: [make]}", "It was refused, but not for make: "),
        ("{edit: car, fields: {model: X5}, refused: []}", "It should have been refused, but was done."),
        ("{check: car, fields: {make: Audi}}", "make is 'BMW' instead of 'Audi'."),
        ("{check: car, stage: done}", "Stage is “new”."),
        ("{check: car, holds: [price > 50]}", "“price > 50” does not hold: False."),
        ("{check: car, holds: [prise > 50]}", "prise"),
        ("{check: car, by: mechanic}", "step 2, check car"),
        ("{check: car, unseen: true}", "It should not be seen."),
        ("{check: car, masked: [price]}", "These fields should not be seen: price."),
        ("{check: lorry}", "No record of this case is named “lorry”; named are: car."),
        ("{edit: car, by: seller}", "There is no role “seller”."),
        ("{create: lorry}", "There is no type “lorry”."),
    ],
)
def test_a_step_that_goes_otherwise_is_named(tmp_path: Path, step: str, expected: str) -> None:
    first = "{create: car, name: car, pipeline: repair, fields: {make: BMW}}"
    (problem,) = case(write_pack(tmp_path), first, step)
    assert expected in problem


def test_roles_are_tried(tmp_path: Path) -> None:
    steps = (
        "{create: car, name: car, pipeline: repair, fields: {make: BMW}}",
        "{check: car, by: mechanic, unseen: true}",
        "{create: car, by: mechanic, fields: {make: BMW}, refused: []}",
    )
    assert case(write_pack(tmp_path), *steps) == ()


def test_demo_data_that_do_not_load_are_named(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "demo").mkdir()
    (folder / "demo" / "car.csv").write_text(
        "key,day,time,make,colour\n1,0,09:00,BMW,red\n", encoding="utf-8"
    )
    (problem,) = tried(folder)["Demo data load"].problems
    assert "demo/car.csv:2: There is no field “colour”." in problem


def test_a_step_says_one_thing(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "tests.yaml").write_text(
        "- test: A\n  steps:\n    - {create: car, move: b}\n", encoding="utf-8"
    )
    with pytest.raises(PackInvalid, match=r"tests\.yaml:3: Say one of create, edit, move, check"):
        read_pack(folder)


def test_packs_are_tried_in_an_empty_database_only(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(plan(folder), actor_id=None)
    with pytest.raises(Conflict, match="empty database"):
        next(try_pack(folder))
