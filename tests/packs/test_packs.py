"""The packs in the box are complete, apply cleanly and come back unchanged from an export."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trassa.solutions.actions import export
from trassa.solutions.format import Configuration, Entry, Words
from trassa.solutions.queries import list_packs, plan, read_pack

PACKS = ("auto", "consignment")
TYPES = {
    "contact",
    "company",
    "inquiry",
    "channel",
    "car",
    "site",
    "deal",
    "diagnostics",
    "detailing",
    "detailing_work",
    "contract",
    "catalogue_card",
}
LOGINS = [
    "admin",
    "director",
    "head",
    "seller1",
    "seller2",
    "buyer",
    "detailer",
    "photographer",
    "lawyer",
    "accountant",
    "security",
    "reception",
]


def labels(entry: object) -> Iterator[Words]:
    """Every label inside a configuration."""
    if isinstance(entry, Words):
        yield entry
    elif isinstance(entry, Entry):
        for name in type(entry).model_fields:
            yield from labels(getattr(entry, name))
    elif isinstance(entry, tuple):
        for item in entry:
            yield from labels(item)


def test_the_packs_in_the_box_are_known() -> None:
    assert [pack.code for pack in list_packs()] == list(PACKS)


@pytest.mark.parametrize("code", PACKS)
def test_every_label_is_there_in_russian_and_english(code: str) -> None:
    pack = read_pack(code)
    missing = [label.ru for label in labels(pack.configuration) if not label.en]
    assert not missing
    assert pack.about.label.en


def test_codes_are_the_ones_that_the_api_promises() -> None:
    types = {entry.code for code in PACKS for entry in read_pack(code).configuration.types}
    assert types == TYPES
    pipelines = {entry.code: entry.label.ru for entry in read_pack("consignment").configuration.pipelines}
    assert pipelines == {"sales": "Продажа", "buyout": "Выкуп", "consignment": "Приём на комиссию"}


def test_every_pipeline_can_be_won_and_lost_with_a_reason() -> None:
    for pipeline in read_pack("consignment").configuration.pipelines:
        meanings = [stage.meaning for stage in pipeline.stages]
        assert meanings[0] == "open"
        assert {"won", "lost"} <= set(meanings)
        assert all(stage.reason == (stage.meaning == "lost") for stage in pipeline.stages)
        assert len(pipeline.reasons) >= 5


def test_every_stage_can_be_left_and_reached() -> None:
    for pipeline in read_pack("consignment").configuration.pipelines:
        everyone = {stage.code for stage in pipeline.stages}
        reached = {code for stage in pipeline.stages for code in (stage.next or everyone - {stage.code})}
        assert reached == everyone


def test_every_field_stands_on_the_card_once() -> None:
    for code in PACKS:
        for entry in read_pack(code).configuration.types:
            shown = [name for tab in entry.layout.card for section in tab.sections for name in section.fields]
            assert len(shown) == len(set(shown)), entry.code
            assert {field.code for field in entry.fields} <= set(shown), entry.code


def test_the_demo_company_has_twelve_people_in_four_departments() -> None:
    auto = read_pack("auto")
    people = auto.people.people
    assert [person.login for person in people] == LOGINS
    assert {person.department for person in people} == {
        entry.code for entry in auto.configuration.departments
    }
    assert len(auto.configuration.departments) == 4
    assert {person.login for person in read_pack("consignment").people.people} == {
        person.login for person in people if person.login != "admin"
    }


@pytest.mark.usefixtures("consignment")
@pytest.mark.parametrize("code", PACKS)
def test_an_exported_pack_plans_without_difference(code: str, tmp_path: Path) -> None:
    export(tmp_path, pack=code)
    made = plan(tmp_path)
    assert (made.steps, made.notes, made.conflicts) == ((), (), ())


@pytest.mark.usefixtures("consignment")
def test_the_whole_configuration_exports_as_one_pack(tmp_path: Path) -> None:
    export(tmp_path, code="everything")
    whole = read_pack(tmp_path).configuration
    assert isinstance(whole, Configuration)
    assert {entry.code for entry in whole.types} == TYPES
    assert plan(tmp_path).is_empty


def test_values_of_their_own_kind_are_no_texts() -> None:
    """Plates, registration numbers, addresses and sites are checked, found by their keys and clicked."""
    kinds = {
        f"{entry.code}.{field.code}": field.kind
        for code in PACKS
        for entry in read_pack(code).configuration.types
        for field in entry.fields
    }
    for place, kind in kinds.items():
        code = place.rpartition(".")[2]
        expected = {
            "kpp": "kpp",
            "ogrn": "ogrn",
            "plate": "plate",
            "vin": "vin",
            "inn": "inn",
            "website": "url",
        }
        if code in expected:
            assert kind == expected[code], place
        if code.endswith("address"):
            assert kind == "address", place


def test_cars_have_owners_over_time() -> None:
    car = next(entry for entry in read_pack("auto").configuration.types if entry.code == "car")
    owners = next(field for field in car.fields if field.code == "owners")
    assert (owners.kind, owners.target, owners.settings) == ("dated_link", "contact", {"exclusive": True})
