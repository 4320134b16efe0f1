"""History through the API."""

from typing import Any

from tests.factories.api import ApiClient
from tests.factories.records import create, edit
from tests.factories.team import Team


def history(client: ApiClient, path: str, **parameters: str) -> list[dict[str, Any]]:
    response = client.get(f"{path}/history", **parameters)
    assert response.status_code == 200, response.content.decode()
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def test_history_tells_who_changed_what_and_through_what(seller: ApiClient, team: Team) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    seller.post(f"records/deal/{deal}/move", {"stage": "lost", "reason": "price"})
    moved, created = history(seller, f"records/deal/{deal}")
    assert (created["kind"], moved["kind"]) == ("created", "moved")
    assert moved["actor"] == team.seller.id
    assert moved["cause"]["kind"] == "api"
    changes = {change["key"]: (change["before"], change["after"]) for change in moved["changes"]}
    assert changes["stage"] == ("new", "lost")
    assert changes["reason"] == (None, "price")
    assert {change["key"]: change["after"] for change in created["changes"]}["amount"] == "5.00"


def test_history_leaves_out_masked_fields(seller: ApiClient, head: ApiClient) -> None:
    car = create("car", fields={"make": "Lada", "floor_price": "100"})
    edit("car", car, floor_price="200")

    def keys(client: ApiClient) -> set[str]:
        entries = history(client, f"records/car/{car}")
        return {change["key"] for entry in entries for change in entry["changes"]}

    assert "floor_price" not in keys(seller)
    assert "floor_price" in keys(head)


def test_history_comes_in_pages(admin: ApiClient) -> None:
    contact = create("contact", fields={"name": "0"})
    for number in range(1, 5):
        edit("contact", contact, name=str(number))
    path = f"records/contact/{contact}/history"
    seqs = []
    following: str | None = ""
    while following is not None:
        page = admin.get(path, limit="2", **({"cursor": following} if following else {})).json()
        seqs += [entry["seq"] for entry in page["items"]]
        following = page["next"]
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) == 5


def test_the_history_of_one_field(seller: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "10"}}).json()
    for version, fields in ((1, {"amount": "20"}), (2, {"source": "avito"}), (3, {"amount": "30"})):
        seller.patch(f"records/deal/{deal['id']}", {"version": version, "fields": fields})
    items = seller.get(f"records/deal/{deal['id']}/history", field="amount").json()["items"]
    assert [item["seq"] for item in items] == [4, 2, 1]
    assert seller.get(f"records/deal/{deal['id']}/history", field="nothing").status_code == 422


def test_an_entry_is_taken_back_and_a_record_read_as_it_was(seller: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "10"}}).json()
    address = f"records/deal/{deal['id']}"
    changed = seller.patch(address, {"version": 1, "fields": {"amount": "20"}}).json()
    then = seller.get(address, as_of=deal["updated_at"]).json()
    assert (then["fields"]["amount"], then["version"]) == ("10.00", 1)
    assert seller.get(address, as_of="1999-01-01").status_code == 404
    back = seller.post(f"{address}/history/2/revert", {}).json()
    assert (back["fields"]["amount"], back["version"]) == ("10.00", changed["version"] + 1)
    refused = seller.post(f"{address}/history/2/revert", {"fields": ["amount"]})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["field"] == "amount"
