"""One apply changes a rule and takes away what it used; what is still used stays, and its user is named."""

from pathlib import Path
from typing import Any

import pytest
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.access.queries import system_actor
from trassa.automation.models import Run
from trassa.automation.queries import get_rule
from trassa.kernel import Invalid
from trassa.records.actions.write import write_records
from trassa.records.queries import get_record
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation
from trassa.solutions.actions import apply
from trassa.solutions.queries import plan

pytestmark = pytest.mark.django_db

CAR = "types/car.yaml"
BOUGHT = "  - {code: bought_on, kind: date, label: {ru: Куплен, en: Bought on}}\n"
RECEIVED = "  - {code: received_on, kind: date, label: {ru: Принят, en: Received on}}\n"
HANDED_OVER = """
  - code: handed_over
    label: {ru: Выдан, en: Handed over}
    meaning: won
    color: "#16a34a"
""".strip("\n")
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")
RULE = """
code: dated
type: car
label: {ru: Дата приёма, en: Date of receipt}
when: {event: stage_entered, pipeline: repair, stage: done}
condition: ISBLANK(%(field)s)
steps:
  - set: {fields: {%(field)s: =TODAY()}}
"""


def add_rule(folder: Path, field: str, **more: str) -> None:
    text = RULE % {"field": field}
    for old, new in more.items():
        text = text.replace(old, new)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "dated.yaml").write_text(text.lstrip(), encoding="utf-8")


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    """The pack with a rule, applied."""
    folder = write_pack(tmp_path / "garage")
    add_rule(folder, "bought_on")
    apply(plan(folder), actor_id=None)
    return folder


def finished() -> Any:
    """The values of a car that has just been repaired."""
    [made] = write_records(
        [Write(Change.CREATE, "car", fields={"make": "BMW", "price": "1"}, pipeline="repair")],
        actor=system_actor(),
        cause={},
    )
    assert made.id is not None
    write_records([Write(Change.MOVE, "car", id=made.id, stage="done")], actor=system_actor(), cause={})
    return get_record(system_actor(), current_generation().types["car"], made.id).values


def replace_field(folder: Path) -> None:
    """The next version: another field in place of the one that the rule used."""
    write_pack(folder, pack=UPDATE, types_car=edited(CAR, BOUGHT, RECEIVED))
    (folder / "retired.yaml").write_text("- {type: car, field: bought_on, successor: received_on}\n")


def test_a_rule_follows_a_field_that_takes_the_place_of_another_in_one_apply(garage: Path) -> None:
    assert finished()["bought_on"] is not None
    replace_field(garage)
    add_rule(garage, "received_on")
    apply(plan(garage), actor_id=None)
    assert "bought_on" not in current_generation().types["car"].by_code
    assert finished()["received_on"] is not None
    assert get_rule("dated").version == 2
    assert plan(garage).is_empty


def test_a_rule_leaves_a_stage_that_goes_in_one_apply(garage: Path) -> None:
    shorter = GARAGE["pipelines/repair.yaml"].replace(
        "next: [new]",
        "next: [new]\n" + HANDED_OVER,
    )
    write_pack(garage, pack=UPDATE, pipelines_repair=shorter)
    add_rule(garage, "bought_on", **{"stage: done": "stage: handed_over"})
    apply(plan(garage), actor_id=None)
    write_pack(garage, pack=UPDATE.replace("1.1.0", "1.2.0"))
    (garage / "retired.yaml").write_text("- {pipeline: repair, stage: handed_over}\n")
    add_rule(garage, "bought_on")
    apply(plan(garage), actor_id=None)
    stages = [stage.code for stage in current_generation().pipelines["repair"].stages]
    assert stages == ["new", "done", "lost"]
    assert get_rule("dated").definition["when"]["stage"] == "done"


def test_what_a_local_rule_uses_is_not_taken_away(garage: Path) -> None:
    from_here = RULE.replace("code: dated", "code: x_own") % {"field": "bought_on"}
    (garage / "rules" / "x_own.yaml").write_text(from_here.lstrip())
    apply(plan(garage), actor_id=None)
    (garage / "rules" / "x_own.yaml").unlink()
    replace_field(garage)
    add_rule(garage, "received_on")
    with pytest.raises(Invalid, match="Дата приёма"):
        apply(plan(garage), actor_id=None)
    assert "bought_on" in current_generation().types["car"].by_code
    assert get_rule("dated").version == 1


def test_a_run_that_waits_in_the_former_version_keeps_its_field(garage: Path) -> None:
    add_rule(garage, "bought_on", **{"steps:": "steps:\n  - wait: {time: 2 hours}"})
    write_pack(garage, pack=GARAGE["pack.yaml"].replace("1.0.0", "1.0.1"))
    apply(plan(garage), actor_id=None)
    finished()
    assert Run.objects.get().state == "waiting"
    replace_field(garage)
    add_rule(garage, "received_on")
    with pytest.raises(Invalid, match="Дата приёма"):
        apply(plan(garage), actor_id=None)
