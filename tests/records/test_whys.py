"""The page that answers why somebody can or cannot do something with a record."""

import pytest
from django.test import Client
from tests.databases import Lay
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team

from trassa.people.actions import dismiss_person


@pytest.fixture(scope="module")
def built(lay: Lay) -> tuple[Team, int]:
    def build() -> tuple[Team, int]:
        make_garage()
        team = make_team()
        return team, create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "5"})

    return lay(build)


@pytest.fixture
def team(db: None, built: tuple[Team, int]) -> Team:
    return built[0]


@pytest.fixture
def deal(built: tuple[Team, int]) -> int:
    return built[1]


@pytest.fixture
def page(team: Team, client: Client) -> Client:
    client.force_login(team.administrator)
    return client


def ask(page: Client, **asked: object) -> str:
    response = page.get("/why", {name: str(value) for name, value in asked.items()})
    assert response.status_code == 200
    return response.content.decode()


def test_the_answer_names_the_role_and_leads_to_it(page: Client, team: Team, deal: int) -> None:
    text = ask(page, person=team.seller.id, record=f"https://crm.example/r/deal/{deal}/?tab=x")
    assert "Seller может видеть" in text
    assert "Роль «Seller» разрешает видеть свои записи" in text
    assert 'href="/roles/seller/"' in text


def test_the_panel_in_an_address_names_the_record_too(page: Client, team: Team, deal: int) -> None:
    text = ask(page, person=team.seller.id, record=f"https://crm.example/p/sales/?panel=/r/deal/{deal}/")
    assert "Seller может видеть" in text


def test_what_is_missing_is_said(page: Client, team: Team, deal: int) -> None:
    text = ask(page, person=team.other_seller.id, record=f"deal/{deal}", verb="edit")
    assert "Seller2 не может менять" in text
    assert "не ответственный" in text or "не участвует" in text


def test_a_restricted_field_has_an_answer_of_its_own(page: Client, team: Team, deal: int) -> None:
    car = create("car", fields={"make": "УАЗ"})
    asked = {"record": f"car/{car}", "field": "floor_price"}
    assert "Seller не может видеть поле «Минимальная цена»" in ask(page, person=team.seller.id, **asked)
    assert "Head может видеть поле «Минимальная цена»" in ask(page, person=team.head.id, **asked)


def test_a_dismissed_person_can_do_nothing_whatever_their_roles(page: Client, team: Team, deal: int) -> None:
    dismiss_person(team.seller, actor_id=None)
    text = ask(page, person=team.seller.id, record=f"deal/{deal}")
    assert "Seller не может видеть" in text
    assert "уволен" in text


def test_a_wrong_address_is_explained_and_stays_in_the_form(page: Client, team: Team) -> None:
    text = ask(page, person=team.seller.id, record="что-то не то")
    assert "Вставьте адрес карточки" in text
    assert 'value="что-то не то"' in text
    assert "Такой записи нет" in ask(page, person=team.seller.id, record="deal/999999999")


def test_only_administrators_find_it_in_the_menu_of_a_card(page: Client, team: Team, deal: int) -> None:
    assert f"/why?record=deal/{deal}" in page.get(f"/r/deal/{deal}/").content.decode()
    page.force_login(team.seller)
    assert "/why" not in page.get(f"/r/deal/{deal}/").content.decode()
