"""Lists through the API: filters, order, pages, rights."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.api import ApiClient, errors_of
from tests.factories.records import create
from tests.factories.team import Team


@pytest.fixture
def deals(team: Team) -> list[int]:
    """Seven deals of the seller: 0, 10, … 50, and one without an amount."""
    actor = team.actor("seller")
    amounts: list[str | None] = [str(number * 10) for number in range(6)]
    return [create("deal", actor=actor, fields={"amount": amount}) for amount in [*amounts, None]]


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.content.decode()
    return [item["id"] for item in response.json()["items"]]


def test_a_list_is_newest_first(seller: ApiClient, deals: list[int]) -> None:
    assert ids(seller.get("records/deal")) == deals[::-1]


@pytest.mark.parametrize(
    ("conditions", "places"),
    [
        ({"amount": "20"}, [2]),
        ({"amount__gte": "30"}, [3, 4, 5]),
        ({"amount__gt": "30", "amount__lt": "50"}, [4]),
        ({"amount__in": "10,40"}, [1, 4]),
        ({"amount__empty": "true"}, [6]),
        ({"amount__ne": "0", "amount__lte": "10"}, [1]),
        ({"source": "phone", "amount": "0"}, [0]),
        ({"source": "avito"}, []),
        ({"stage": "new", "amount": "0"}, [0]),
        ({"stage__in": "won,lost"}, []),
        ({"pipeline": "sales", "amount": "50"}, [5]),
        ({"created_at__gte": "2020-01-01", "amount": "50"}, [5]),
        ({"created_at__lt": "2020-01-01"}, []),
    ],
)
def test_conditions_narrow_a_list(
    seller: ApiClient, deals: list[int], conditions: dict[str, str], places: list[int]
) -> None:
    assert sorted(ids(seller.get("records/deal", **conditions))) == [deals[place] for place in places]


def test_the_owner_is_a_condition_by_id(head: ApiClient, team: Team, deals: list[int]) -> None:
    assert len(ids(head.get("records/deal", owner=str(team.seller.id)))) == 7
    assert ids(head.get("records/deal", owner=str(team.other_seller.id))) == []


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"colour": "red"}, {"colour": "unknown_field"}),
        ({"colour__gte": "1"}, {"colour": "unknown_field"}),
        ({"amount__contains": "1"}, {"amount": "unknown_filter"}),
        ({"amount": "much"}, {"amount": "invalid_number"}),
        ({"amount__": "1"}, {"amount": "unknown_filter"}),
        ({"owner": "nobody"}, {"owner": "unknown_person"}),
        ({"stage": "nowhere"}, {"stage": "unknown_stage"}),
        ({"order": "colour"}, {"order": "unknown_order"}),
        ({"order": "--amount"}, {"order": "unknown_order"}),
        ({"limit": "0"}, {"limit": "invalid"}),
        ({"limit": "501"}, {"limit": "invalid"}),
        ({"limit": "ten"}, {"limit": "invalid"}),
        ({"cursor": "x"}, {"cursor": "invalid_cursor"}),
        ({"q": "a" * 201}, {"q": "too_long"}),
        ({"q": "a\0"}, {"q": "invalid"}),
        ({"created_at__gte": "yesterday"}, {"created_at": "invalid_datetime"}),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    seller: ApiClient, parameters: dict[str, str], errors: dict[str, str]
) -> None:
    assert errors_of(seller.get("records/deal", **parameters)) == errors


def read_all(client: ApiClient, path: str, **parameters: str) -> list[Any]:
    """Every page of a list, one after another."""
    found: list[Any] = []
    following: str | None = ""
    while following is not None:
        page = client.get(path, **parameters, **({"cursor": following} if following else {}))
        assert page.status_code == 200, page.content.decode()
        found += page.json()["items"]
        following = page.json()["next"]
    return found


@pytest.mark.parametrize("limit", ["1", "2", "3", "7", "8"])
@pytest.mark.parametrize(
    "order",
    ["id", "-id", "amount", "-amount", "visit_on", "-visit_on", "number", "-created_at", "-stage_entered_at"],
)
def test_pages_show_every_record_once_in_any_order(
    seller: ApiClient, deals: list[int], order: str, limit: str
) -> None:
    whole = [item["id"] for item in read_all(seller, "records/deal", order=order, limit="500")]
    paged = [item["id"] for item in read_all(seller, "records/deal", order=order, limit=limit)]
    assert paged == whole
    assert sorted(paged) == deals


def test_lists_sort_by_amount_with_empty_ones_last(seller: ApiClient, deals: list[int]) -> None:
    for order in ("amount", "-amount"):
        items = seller.get("records/deal", order=order).json()["items"]
        amounts = [item["fields"]["amount"] for item in items]
        assert amounts[-1] is None
        filled = [Decimal(amount) for amount in amounts[:-1]]
        assert filled == sorted(filled, reverse=order.startswith("-"))


def test_a_cursor_of_one_order_is_no_use_for_another(seller: ApiClient, deals: list[int]) -> None:
    following = seller.get("records/deal", order="amount", limit="2").json()["next"]
    response = seller.get("records/deal", order="-amount", limit="2", cursor=following)
    assert errors_of(response) == {"cursor": "invalid_cursor"}


def test_sellers_see_their_own_and_the_head_sees_the_branch(
    seller: ApiClient, other_seller: ApiClient, head: ApiClient, deals: list[int], team: Team
) -> None:
    foreign = create("deal", actor=team.actor("other_seller"))
    assert sorted(ids(seller.get("records/deal"))) == deals
    assert ids(other_seller.get("records/deal")) == [foreign]
    assert sorted(ids(head.get("records/deal"))) == [*deals, foreign]


def test_words_find_records_of_the_type(admin: ApiClient) -> None:
    anna = create("contact", fields={"name": "Белова Анна"})
    create("contact", fields={"name": "Пётр Ильин"})
    assert ids(admin.get("records/contact", q="белов")) == [anna]


def test_a_masked_field_filters_and_sorts_nothing(seller: ApiClient, head: ApiClient) -> None:
    car = create("car", fields={"make": "Lada", "floor_price": "100"})
    assert ids(head.get("records/car", floor_price="100")) == [car]
    for parameters in ({"floor_price": "100"}, {"floor_price__gte": "1"}, {"order": "floor_price"}):
        masked = seller.get("records/car", **parameters)
        absent = seller.get(
            "records/car",
            **{
                key.replace("floor_price", "no_such"): value.replace("floor_price", "no_such")
                for key, value in parameters.items()
            },
        )
        assert masked.status_code == 422
        assert masked.content.replace(b"floor_price", b"no_such") == absent.content


def test_a_type_one_has_no_part_in_is_not_found(newcomer: ApiClient) -> None:
    for answer in (
        newcomer.get("records/deal"),
        newcomer.get("records/no_such"),
        newcomer.post("records/deal", {}),
        newcomer.post("records/deal/bulk", {"items": [{"action": "create"}]}),
        newcomer.get("types/deal"),
        newcomer.get("pipelines/sales/board"),
    ):
        assert answer.status_code == 404
    assert newcomer.get("types").json() == {"items": []}
