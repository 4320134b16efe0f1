"""Expressions through the API: conditions of lists, checking, computing; and whose rights apply."""

from typing import Any

import pytest
from tests.factories.api import ApiClient
from tests.factories.records import create
from tests.factories.team import Team


@pytest.fixture
def deals(team: Team) -> list[int]:
    """The seller's deals over 0, 10, … 50, and one without an amount; cars cost a hundred times as much."""
    actor = team.actor("seller")
    found = []
    for amount in [*range(0, 60, 10), None]:
        car = create("car", fields={"make": "Lada", "price": None if amount is None else str(amount * 100)})
        client = create("contact", fields={"name": f"Иванов {amount}"})
        fields = {"amount": amount if amount is None else str(amount), "car": car, "client": client}
        found.append(create("deal", actor=actor, fields=fields))
    return found


def places(response: Any, deals: list[int]) -> list[int]:
    assert response.status_code == 200, response.content.decode()
    return sorted(deals.index(item["id"]) for item in response.json()["items"])


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("сумма >= 30", [3, 4, 5]),
        ("amount < 10", [0, 6]),
        ("ПУСТО(сумма)", [6]),
        ("сумма = 0", [0, 6]),
        ("amount > 10 AND amount < 40", [2, 3]),
        ("автомобиль.цена >= 4000", [4, 5]),
        ("сумма * 100 <> автомобиль.цена", []),
        ("клиент.имя = \"иванов 20\"", [2]),
        ("СОДЕРЖИТ(клиент.имя; \"0\")", [0, 1, 2, 3, 4, 5]),
        ("источник = \"Звонок\"", [0, 1, 2, 3, 4, 5, 6]),
        ("источник = «Авито»", []),
        ("ответственный = Я()", [0, 1, 2, 3, 4, 5, 6]),
        ("created_at >= TODAY() AND created_at < TODAY() + 1", [0, 1, 2, 3, 4, 5, 6]),
        ("стадия = \"Новая\" И сумма = 50", [5]),
        ("1 / сумма > 0,04", [1, 2]),
        ("НЕ(сумма > 20)", [0, 1, 2, 6]),
        ("СЧЁТ(автомобиль.сделки) = 1", [0, 1, 2, 3, 4, 5, 6]),
        ("СУММ(клиент.сделки.сумма; клиент.сделки.сумма > 30) > 0", [4, 5]),
    ],
)  # fmt: skip
def test_a_list_and_a_board_are_limited_by_a_condition(
    where: str, expected: list[int], seller: ApiClient, deals: list[int]
) -> None:
    assert places(seller.get("records/deal", where=where), deals) == expected
    board = seller.get("pipelines/sales/board", where=where).json()
    assert sorted(deals.index(item["id"]) for stage in board["stages"] for item in stage["items"]) == expected
    assert sum(stage["count"] for stage in board["stages"]) == len(expected)


def test_a_condition_goes_together_with_filters_order_and_pages(seller: ApiClient, deals: list[int]) -> None:
    asked = {"where": "сумма > 0", "amount__lte": "40", "order": "-amount", "limit": "2"}
    first = seller.get("records/deal", **asked).json()
    assert [deals.index(item["id"]) for item in first["items"]] == [4, 3]
    second = seller.get("records/deal", **asked, cursor=first["next"]).json()
    assert [deals.index(item["id"]) for item in second["items"]] == [2, 1]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("ценна > 1", "unknown_field"),
        ("amount +", "unfinished"),
        ("amount + 1", "kind"),
        ("АННУИТЕТ(сумма; 10%; 12) > 5", "not_in_filter"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_explained(where: str, code: str, seller: ApiClient) -> None:
    response = seller.get("records/deal", where=where)
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert (error["field"], error["code"]) == ("where", code)


def test_a_masked_field_is_an_unknown_one(seller: ApiClient, head: ApiClient, deals: list[int]) -> None:
    asked = {"where": "floor_price > 1"}
    assert seller.get("records/car", **asked).status_code == 422
    assert head.get("records/car", **asked).status_code == 200
    answer = seller.post(
        "expressions/check", {"type": "deal", "text": "автомобиль.[Минимальная цена]"}
    ).json()
    assert answer["errors"][0]["code"] == "unknown_field"
    assert "Минимальная" not in answer["errors"][0]["suggestion"]


def test_links_lead_only_to_records_within_reach(
    team: Team, seller: ApiClient, other_seller: ApiClient, head: ApiClient
) -> None:
    """Each seller sees the shared car, but counts and adds up only deals of their own."""
    car = create("car", fields={"make": "Lada"})
    create("deal", actor=team.actor("seller"), fields={"amount": "10", "car": car})
    create("deal", actor=team.actor("other_seller"), fields={"amount": "7", "car": car})
    text = "СУММ(сделки.сумма)"
    for client, total in ((seller, "10"), (other_seller, "7"), (head, "17")):
        found = client.get("records/car", where=f"{text} = {total}").json()["items"]
        assert [item["id"] for item in found] == [car]
        value = client.post("expressions/evaluate", {"type": "car", "id": car, "text": text}).json()["value"]
        assert value.partition(".")[0] == total


def test_a_text_is_checked_with_both_languages_and_the_tree_to_store(seller: ApiClient) -> None:
    text = "ОКРУГЛ(сумма / автомобиль.цена * 100; 2)"
    answer = seller.post("expressions/check", {"type": "deal", "text": text}).json()
    assert answer["ok"]
    assert answer["kind"] == "number"
    assert answer["ru"] == "ОКРУГЛ(Сумма / Автомобиль.Цена * 100; 2)"
    assert answer["en"] == "ROUND(Amount / Car.Price * 100, 2)"
    assert answer["codes"] == "ROUND(amount / car.price * 100, 2)"
    assert answer["tree"]["call"] == "round"
    again = seller.post("expressions/check", {"type": "deal", "text": answer["en"]}).json()
    assert again["tree"] == answer["tree"]


def test_a_fault_is_told_with_its_place_and_a_suggestion(seller: ApiClient) -> None:
    answer = seller.post("expressions/check", {"type": "deal", "text": "2 * сума"}).json()
    assert not answer["ok"]
    [error] = answer["errors"]
    assert (error["start"], error["end"], error["suggestion"]) == (4, 8, "Сумма")
    assert error["message"] == "Нет поля «сума», есть «Сумма»."


def test_a_value_is_unfolded_step_by_step(seller: ApiClient, deals: list[int]) -> None:
    body = {"type": "deal", "id": deals[2], "text": "ЕСЛИ(сумма > 5; сумма * 2 + автомобиль.цена; 0)"}
    answer = seller.post("expressions/evaluate", body).json()
    assert answer["value"].partition(".")[0] == "2040"
    condition, yes = answer["explain"]["parts"]
    assert (condition["text"], condition["value"]) == ("Сумма > 5", True)
    assert [part["text"] for part in yes["parts"]] == ["Сумма * 2", "Автомобиль.Цена"]
    assert yes["parts"][1]["value"] == "2000.00"


def test_a_mistake_in_the_data_is_a_value(seller: ApiClient, deals: list[int]) -> None:
    body = {"type": "deal", "id": deals[0], "text": "1 / сумма"}
    answer = seller.post("expressions/evaluate", body).json()
    assert (answer["value"], answer["error"]) == (None, "#ДЕЛ/0!")


def test_an_expression_about_an_unseen_record_or_type_finds_nothing(
    other_seller: ApiClient, newcomer: ApiClient, deals: list[int]
) -> None:
    body = {"type": "deal", "id": deals[0], "text": "сумма"}
    assert other_seller.post("expressions/evaluate", body).status_code == 404
    assert newcomer.post("expressions/check", {"type": "deal", "text": "1"}).status_code == 404
