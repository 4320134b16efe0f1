"""Search through the API."""

from tests.factories.api import ApiClient, errors_of
from tests.factories.records import create
from tests.factories.team import Team


def test_search_finds_words_and_pieces_of_a_vin(admin: ApiClient) -> None:
    contact = create("contact", fields={"name": "Белова Анна"})
    car = create("car", fields={"make": "Lada", "vin": "XTA210990Y2766389"})
    hit = admin.get("search", q="белова").json()["items"][0]
    assert (hit["id"], hit["type"], hit["title"]) == (contact, "contact", "Белова Анна")
    assert [hit["id"] for hit in admin.get("search", q="2766389").json()["items"]] == [car]


def test_search_gives_nothing_away(seller: ApiClient, team: Team, newcomer: ApiClient) -> None:
    client = create("contact", fields={"name": "Ромашкин"})
    create("deal", actor=team.actor("other_seller"), fields={"client": client})
    assert {hit["type"] for hit in seller.get("search", q="ромашкин").json()["items"]} == {"contact"}
    assert newcomer.get("search", q="ромашкин").json()["items"] == []


def test_a_masked_word_finds_nothing(seller: ApiClient, admin: ApiClient) -> None:
    car = create("car", fields={"make": "Lada", "note": "залог"})
    assert seller.get("search", q="залог").json()["items"] == []
    assert [hit["id"] for hit in admin.get("search", q="залог").json()["items"]] == [car]


def test_search_says_what_it_searched_instead(admin: ApiClient) -> None:
    contact = create("contact", fields={"name": "Белова Анна"})
    answer = admin.get("search", q=",tkjdf").json()
    assert (answer["instead"], [hit["id"] for hit in answer["items"]]) == ("белова", [contact])
    assert admin.get("search", q="белова").json()["instead"] is None


def test_search_needs_words(admin: ApiClient) -> None:
    assert errors_of(admin.get("search")) == {"q": "required"}
    assert set(errors_of(admin.get("search", q=""))) == {"q"}
    assert set(errors_of(admin.get("search", q="a", limit="51"))) == {"limit"}
