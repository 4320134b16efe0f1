"""Places of roles and further layouts of cards in packs: applied, merged, exported, retired."""

from pathlib import Path
from textwrap import indent

import pytest
import yaml
from django.db import transaction
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.people.actions import save_place
from trassa.people.queries import get_role, place_of_role
from trassa.people.types import MenuGroup, PlaceSpec
from trassa.schema.actions import CardDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardSection, Label, one_tab
from trassa.solutions.actions import apply, apply_with_required, export_local
from trassa.solutions.errors import PackInvalid
from trassa.solutions.queries import installed_configuration, plan, read_pack

pytestmark = pytest.mark.django_db

CAR, MECHANIC = "types/car.yaml", "roles/mechanic.yaml"
CARDS = """\
cards:
  - code: bench
    label: {ru: Верстак, en: Bench}
    roles: [mechanic]
    stages: [repair.new]
    tabs:
      - tab: main
        sections: [{label: {ru: Работа, en: Work}, fields: [status, owner]}]
"""
PLACE = """\
place:
  start: board.repair
  menu:
    - {code: work, label: {ru: Работа, en: Work}, entries: [board.repair]}
  hidden: [people]
  labels:
    board.repair: {ru: Мой ремонт, en: My repairs}
grants:
"""
WITH_CARDS = edited(CAR, "  list:", indent(CARDS, "  ") + "  list:")
WITH_PLACE = edited(MECHANIC, "grants:\n", PLACE)
NEXT = GARAGE["pack.yaml"].replace("1.0.0", "1.1.0")


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    folder = write_pack(tmp_path / "garage", types_car=WITH_CARDS, roles_mechanic=WITH_PLACE)
    apply(plan(folder), actor_id=None)
    return folder


def bench() -> CardSection:
    [card] = current_generation().types["car"].layouts.cards
    return card.sections[0]


def test_a_pack_brings_them_and_a_second_plan_is_empty(garage: Path) -> None:
    spec, role = current_generation().types["car"], get_role("mechanic")
    [card] = spec.layouts.cards
    assert card.role_ids == (role.id,)
    assert card.stage_ids == (spec.pipelines[0].get_stage("new").id,)
    assert bench().fields == ("status", "owner")
    place = place_of_role(role.id)
    assert (place.start, place.menu[0].entries, place.hidden) == (
        "board.repair",
        ("board.repair",),
        ("people",),
    )
    assert place.labels["board.repair"]["en"] == "My repairs"
    assert plan(garage).is_empty


def test_what_was_changed_here_and_by_the_pack_come_together(garage: Path) -> None:
    role = get_role("mechanic")
    menu = (MenuGroup("work", {"ru": "Работа", "en": "Work"}, ("board.repair", "list.car")),)
    labels = place_of_role(role.id).labels
    save_place(role, PlaceSpec("list.car", menu, ("people",), labels), actor_id=None)
    newer = WITH_PLACE.replace("hidden: [people]", "hidden: [people, departments]")
    write_pack(garage, pack=NEXT, types_car=WITH_CARDS, roles_mechanic=newer)
    apply(plan(garage), actor_id=None)
    place = place_of_role(role.id)
    assert place.start == "list.car"
    assert place.menu[0].entries == ("board.repair", "list.car")
    assert place.hidden == ("people", "departments")


def test_a_layout_that_the_pack_gives_up_goes_unless_it_was_changed_here(garage: Path) -> None:
    write_pack(garage, pack=NEXT, roles_mechanic=WITH_PLACE)
    planned = plan(garage)
    assert [step.words for step in planned.steps] == ["change the layout of car: layout.cards.bench"]
    section = CardSection(Label("Работа", "Work"), ("status", "owner", "price"))
    draft = CardDraft(
        "bench", Label("Верстак", "Bench"), one_tab(section), ("mechanic",), (("repair", "new"),)
    )
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_cards("car", [draft])
    apply(plan(garage), actor_id=None)
    assert bench().fields == ("status", "owner", "price")


def test_own_changes_come_out_the_same_on_another_installation(tmp_path: Path) -> None:
    with transaction.atomic():
        apply_with_required("auto", actor_id=None)
        role = get_role("employee")
        place = place_of_role(role.id)
        group = MenuGroup("x_more", {"ru": "Ещё"}, ("list.site",))
        changed = PlaceSpec("list.car", (*place.menu, group), ("list.channel",), place.labels, 5)
        save_place(role, changed, actor_id=None)
        section = CardSection(Label("Кузов", "Body"), ("vin", "owner"))
        draft = CardDraft("x_body", Label("Кузов", "Body"), one_tab(section), ("employee",))
        with changing_schema(actor_id=None, cause={}) as change:
            change.save_cards("car", [draft])
        export_local(tmp_path / "own")
        here = installed_configuration()
        transaction.set_rollback(True)
    told = yaml.safe_load((tmp_path / "own/extends/roles/employee.yaml").read_text())
    assert told["place"]["hidden"] == ["list.channel"]
    assert told["place"]["menu"][-1] == {"code": "x_more", "label": {"ru": "Ещё"}, "entries": ["list.site"]}
    apply_with_required(tmp_path / "own", actor_id=None)
    assert installed_configuration() == here


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"types_car": WITH_CARDS.replace("[mechanic]", "[nobody]")}, "There is no role “nobody”"),
        ({"types_car": WITH_CARDS.replace("repair.new", "repair.old")}, "There is no stage “repair.old”"),
        (
            {"types_car": WITH_CARDS.replace("[status, owner]", "[status, colour]")},
            "There is no field “colour”",
        ),
        (
            {"types_car": WITH_CARDS.replace("    roles: [mechanic]\n      stages: [repair.new]\n  ", "")},
            "for which roles or stages",
        ),
        ({"roles_mechanic": WITH_PLACE.replace("[board.repair]", "[board.sales]")}, "no pipeline “sales”"),
        ({"roles_mechanic": WITH_PLACE.replace("start: board.repair", "start: //evil")}, "must match"),
    ],
)
def test_what_refers_to_nothing_is_named_with_its_line(
    tmp_path: Path, changed: dict[str, str], fault: str
) -> None:
    with pytest.raises(PackInvalid) as refusal:
        read_pack(write_pack(tmp_path, **changed))
    [problem] = refusal.value.problems
    assert fault in problem.message
    assert problem.line > 1


def test_what_is_retired_leaves_places_and_layouts(garage: Path) -> None:
    write_pack(garage, pack=NEXT, types_car=WITH_CARDS, roles_mechanic=WITH_PLACE)
    (garage / "retired.yaml").write_text("- {role: mechanic}\n", encoding="utf-8")
    apply(plan(garage), actor_id=None)
    here = installed_configuration()
    assert [type.layout.cards for type in here.types] == [()]
    assert plan(garage).is_empty
