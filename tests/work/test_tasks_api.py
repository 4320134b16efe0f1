"""Tasks over the API."""

import copy

import pytest
from tests.factories.api import ApiClient, client_of, errors_of
from tests.factories.team import Team

pytestmark = pytest.mark.django_db
DUE = "2090-05-12T15:30:00+03:00"


@pytest.fixture
def team(_company: Team, db: None) -> Team:
    return copy.deepcopy(_company)


@pytest.fixture
def seller(team: Team) -> ApiClient:
    return client_of(team, "seller")


@pytest.fixture
def other_seller(team: Team) -> ApiClient:
    return client_of(team, "other_seller")


@pytest.fixture
def head(team: Team) -> ApiClient:
    return client_of(team, "head")


def test_a_task_is_given_taken_by_the_first_and_completed(
    seller: ApiClient, other_seller: ApiClient, head: ApiClient
) -> None:
    given = head.post(
        "tasks",
        {"title": "Перезвонить", "kind": "call", "due": DUE, "candidates": {"roles": ["seller"]}},
    )
    assert given.status_code == 201
    task = given.json()
    assert given.headers["Location"] == f"/api/v1/tasks/{task['id']}"
    assert (task["owner"], task["due"]) == (None, "2090-05-12T12:30:00Z")
    assert task["candidates"] == {"people": [], "roles": ["seller"], "departments": []}
    for api in (seller, other_seller):
        assert [each["id"] for each in api.get("tasks", mine="waiting").json()["items"]] == [task["id"]]
    place = f"tasks/{task['id']}"
    assert seller.post(f"{place}/take").json()["owner"] is not None
    second = other_seller.post(f"{place}/take")
    assert (second.status_code, second.json()["code"]) == (409, "taken")
    assert other_seller.get("tasks").json()["items"] == []
    done = seller.post(f"{place}/complete", {"outcome": "reached", "result": "Приедет"}).json()
    assert (done["state"], done["outcome"], done["result"]) == ("done", "reached", "Приедет")
    assert seller.get("tasks").json()["items"] == []
    assert [each["id"] for each in seller.get("tasks", mine="done").json()["items"]] == [task["id"]]
    kinds = [each["kind"] for each in head.get(f"{place}/history").json()["items"]]
    assert kinds == ["done", "taken", "created"]


def test_a_task_about_a_record_names_it_and_is_listed_with_it(seller: ApiClient, head: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "1"}}).json()["id"]
    task = seller.post("tasks", {"title": "Показать", "record": deal}).json()
    assert (task["record"], task["record_type"]) == (deal, "deal")
    assert head.get(f"records/deal/{deal}/tasks").json() == {"items": [task], "next": None}
    assert head.get(f"records/deal/{deal}/tasks", state="ended").json()["items"] == []


def test_what_is_wrong_is_said_by_field(seller: ApiClient, team: Team) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "1"}}).json()["id"]
    wrong = {"title": " ", "owner": team.other_seller.id, "record": deal}
    assert errors_of(seller.post("tasks", wrong)) == {"title": "required", "owner": "cannot_see"}
    assert errors_of(seller.post("tasks", {"title": "А", "due": "2090-01-01T10:00:00"})) == {"due": "no_zone"}
    unknown = {"title": "А", "candidates": {"roles": ["nobody"]}}
    assert errors_of(seller.post("tasks", unknown)) == {"candidates": "unknown"}
    assert seller.post("tasks", {"title": "А", "kind": "dance"}).status_code == 422
    assert errors_of(seller.get("tasks", mine="author", kind="call")) == {"mine": "unfit"}


def test_the_inbox_comes_in_pages(seller: ApiClient) -> None:
    dues = [DUE, DUE, "2090-05-13T09:00:00Z", None]
    ids = [seller.post("tasks", {"title": "Дело", "due": due}).json()["id"] for due in dues]
    seen, cursor = [], {}
    while True:
        page = seller.get("tasks", limit="1", **cursor).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ids
    assert seller.get("tasks/counts").json() == {
        "total": 4,
        "overdue": 0,
        "today": 0,
        "kinds": {"todo": 4},
        "more": False,
    }


def test_a_task_is_changed_put_off_given_away_and_cancelled(
    seller: ApiClient, head: ApiClient, team: Team
) -> None:
    task = seller.post("tasks", {"title": "Дело", "due": DUE, "estimate_minutes": 15}).json()
    place = f"tasks/{task['id']}"
    changed = seller.patch(place, {"due": None, "priority": "high", "version": 1}).json()
    assert (changed["due"], changed["priority"], changed["estimate_minutes"]) == (None, "high", 15)
    assert seller.patch(place, {"text": "Да", "version": 1}).status_code == 409
    assert seller.post(f"{place}/snooze", {"until": DUE}).json()["snoozed_until"] == "2090-05-12T12:30:00Z"
    assert seller.get("tasks").json()["items"] == []
    given = seller.post(f"{place}/delegate", {"owner": team.head.id}).json()
    assert (given["owner"], given["snoozed_until"]) == (team.head.id, None)
    assert head.get("tasks").json()["items"] == [given]
    assert seller.post(f"{place}/cancel", {"why": "Не нужно"}).json()["result"] == "Не нужно"
    assert seller.post(f"{place}/reopen").json()["state"] == "open"


def test_who_gives_away_what_nobody_gave_them_sees_it_no_more(head: ApiClient, team: Team) -> None:
    role = head.post("tasks", {"title": "Дело", "owner": team.newcomer.id}).json()
    newcomer = client_of(team, "newcomer")
    answer = newcomer.post(f"tasks/{role['id']}/delegate", {"owner": team.seller.id})
    assert (answer.status_code, answer.content) == (204, b"")
    assert newcomer.get(f"tasks/{role['id']}").status_code == 404


def test_a_repeated_request_gives_one_task(seller: ApiClient) -> None:
    first = seller.post("tasks", {"title": "Дело"}, Idempotency_Key="k").json()
    assert seller.post("tasks", {"title": "Дело"}, Idempotency_Key="k").json() == first
    assert len(seller.get("tasks").json()["items"]) == 1
