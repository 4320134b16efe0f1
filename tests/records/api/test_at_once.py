"""Several clients at the same moment: one effect a key, one winner a version, no fault."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from tests.factories.api import ApiClient
from tests.factories.records import create, make_garage
from tests.factories.team import make_team

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 6


@pytest.fixture
def client(transactional_db: None) -> ApiClient:
    make_garage()
    return ApiClient(make_team().token("administrator"))


def all_at_once(send: Callable[[int], Any]) -> list[Any]:
    """What every client got, each in a thread of its own, all started together."""
    together = threading.Barrier(CLIENTS)

    def run(number: int) -> Any:
        together.wait(10)
        try:
            return send(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, range(CLIENTS)))


def test_the_same_request_many_times_at_once_creates_one_record(client: ApiClient) -> None:
    body = {"fields": {"amount": "5"}}
    answers = all_at_once(lambda _: client.post("records/deal", body, Idempotency_Key="order-5"))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert len(client.get("records/deal").json()["items"]) == 1


def test_the_same_batch_many_times_at_once_happens_once(client: ApiClient) -> None:
    body = {"items": [{"action": "create"}] * 20}
    answers = all_at_once(lambda _: client.post("records/deal/bulk", body, Idempotency_Key="batch"))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len(client.get("records/deal").json()["items"]) == 20


def test_of_changes_against_one_version_one_wins_and_the_others_learn_the_field(client: ApiClient) -> None:
    deal = create("deal")
    answers = all_at_once(
        lambda number: client.patch(
            f"records/deal/{deal}", {"version": 1, "fields": {"amount": str(number + 1)}}
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLIENTS - 1}
    for answer in answers:
        if answer.status_code == 409:
            assert [error["field"] for error in answer.json()["errors"]] == ["amount"]


def test_of_equal_unique_values_one_is_taken_and_the_others_are_named(client: ApiClient) -> None:
    body = {"fields": {"name": "Анна", "inn": "7707083893"}}
    answers = all_at_once(lambda _: client.post("records/contact", body))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: CLIENTS - 1}
    refused = [answer.json() for answer in answers if answer.status_code == 422]
    assert {error["field"] for problem in refused for error in problem["errors"]} == {"inn"}


def test_equal_unique_values_under_different_keys_are_refused_too(client: ApiClient) -> None:
    body = {"fields": {"name": "Анна", "inn": "7707083893"}}
    answers = all_at_once(
        lambda number: client.post("records/contact", body, Idempotency_Key=f"key-{number}")
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: CLIENTS - 1}


def test_batches_in_opposite_orders_do_not_block_each_other(client: ApiClient) -> None:
    deals = [create("deal") for _ in range(20)]

    def change(number: int) -> Any:
        order = deals if number % 2 else deals[::-1]
        items = [{"action": "move", "id": id, "stage": "lost", "reason": "price"} for id in order]
        return client.post("records/deal/bulk", {"items": items})

    assert {answer.status_code for answer in all_at_once(change)} == {200}
