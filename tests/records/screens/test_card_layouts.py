"""Layouts of cards for roles and stages: what they show, and how administrators make them."""

import pytest
from django.test import Client
from pytest_django import Settings
from tests.databases import Lay
from tests.factories.records import create, make_garage
from tests.factories.team import Team, make_team

from trassa.journal import Stream, list_entries
from trassa.schema.actions import CardDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import CardLayout, CardSection, Label, TypeSpec, one_tab


@pytest.fixture(scope="module")
def built(lay: Lay) -> tuple[Team, int]:
    def build() -> tuple[Team, int]:
        make_garage()
        return make_team(), create("car", fields={"make": "Lada", "floor_price": "4815162342"})

    return lay(build)


@pytest.fixture
def team(db: None, built: tuple[Team, int], settings: Settings) -> Team:
    settings.ROOT_URLCONF = "trassa.config.urls"
    return built[0]


def spec(code: str) -> TypeSpec:
    return current_generation().types[code]


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


FORM = {
    "words.layout.ru": "Коротко",
    "row": ["tab:main", "section:1", "field:amount", "field:owner", "section:2", "out", "field:client"],
    "words.section.1.ru": "Деньги",
    "columns.section.1": "1",
    "roles": ["seller"],
    "stages": ["sales.new"],
}


def layouts() -> tuple[CardLayout, ...]:
    return spec("deal").layouts.cards


def test_a_masked_field_stays_masked_and_the_rest_stays_reachable(
    team: Team, client: Client, built: tuple[Team, int]
) -> None:
    section = CardSection(Label("Цена", "Price"), ("floor_price",))
    draft = CardDraft("price", Label("Цена"), one_tab(section), roles=("seller", "head"))
    with changing_schema(actor_id=None, cause={}) as change:
        change.save_cards("car", [draft])
    client.force_login(team.seller)
    card = shown(client, f"/r/car/{built[1]}/")
    assert "floor_price" not in card
    assert "4815162342" not in card.replace("\xa0", "")
    assert "Lada" in card
    client.force_login(team.head)
    card = shown(client, f"/r/car/{built[1]}/")
    assert (
        card.index('data-field="floor_price"') < card.index("Другие поля") < card.index('data-field="make"')
    )


def test_the_form_makes_a_layout_and_changes_it(team: Team, client: Client) -> None:
    client.force_login(team.administrator)
    assert client.post("/card-layouts/deal/new/", FORM)["Location"] == "/card-layouts/deal/"
    [made] = layouts()
    assert (made.code, str(made.label.ru), made.rank) == ("x_card1", "Коротко", 3)
    assert made.tabs == one_tab(CardSection(Label("Деньги"), ("amount", "owner"), columns=1))
    entry = list_entries(Stream("type", spec("deal").id), only=("layout",), limit=1)[0]
    assert entry.actor_id == team.administrator.id
    client.post("/card-layouts/deal/x_card1/", FORM | {"words.layout.ru": "Короче", "stages": []})
    [changed] = layouts()
    assert (changed.code, changed.label.ru, changed.rank) == ("x_card1", "Короче", 2)
    form = shown(client, "/card-layouts/deal/x_card1/")
    assert form.index("field:amount") < form.index('value="out"') < form.index("field:client")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"roles": [], "stages": []}, "для каких ролей или стадий"),
        ({"words.layout.ru": ""}, "название по-русски"),
        ({"stages": ["sales.absent"]}, "стадии, которой у этого типа нет"),
    ],
)
def test_a_form_with_a_fault_keeps_what_was_said(
    team: Team, client: Client, changed: dict[str, object], fault: str
) -> None:
    client.force_login(team.administrator)
    answer = client.post("/card-layouts/deal/new/", FORM | changed)
    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert "Деньги" in answer.content.decode()
    assert layouts() == ()


def test_layouts_are_copied_ordered_explained_and_removed(team: Team, client: Client) -> None:
    client.force_login(team.administrator)
    client.post("/card-layouts/deal/new/", FORM | {"stages": []})
    assert "Коротко, копия" in shown(client, "/card-layouts/deal/new/?like=x_card1")
    client.post("/card-layouts/deal/new/", FORM | {"words.layout.ru": "Вторая", "stages": []})
    role = layouts()[0].role_ids[0]
    page = shown(client, f"/card-layouts/deal/?role={role}&stage=")
    assert "Действует: она для этой роли." in page
    assert "Подходит, но «Коротко» стоит выше." in page
    client.post("/card-layouts/deal/order", {"row": ["x_card2", "x_card1"]})
    assert [each.code for each in layouts()] == ["x_card2", "x_card1"]
    client.post("/card-layouts/deal/x_card2/remove")
    assert [each.code for each in layouts()] == ["x_card1"]
    assert "Основная карточка типа" in shown(client, "/card-layouts/deal/?role=0")


def test_the_menu_of_a_card_says_which_layout_applies_to_administrators_alone(
    team: Team, client: Client, built: tuple[Team, int]
) -> None:
    client.force_login(team.administrator)
    assert "Раскладка: основная карточка типа" in shown(client, f"/r/car/{built[1]}/")
    client.force_login(team.seller)
    assert "Раскладка:" not in shown(client, f"/r/car/{built[1]}/")
