"""Boards through the API."""

from typing import Any

import pytest
from tests.factories.api import ApiClient, errors_of
from tests.factories.records import create
from tests.factories.team import Team


@pytest.fixture
def deals(team: Team) -> list[int]:
    """Five new deals of the seller, each worth ten."""
    actor = team.actor("seller")
    return [create("deal", actor=actor, fields={"amount": "10"}) for _ in range(5)]


def stages(response: Any) -> dict[str, dict[str, Any]]:
    assert response.status_code == 200, response.content.decode()
    return {stage["code"]: stage for stage in response.json()["stages"]}


def test_a_board_counts_and_adds_up_every_stage(seller: ApiClient, deals: list[int]) -> None:
    board = stages(seller.get("pipelines/sales/board"))
    assert list(board) == ["new", "showing", "won", "lost"]
    assert (board["new"]["count"], board["new"]["sum"]) == (5, "50.00")
    assert (board["won"]["count"], board["won"]["items"]) == (0, [])


def test_cards_carry_what_cards_show(seller: ApiClient, deals: list[int]) -> None:
    card = stages(seller.get("pipelines/sales/board"))["new"]["items"][0]
    assert card["id"] == deals[-1]
    assert {"client", "amount"} <= set(card["fields"])
    assert "source" not in card["fields"]


def test_a_stage_goes_on_behind_its_cursor(seller: ApiClient, deals: list[int]) -> None:
    first = stages(seller.get("pipelines/sales/board", limit="2"))["new"]
    found = [item["id"] for item in first["items"]]
    following = first["next"]
    while following is not None:
        page = seller.get("pipelines/sales/board", limit="2", stage="new", cursor=following)
        assert list(stages(page)) == ["new"]
        found += [item["id"] for item in stages(page)["new"]["items"]]
        following = stages(page)["new"]["next"]
    assert found == deals[::-1]


def test_sums_may_be_left_out(seller: ApiClient, deals: list[int]) -> None:
    assert stages(seller.get("pipelines/sales/board", sums="false"))["new"]["count"] is None


def test_conditions_and_words_narrow_a_board(head: ApiClient, team: Team, deals: list[int]) -> None:
    create("deal", actor=team.actor("other_seller"), fields={"amount": "70"})
    assert stages(head.get("pipelines/sales/board"))["new"]["sum"] == "120.00"
    assert stages(head.get("pipelines/sales/board", amount__gt="50"))["new"]["count"] == 1
    mine = stages(head.get("pipelines/sales/board", owner=str(team.seller.id)))
    assert mine["new"]["count"] == 5


def test_a_seller_sees_only_their_own_cards(other_seller: ApiClient, deals: list[int]) -> None:
    board = stages(other_seller.get("pipelines/sales/board"))
    assert (board["new"]["count"], board["new"]["sum"], board["new"]["items"]) == (0, "0.00", [])


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"stage": "nowhere"}, {"stage": "unknown_stage"}),
        ({"cursor": "x"}, {"stage": "required"}),
        ({"cursor": "x", "stage": "new"}, {"cursor": "invalid_cursor"}),
        ({"sums": "maybe"}, {"sums": "invalid"}),
        ({"limit": "101"}, {"limit": "invalid"}),
        ({"colour": "red"}, {"colour": "unknown_field"}),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    seller: ApiClient, parameters: dict[str, str], errors: dict[str, str]
) -> None:
    assert errors_of(seller.get("pipelines/sales/board", **parameters)) == errors


def test_a_pipeline_that_is_not_there_is_not_found(admin: ApiClient) -> None:
    assert admin.get("pipelines/rental/board").status_code == 404
