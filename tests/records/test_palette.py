"""What the command palette offers: as much as somebody may open, found by words of both languages."""

import pytest
from django.test import Client
from pytest_django import Settings
from tests.databases import Lay
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team

from trassa.ui import Command
from trassa.ui.palette import fitting, rank_of


@pytest.fixture(scope="module")
def built(lay: Lay) -> tuple[Team, int, int]:
    def build() -> tuple[Team, int, int]:
        make_garage()
        team = make_team()
        contact = create("contact", fields={"name": "Палитров Игорь"})
        mine = create("deal", pipeline="sales", owner=team.seller.id, fields={"client": contact})
        return team, mine, create("deal", pipeline="sales", owner=team.other_seller.id)

    return lay(build)


@pytest.fixture
def team(db: None, built: tuple[Team, int, int], settings: Settings) -> Team:
    settings.ROOT_URLCONF = "trassa.config.urls"
    return built[0]


def ask(client: Client, **sent: object) -> str:
    return client.post("/palette", sent, headers={"HX-Request": "true"}).content.decode()


def test_without_a_text_there_is_everything_that_the_person_may_do(team: Team, client: Client) -> None:
    client.force_login(team.seller)
    shown = ask(client)
    for key in ("board.sales", "list.car", "list.deal", "create.deal.sales", "theme.dark", "exports"):
        assert f'data-command="{key}"' in shown
    assert 'data-command="roles"' not in shown
    client.force_login(team.newcomer)
    shown = ask(client)
    assert "board." not in shown
    assert 'data-command="create.deal' not in shown
    assert 'data-command="create.task"' in shown
    assert 'data-command="password"' in shown


def test_what_was_chosen_lately_comes_first_as_far_as_it_is_in_sight(
    team: Team, client: Client, built: tuple[Team, int, int]
) -> None:
    _team, mine, others = built
    client.force_login(team.seller)
    keys = [f"record.deal.{others}", f"record.deal.{mine}", "record.deal.zero", "list.car", "roles"]
    shown = ask(client, recent=keys)
    first, second = f'data-command="record.deal.{mine}"', 'data-command="list.car"'
    assert shown.index("Недавнее") < shown.index(first) < shown.index(second) < shown.index("Перейти")
    assert shown.count(second) == 1
    assert f"record.deal.{others}" not in shown


def test_records_are_found_beside_commands(team: Team, client: Client, built: tuple[Team, int, int]) -> None:
    client.force_login(team.seller)
    shown = ask(client, q="палитров")
    assert f'data-command="record.deal.{built[1]}"' in shown
    assert "<mark>Палитров</mark>" in shown


def test_buttons_of_the_page_are_offered_by_their_names(team: Team, client: Client) -> None:
    client.force_login(team.seller)
    shown = ask(
        client,
        q="показ",
        press=["В корзину", "На стадию «Показ»"],
        of=["Сделка", "Сделка"],
        words=["bin", "move"],
    )
    assert 'data-press="1"' in shown
    assert 'data-press="0"' not in shown
    assert 'data-press="0"' in ask(client, q="bin", press=["В корзину"], of=["Сделка"], words=["bin"])
    assert "<script" not in ask(client, q="", press=["<script>"], of=[""], words=[""])


def test_those_who_look_as_somebody_use_it_and_change_nothing_by_it(team: Team, client: Client) -> None:
    client.force_login(team.administrator)
    client.post(f"/people/{team.seller.id}/look")
    assert 'data-command="board.sales"' in ask(client)
    assert 'data-command="roles"' not in ask(client)
    assert client.post("/settings/place", {"pin": "list.car"}).status_code == 403


def test_beginnings_come_before_parts_and_all_words_count() -> None:
    car = Command("car", "Автомобили", "Перейти", hint="Данные", words=("Cars",))
    new = Command("new", "Автомобиль", "Создать", words=("Car", "Create"))
    deals = Command("deals", "Сделки с автомобилями", "Перейти")
    assert [rank_of(each, ["автом"]) for each in (car, new, deals)] == [3, 3, 2]
    assert rank_of(car, ["мобили"]) == 1
    assert [each.key for each in fitting([deals, car, new], "создать авто", [])] == ["new"]
    assert fitting([deals, car, new], "car", ["new"])[0].key == "new"
    assert [each.key for each in fitting([deals, car, new], "cltkrb", [])] == ["deals"]
    assert fitting([deals, car, new], "zzz", []) == []
