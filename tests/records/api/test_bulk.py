"""Many writes in one request."""

from typing import Any

import pytest
from tests.factories.api import ApiClient, errors_of
from tests.factories.records import create
from tests.factories.team import Team

ADDRESS = "records/deal/bulk"


def count_deals(client: ApiClient) -> int:
    return len(client.get("records/deal").json()["items"])


def test_items_of_all_kinds_happen_in_one_request(seller: ApiClient, team: Team) -> None:
    actor = team.actor("seller")
    changed, moved, binned = (create("deal", actor=actor) for _ in range(3))
    seller.delete(f"records/deal/{binned}")
    gone = create("deal", actor=actor)
    items = [
        {"action": "create", "fields": {"amount": "1"}},
        {"action": "change", "id": changed, "version": 1, "fields": {"amount": "2"}},
        {"action": "move", "id": moved, "stage": "lost", "reason": "price"},
        {"action": "restore", "id": binned},
        {"action": "delete", "id": gone},
    ]
    response = seller.post(ADDRESS, {"items": items})
    assert response.status_code == 200, response.content.decode()
    results = response.json()["items"]
    assert response.json()["refused"] == 0
    assert [result["id"] for result in results][1:] == [changed, moved, binned, gone]
    assert seller.get(f"records/deal/{moved}").json()["stage"] == "lost"
    assert seller.get(f"records/deal/{gone}").status_code == 404


def test_all_or_nothing_names_every_refused_item(seller: ApiClient) -> None:
    items: list[dict[str, Any]] = [
        {"action": "create", "fields": {"amount": "1"}},
        {"action": "create", "fields": {"amount": "much"}},
        {"action": "delete", "id": 99999999},
    ]
    response = seller.post(ADDRESS, {"items": items})
    assert errors_of(response) == {"items.1.amount": "invalid_number", "items.2": "not_found"}
    assert response.json()["code"] == "bulk_refused"
    assert count_deals(seller) == 0


def test_otherwise_every_item_has_its_own_fate(seller: ApiClient) -> None:
    items = [{"action": "create", "fields": {"amount": amount}} for amount in ("1", "much", "3")]
    response = seller.post(ADDRESS, {"atomic": False, "items": items})
    assert response.status_code == 200
    results = response.json()["items"]
    assert response.json()["refused"] == 1
    assert [result["version"] for result in results] == [1, None, 1]
    assert results[1]["problem"]["errors"][0]["field"] == "amount"
    assert results[1]["problem"]["status"] == 422
    assert count_deals(seller) == 2


def test_a_batch_has_an_end(seller: ApiClient) -> None:
    items = [{"action": "create"}] * 1001
    assert errors_of(seller.post(ADDRESS, {"items": items})) == {"items": "too_long"}
    assert errors_of(seller.post(ADDRESS, {"items": []})) == {"items": "too_short"}


def test_a_thousand_records_fit(seller: ApiClient) -> None:
    items = [{"action": "create", "fields": {"amount": str(number)}} for number in range(1000)]
    response = seller.post(ADDRESS, {"items": items})
    assert response.status_code == 200
    assert len({result["id"] for result in response.json()["items"]}) == 1000


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"action": "burn"}, "items.0"),
        ({"action": "create", "id": 5}, "items.0.create.id"),
        ({"action": "change", "id": 5}, "items.0.change.version"),
        ({"action": "delete"}, "items.0.delete.id"),
    ],
)
def test_a_malformed_item_is_refused_by_place(seller: ApiClient, item: dict[str, Any], field: str) -> None:
    assert field in errors_of(seller.post(ADDRESS, {"items": [item]}))


def test_a_colleague_s_record_is_not_found_in_bulk_either(seller: ApiClient, team: Team) -> None:
    foreign = create("deal", actor=team.actor("other_seller"))
    items = [{"action": "change", "id": foreign, "version": 1, "fields": {"amount": "1"}}]
    result = seller.post(ADDRESS, {"atomic": False, "items": items}).json()["items"][0]
    assert result["problem"]["status"] == 404


def test_a_repeated_batch_happens_once(seller: ApiClient) -> None:
    body = {"items": [{"action": "create"}] * 3}
    first = seller.post(ADDRESS, body, Idempotency_Key="batch-1")
    again = seller.post(ADDRESS, body, Idempotency_Key="batch-1")
    assert again.content == first.content
    assert count_deals(seller) == 3
