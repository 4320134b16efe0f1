"""Two people in one dialog: both values of each field, and nothing typed is lost."""

import pytest
from tests.factories.records import create, edit, move
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.access.queries import system_actor
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation


def stored(id: int):
    return get_record(system_actor(), current_generation().types["deal"], id)


def stage_of(id: int) -> str:
    return current_generation().stages_by_id[stored(id).stage_id or 0].code


@pytest.fixture
def cars() -> list[int]:
    return [create("car", fields={"make": make}) for make in ("Kia", "Lada")]


@pytest.fixture
def carless(team: Team) -> int:
    return create("deal", pipeline="sales", owner=team.seller.id)


@pytest.fixture
def contested(team: Team, carless: int, cars: list[int]) -> int:
    """The deal without a car, to which the head gave the second one while the seller chose."""
    edit("deal", carless, actor=team.actor("head"), car=cars[1])
    return carless


def dialog(car: int | str, **more: object) -> dict[str, object]:
    return {"stage": "showing", "shown": "car", "car": car, "version": 1, **more}


def test_a_dialog_remembers_the_version_it_was_made_from(seller: Screens, carless: int) -> None:
    form = text_of(seller.post(f"/r/deal/{carless}/move", {"stage": "showing"}))
    assert 'name="version" value="1"' in form


def test_a_field_that_somebody_filled_meanwhile_is_shown_with_both_values(
    team: Team, seller: Screens, carless: int, cars: list[int]
) -> None:
    edit("deal", carless, actor=team.actor("head"), car=cars[1])
    response = seller.post(f"/r/deal/{carless}/move", dialog(cars[0]))
    assert response.status_code == 409
    form = text_of(response)
    assert "Пока вы правили, стало (Head): <b>Lada</b>" in form
    assert "Kia" in form, "what was typed stays"
    assert 'name="version" value="2"' in form
    assert (stage_of(carless), stored(carless).values["car"]) == ("new", cars[1])


@pytest.mark.parametrize(("choice", "kept"), [("mine", 0), ("theirs", 1)])
def test_either_value_may_be_kept(
    seller: Screens, contested: int, cars: list[int], choice: str, kept: int
) -> None:
    form = dialog(cars[0], version=2, **{"take-car": choice})
    assert seller.post(f"/r/deal/{contested}/move", form).status_code == 204
    assert (stage_of(contested), stored(contested).values["car"]) == ("showing", cars[kept])


def test_what_is_asked_again_keeps_the_choice_and_the_version(
    team: Team, seller: Screens, carless: int, cars: list[int]
) -> None:
    edit("deal", carless, actor=team.actor("head"), car=cars[1])
    edit("deal", carless, actor=team.actor("head"), car=None)
    form = dialog(cars[0], version=2, **{"take-car": "theirs"})
    edited_meanwhile = seller.post(f"/r/deal/{carless}/move", form)
    assert edited_meanwhile.status_code == 422, "the stage needs a car, and theirs is empty"
    again = text_of(edited_meanwhile)
    assert 'value="theirs" checked' in again
    assert "Kia" in again
    assert 'name="version" value="2"' in again


def test_another_field_changed_meanwhile_does_not_stop_the_move(
    team: Team, seller: Screens, carless: int, cars: list[int]
) -> None:
    edit("deal", carless, actor=team.actor("head"), source="avito")
    assert seller.post(f"/r/deal/{carless}/move", dialog(cars[0])).status_code == 204


def test_a_move_by_somebody_else_is_told(team: Team, seller: Screens, carless: int, cars: list[int]) -> None:
    edit("deal", carless, actor=team.actor("head"), car=cars[1])
    move("deal", carless, "lost", reason="price", actor=team.actor("head"))
    response = seller.post(f"/r/deal/{carless}/move", dialog(cars[0]))
    assert response.status_code == 409
    assert "Тем временем запись переведена на «" in text_of(response)


def test_a_masked_field_is_not_told_by_asking_for_it(
    team: Team, seller: Screens, carless: int, cars: list[int]
) -> None:
    form = dialog("", **{"take-nonsense": "theirs", "take-stage_entered_at": "mine"})
    response = seller.post(f"/r/deal/{carless}/move", form)
    assert response.status_code == 422
    assert "nonsense" not in text_of(response)


def test_a_linked_record_that_was_typed_survives_a_conflict_in_the_card(
    team: Team, seller: Screens, carless: int, cars: list[int]
) -> None:
    edit("deal", carless, actor=team.actor("head"), car=cars[1])
    form = {"car": cars[0], "version": "1"}
    response = seller.post(f"/r/deal/{carless}/fields/car/save", form)
    assert response.status_code == 409
    assert "Kia" in text_of(response)
    assert "Lada" in text_of(response)


def test_a_dragged_card_names_no_version(team: Team, seller: Screens, deal: int) -> None:
    edit("deal", deal, actor=team.actor("head"), amount="1")
    response = seller.post(f"/r/deal/{deal}/move", {"stage": "showing"})
    assert "record:moved" in news_of(response)
