"""A text becomes a plate in place: values are rewritten, and what does not fit stops the plan."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid
from trassa.records.actions.write import write_records
from trassa.records.types import Change, Write
from trassa.schema.actions import changing_schema
from trassa.schema.queries import current_generation, is_convertible
from trassa.schema.registries import field_kinds
from trassa.solutions.actions import apply, roll_back
from trassa.solutions.errors import PackConflict
from trassa.solutions.queries import plan, plan_rollback, read_decisions

CAR = "types/car.yaml"
TEXT = edited(
    CAR, "{code: model, kind: text, label: {ru: Модель", "{code: model, kind: text, label: {ru: Номер"
)
PLATE = edited(
    CAR, "{code: model, kind: text, label: {ru: Модель", "{code: model, kind: plate, label: {ru: Номер"
)
UPDATE = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")


@pytest.fixture
def garage(db: None, tmp_path: Path) -> Path:
    """The pack with plates kept as texts, applied."""
    folder = write_pack(tmp_path / "garage", types_car=TEXT)
    apply(plan(folder), actor_id=None)
    return folder


def make_car(plate: str, *, binned: bool = False) -> int:
    write = Write(Change.CREATE, "car", fields={"make": "BMW", "model": plate})
    (outcome,) = write_records([write], actor=system_actor(), cause={})
    assert outcome.id is not None
    if binned:
        write_records([Write(Change.BIN, "car", outcome.id)], actor=system_actor(), cause={})
    return outcome.id


def plate_of(id: int) -> str:
    spec = current_generation().types["car"]
    column = spec.by_code["model"].column
    return str(spec.model._default_manager.values_list(column, flat=True).get(id=id))


def wanting_plates(folder: Path) -> Path:
    return write_pack(folder, pack=UPDATE, types_car=PLATE)


def test_a_text_becomes_a_plate_and_its_values_are_rewritten(garage: Path) -> None:
    first, second = make_car("а 123 вс 77"), make_car("А123ВС777")
    made = plan(wanting_plates(garage))
    assert [str(step) for step in made.steps] == [
        "~ change field car.model: kind “text” → “plate”; 1 value is rewritten"
    ]
    assert made.obstacles == ()
    apply(made, actor_id=None)
    assert current_generation().types["car"].by_code["model"].kind == "plate"
    assert (plate_of(first), plate_of(second)) == ("А123ВС77", "А123ВС777")
    assert plan(garage).is_empty


def test_history_tells_what_was_rewritten(garage: Path) -> None:
    id = make_car("а 123 вс 77")
    apply(plan(wanting_plates(garage)), actor_id=None)
    entries = list_entries(Stream("record", id))
    assert len(list(entries)) == 2


def test_values_that_do_not_fit_stop_the_plan_and_are_named(garage: Path) -> None:
    make_car("А123ВС77")
    make_car("без номера")
    made = plan(wanting_plates(garage))
    (obstacle,) = made.obstacles
    assert obstacle == (
        "field car.model cannot become plate: 1 of 2 values does not fit (А-00002 “без номера”). "
        "Correct it, or keep the kind with --take local:car.model.kind."
    )
    with pytest.raises(PackConflict):
        apply(made, actor_id=None)
    kept = plan(garage, decisions=read_decisions(["local:car.model.kind"]))
    assert kept.obstacles == ()
    apply(kept, actor_id=None)
    assert current_generation().types["car"].by_code["model"].kind == "text"
    assert plan(garage).is_empty, "what was decided stays decided"


def test_records_in_the_bin_are_in_nobodys_way(garage: Path) -> None:
    id = make_car("без номера", binned=True)
    apply(plan(wanting_plates(garage)), actor_id=None)
    assert plate_of(id) == "без номера"


def test_a_plate_goes_back_to_a_text(garage: Path) -> None:
    id = make_car("а 123 вс 77")
    apply(plan(wanting_plates(garage)), actor_id=None)
    roll_back(plan_rollback("garage"), actor_id=None)
    assert current_generation().types["car"].by_code["model"].kind == "text"
    assert plate_of(id) == "А123ВС77"


def test_the_schema_itself_refuses_values_that_do_not_fit(garage: Path) -> None:
    make_car("без номера")
    with pytest.raises(Invalid, match="do not fit"), changing_schema(actor_id=None, cause={}) as change:
        change.convert_field("car", "model", "plate")
    refused = pytest.raises(Invalid, match="Only kinds that keep texts")
    with refused, changing_schema(actor_id=None, cause={}) as change:
        change.convert_field("car", "model", "number")


def test_kinds_that_keep_texts_have_the_same_column(db: None) -> None:
    spec = {kind.code: kind for kind in field_kinds if is_convertible("text", kind.code)}
    assert set(spec) >= {
        "text",
        "long_text",
        "plate",
        "kpp",
        "ogrn",
        "address",
        "url",
        "phone",
        "email",
        "vin",
    }
    assert not {"number", "choice", "lookup", "files", "auto_number", "dated_link"} & set(spec)
    assert {kind.sql_type(None) for kind in spec.values()} == {"text"}  # type: ignore[arg-type]
