"""Handing over over the API: what there is, a preview, the work itself, and back."""

import pytest
from tests.factories.api import ApiClient, errors_of
from tests.factories.team import Team

from trassa.people.models import Department


@pytest.fixture(autouse=True)
def headed(team: Team) -> None:
    """The head of sales is the head of the branch."""
    Department.objects.filter(code="branch").update(head=team.head)


def test_work_is_told_previewed_handed_over_and_given_back(
    team: Team, seller: ApiClient, head: ApiClient
) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    place = f"people/{team.seller.id}"
    [work] = head.get(f"{place}/work").json()["items"]
    assert (work["part"], work["count"], work["usual"]) == ("records:owner.deal.sales", 1, True)
    order = {"to": [{"person": team.other_seller.id}]}
    told = head.post(f"{place}/hand-over", order | {"preview": True})
    given = [{"person": team.other_seller.id, "count": 1}]
    assert (told.status_code, told.json()["id"], told.json()["parts"][0]["given"]) == (200, None, given)
    assert head.get(f"records/deal/{deal}").json()["owner"] == team.seller.id
    done = head.post(f"{place}/hand-over", order)
    assert (done.status_code, done.json()["state"]) == (201, "done")
    assert head.get(f"records/deal/{deal}").json()["owner"] == team.other_seller.id
    assert head.get(f"hand-overs/{done.json()['id']}").json() == done.json()
    undone = head.post(f"hand-overs/{done.json()['id']}/undo").json()
    assert (undone["state"], undone["undone"][0]["left"]) == ("undone", [])
    assert head.get(f"records/deal/{deal}").json()["owner"] == team.seller.id


def test_parts_go_by_a_condition_and_a_faulty_one_is_refused(
    team: Team, seller: ApiClient, head: ApiClient
) -> None:
    large = seller.post("records/deal", {"fields": {"amount": "900"}}).json()["id"]
    small = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    place = f"people/{team.seller.id}/hand-over"
    part = {"part": "records:owner.deal.sales", "where": "amount > 100"}
    order = {"to": [{"person": team.other_seller.id}], "parts": [part]}
    assert head.post(place, order).json()["parts"][0]["given"][0]["count"] == 1
    owners = [head.get(f"records/deal/{id}").json()["owner"] for id in (large, small)]
    assert owners == [team.other_seller.id, team.seller.id]
    faulty = order | {"parts": [part | {"where": "amount >"}], "preview": True}
    assert head.post(place, faulty).status_code == 422


def test_others_neither_see_nor_hand_over_somebodys_work(team: Team, seller: ApiClient) -> None:
    order = {"to": [{"person": team.seller.id}]}
    assert seller.get(f"people/{team.head.id}/work").status_code == 403
    assert seller.post(f"people/{team.head.id}/hand-over", order).status_code == 403


def test_nobody_to_take_over_is_refused(team: Team, seller: ApiClient, head: ApiClient) -> None:
    seller.post("records/deal", {"fields": {"amount": "5"}})
    assert errors_of(head.post(f"people/{team.seller.id}/hand-over", {"to": []})) == {"to": "required"}
