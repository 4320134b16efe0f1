"""A faulty pack is refused with every fault named by file and line, and with what to do."""

from pathlib import Path

import pytest
from tests.factories.packs import GARAGE, edited, write_pack

from trassa.kernel import NotFound
from trassa.solutions.errors import PackInvalid
from trassa.solutions.reader import read_pack

CAR = "types/car.yaml"


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(PackInvalid) as refusal:
        read_pack(folder)
    return [str(problem) for problem in refusal.value.problems]


def test_a_right_pack_is_read_whole(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    assert pack.code == "garage"
    assert [field.code for field in pack.configuration.types[0].fields][:2] == ["make", "model"]
    assert pack.configuration.pipelines[0].stages[1].requires == ("price",)
    assert pack.configuration.roles[0].grants[0].verbs == ("see", "edit")


def test_a_folder_that_is_no_pack_names_the_packs_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="auto, consignment"):
        read_pack(tmp_path)


def test_an_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=GARAGE[CAR] + "colour: red\n")
    assert problems_of(tmp_path) == [
        "types/car.yaml:24: “colour” is not known here; check the spelling or remove it."
    ]


def test_a_missing_label_points_at_its_field(tmp_path: Path) -> None:
    write_pack(
        tmp_path,
        types_car=edited(
            CAR, "{code: model, kind: text, label: {ru: Модель, en: Model}}", "{code: model, kind: text}"
        ),
    )
    assert problems_of(tmp_path) == ["types/car.yaml:8: “label” is missing; add it."]


def test_a_wrong_kind_lists_the_kinds(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=edited(CAR, "kind: vin", "kind: vun"))
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("types/car.yaml:9: There is no field kind “vun”; known: ")
    assert "auto_number, boolean," in problem


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kind: lookup, shows: seller.phone", "There is no link “seller”; known: —."),
        ("kind: lookup", "There is no link “”; known: —."),
        ("kind: text, shows: seller.phone", "Only a lookup shows the field of a linked record; remove it."),
    ],
)
def test_a_lookup_must_show_what_there_is(tmp_path: Path, line: str, expected: str) -> None:
    write_pack(tmp_path, types_car=edited(CAR, "code: model, kind: text", f"code: model, {line}"))
    assert problems_of(tmp_path) == [f"types/car.yaml:8: {expected}"]


TABS = """
  card:
    - tab: main
      label: {ru: Главное, en: Main}
      sections:
        - fields: [make, modell]
    - tab: main
      sections:
        - fields: [price, make]
          columns: 3
"""


def test_faults_of_tabs_are_named_with_their_lines(tmp_path: Path) -> None:
    flat = """
  card:
    - label: {ru: Главное, en: Main}
      fields: [make, model, price]
"""
    write_pack(tmp_path, types_car=edited(CAR, flat, TABS))
    [problem] = problems_of(tmp_path)
    assert problem == "types/car.yaml:27: “columns” must be one of: 1 or 2."
    write_pack(tmp_path, types_car=edited(CAR, flat, TABS.replace("columns: 3", "columns: 2")))
    first, second, third, fourth = problems_of(tmp_path)
    assert first.startswith("types/car.yaml:23: There is no field “modell”; known: ")
    assert second == "types/car.yaml:24: The code “main” is used twice; give one of them another."
    assert third == "types/car.yaml:24: “label” is missing; add it."
    assert fourth == "types/car.yaml:26: “make” already stands on the card; remove one of them."


def test_a_fault_in_a_card_without_tabs_is_named_with_its_line(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=edited(CAR, "fields: [make, model, price]", "fields: [make, modell]"))
    [problem] = problems_of(tmp_path)
    assert problem.startswith("types/car.yaml:21: There is no field “modell”; known: ")


def test_a_reserved_code_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    write_pack(
        tmp_path,
        types_car=edited(CAR, "code: model", "code: title")
        .replace("{make} {model}", "{make}")
        .replace("[make, model, price]", "[make]"),
    )
    assert problems_of(tmp_path) == ["types/car.yaml:8: The code “title” is reserved; choose another one."]


def test_a_stage_that_requires_an_unknown_field_is_found(tmp_path: Path) -> None:
    write_pack(
        tmp_path, pipelines_repair=edited("pipelines/repair.yaml", "requires: [price]", "requires: [cost]")
    )
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("pipelines/repair.yaml:10: There is no field “cost”")


def test_a_grant_on_an_unknown_stage_is_found(tmp_path: Path) -> None:
    write_pack(tmp_path, roles_mechanic=edited("roles/mechanic.yaml", "stage: new", "stage: old"))
    assert problems_of(tmp_path) == [
        "roles/mechanic.yaml:5: There is no stage “old”; known: done, lost, new."
    ]


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    write_pack(tmp_path, pack=GARAGE["pack.yaml"] + "version: 2.0.0\n")
    assert problems_of(tmp_path) == ["pack.yaml:4: “version” stands twice here; keep one of them."]


def test_broken_yaml_names_the_line(tmp_path: Path) -> None:
    write_pack(tmp_path, departments="- {code: office, name: [Офис}\n")
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("departments.yaml:1: This is not YAML")


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    write_pack(
        tmp_path,
        departments=edited("departments.yaml", "parent: office", "parent: roof"),
        roles_mechanic=edited("roles/mechanic.yaml", "type: car, verbs", "type: cart, verbs"),
    )
    assert [problem.split(":")[0] for problem in problems_of(tmp_path)] == [
        "departments.yaml",
        "roles/mechanic.yaml",
    ]


def test_words_that_old_yaml_takes_for_booleans_stay_words(tmp_path: Path) -> None:
    write_pack(tmp_path, types_car=edited(CAR, "code: sold", "code: off"))
    options = read_pack(tmp_path).configuration.types[0].fields[-1].options
    assert options[1].code == "off"


def test_a_file_is_named_after_its_code(tmp_path: Path) -> None:
    write_pack(tmp_path, roles_mechanic=edited("roles/mechanic.yaml", "code: mechanic", "code: painter"))
    assert problems_of(tmp_path) == [
        "roles/mechanic.yaml:1: The code “painter” and the file's name differ; rename one of them."
    ]


def test_a_pack_that_requires_an_absent_one_says_so(tmp_path: Path) -> None:
    write_pack(tmp_path, pack=GARAGE["pack.yaml"] + "requires: [spaceport]\n")
    assert problems_of(tmp_path) == [
        "pack.yaml:4: The required pack “spaceport” is not installed in this distribution."
    ]


def test_references_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    with pytest.raises(PackInvalid, match=r"pack\.yaml:1: References"):
        read_pack(write_pack(tmp_path, pack="\n".join(lines)))


def test_a_file_that_contains_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="References"):
        read_pack(write_pack(tmp_path, pack="code: &a [*a]\n"))


def test_files_that_are_too_deep_or_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match=r"pack\.yaml:2: Things lie too deep"):
        read_pack(write_pack(tmp_path, pack="code: a\nlabel: " + "[" * 100_000))
    with pytest.raises(PackInvalid, match="larger than 4 MB"):
        read_pack(write_pack(tmp_path, pack="code: a\n" + "# long\n" * 700_000))
