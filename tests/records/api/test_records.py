"""One record through the API: create, read, change, move, bin, restore."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.api import ApiClient, client_of, errors_of
from tests.factories.records import create
from tests.factories.team import Team


def new_deal(client: ApiClient, **body: Any) -> dict[str, Any]:
    response = client.post("records/deal", body)
    assert response.status_code == 201, response.content.decode()
    created: dict[str, Any] = response.json()
    return created


def test_a_new_record_enters_the_first_stage_and_belongs_to_its_writer(seller: ApiClient, team: Team) -> None:
    response = seller.post("records/deal", {"fields": {"amount": "1250000.5"}})
    deal = response.json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/v1/records/deal/{deal['id']}"
    assert set(deal) == {
        "id",
        "type",
        "number",
        "title",
        "version",
        "pipeline",
        "stage",
        "stage_due_at",
        "owner",
        "created_at",
        "updated_at",
        "fields",
        "frozen",
    }
    assert (deal["type"], deal["pipeline"], deal["stage"]) == ("deal", "sales", "new")
    assert (deal["owner"], deal["version"]) == (team.seller.id, 1)
    assert deal["number"].startswith("С-")
    assert deal["fields"]["amount"] == "1250000.50"
    assert deal["fields"]["source"] == "phone"
    assert deal["created_at"].endswith("Z")


def test_what_was_created_reads_the_same(seller: ApiClient) -> None:
    deal = new_deal(seller, fields={"amount": "10", "visit_on": "2026-03-23"})
    assert seller.get(f"records/deal/{deal['id']}").json() == deal


def test_what_was_changed_reads_the_same(seller: ApiClient) -> None:
    cars = [create("car", fields={"make": make}) for make in ("Lada", "УАЗ")]
    deal = new_deal(seller, fields={"amount": "10", "other_cars": cars})
    address = f"records/deal/{deal['id']}"
    changed = seller.patch(address, {"version": 1, "fields": {"amount": "12.5"}}).json()
    assert changed["fields"]["other_cars"] == cars
    assert seller.get(address).json() == changed
    assert (
        seller.post(f"{address}/move", {"stage": "lost", "reason": "price"}).json()
        == seller.get(address).json()
    )


def test_amounts_keep_their_digits_whether_text_or_number(seller: ApiClient) -> None:
    exact = "1234567890123456.78"
    assert new_deal(seller, fields={"amount": exact})["fields"]["amount"] == exact
    assert new_deal(seller, fields={"amount": 12.3})["fields"]["amount"] == "12.30"


def test_pipeline_stage_and_owner_may_be_named(head: ApiClient, team: Team) -> None:
    deal = new_deal(head, pipeline="buyout", stage="done", owner=team.seller.id)
    assert (deal["pipeline"], deal["stage"], deal["owner"]) == ("buyout", "done", team.seller.id)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"fields": {"colour": "red"}}, {"colour": "unknown_field"}),
        ({"fields": {"amount": "much"}}, {"amount": "invalid_number"}),
        ({"fields": {"amount": True}}, {"amount": "invalid_number"}),
        ({"fields": {"source": "radio"}}, {"source": "unknown_option"}),
        ({"fields": {"client": 2**62}}, {"client": "unknown_record"}),
        ({"pipeline": "rental"}, {"pipeline": "unknown_pipeline"}),
        ({"stage": "nowhere"}, {"stage": "unknown_stage"}),
        ({"stage": "showing"}, {"car": "required_on_stage"}),
        ({"owner": "1"}, {"owner": "invalid"}),
        ({"owner": True}, {"owner": "invalid"}),
        ({"colour": "red"}, {"colour": "unknown_field"}),
        ({"fields": []}, {"fields": "invalid"}),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    seller: ApiClient, body: dict[str, Any], errors: dict[str, str]
) -> None:
    assert errors_of(seller.post("records/deal", body)) == errors


def test_an_unknown_owner_is_refused_by_name(admin: ApiClient) -> None:
    assert errors_of(admin.post("records/deal", {"owner": 2**40})) == {"owner": "unknown_person"}


def test_a_missing_required_field_is_named(seller: ApiClient) -> None:
    assert errors_of(seller.post("records/contact", {"fields": {}})) == {"name": "required"}


def test_a_change_raises_the_version(seller: ApiClient) -> None:
    deal = new_deal(seller)
    response = seller.patch(f"records/deal/{deal['id']}", {"version": 1, "fields": {"amount": "5"}})
    assert response.status_code == 200
    assert response.json()["version"] == 2
    assert response.json()["fields"]["amount"] == "5.00"


def test_null_empties_a_field(seller: ApiClient) -> None:
    deal = new_deal(seller, fields={"amount": "5"})
    changed = seller.patch(f"records/deal/{deal['id']}", {"version": 1, "fields": {"amount": None}}).json()
    assert changed["fields"]["amount"] is None


def test_a_change_needs_the_version(seller: ApiClient) -> None:
    deal = new_deal(seller)
    response = seller.patch(f"records/deal/{deal['id']}", {"fields": {"amount": "5"}})
    assert errors_of(response) == {"version": "required"}


def test_a_stale_change_is_a_conflict_that_names_the_fields(seller: ApiClient) -> None:
    deal = new_deal(seller)
    address = f"records/deal/{deal['id']}"
    seller.patch(address, {"version": 1, "fields": {"amount": "5", "visit_on": "2026-01-02"}})
    response = seller.patch(address, {"version": 1, "fields": {"amount": "6"}})
    assert errors_of(response, 409) == {"amount": "changed_meanwhile", "visit_on": "changed_meanwhile"}
    assert response.json()["code"] == "version_conflict"
    assert seller.get(address).json()["fields"]["amount"] == "5.00"


def test_a_record_may_be_handed_over_and_is_then_out_of_sight(
    seller: ApiClient, other_seller: ApiClient, team: Team
) -> None:
    deal = new_deal(seller)
    address = f"records/deal/{deal['id']}"
    response = seller.patch(address, {"version": 1, "owner": team.other_seller.id})
    assert (response.status_code, response.content) == (204, b"")
    assert seller.get(address).status_code == 404
    assert other_seller.get(address).json()["owner"] == team.other_seller.id


def test_a_move_enters_the_stage(seller: ApiClient) -> None:
    car = create("car", fields={"make": "Lada"})
    deal = new_deal(seller)
    response = seller.post(f"records/deal/{deal['id']}/move", {"stage": "showing", "fields": {"car": car}})
    assert response.status_code == 200, response.content.decode()
    assert response.json()["stage"] == "showing"
    assert response.json()["title"].startswith("Lada")


def test_a_move_says_what_the_stage_needs(seller: ApiClient) -> None:
    deal = new_deal(seller)
    address = f"records/deal/{deal['id']}/move"
    assert errors_of(seller.post(address, {"stage": "showing"})) == {"car": "required_on_stage"}
    assert errors_of(seller.post(address, {"stage": "lost"})) == {"reason": "required"}
    assert errors_of(seller.post(address, {"stage": "won"}))["stage"] == "stage_not_allowed"
    assert seller.post(address, {"stage": "lost", "reason": "price"}).json()["stage"] == "lost"


def test_the_bin_hides_and_restoring_brings_back(seller: ApiClient) -> None:
    deal = new_deal(seller)
    address = f"records/deal/{deal['id']}"
    assert seller.delete(address).status_code == 204
    assert seller.get(address).status_code == 404
    assert seller.delete(address).status_code == 404
    assert seller.get("records/deal").json()["items"] == []
    restored = seller.post(f"{address}/restore")
    assert restored.status_code == 200
    assert restored.json()["id"] == deal["id"]
    assert seller.post(f"{address}/restore").status_code == 404


def test_restoring_checks_unique_fields_again(admin: ApiClient) -> None:
    first = create("contact", fields={"name": "А", "inn": "7707083893"})
    admin.delete(f"records/contact/{first}")
    create("contact", fields={"name": "Б", "inn": "7707083893"})
    assert set(errors_of(admin.post(f"records/contact/{first}/restore"))) == {"inn"}


@pytest.mark.parametrize("id", ["0", "999999999", str(2**63), str(10**30)])
def test_a_record_that_never_was_is_not_found(admin: ApiClient, id: str) -> None:
    for response in (
        admin.get(f"records/deal/{id}"),
        admin.get(f"records/deal/{id}/history"),
        admin.patch(f"records/deal/{id}", {"version": 1}),
        admin.delete(f"records/deal/{id}"),
        admin.post(f"records/deal/{id}/move", {"stage": "new"}),
        admin.post(f"records/deal/{id}/restore"),
    ):
        assert response.status_code == 404, response.content.decode()


def test_a_record_of_another_type_is_not_found(admin: ApiClient) -> None:
    contact = create("contact", fields={"name": "Анна"})
    assert admin.get(f"records/deal/{contact}").status_code == 404
    assert admin.delete(f"records/deal/{contact}").status_code == 404


def test_what_a_colleague_owns_is_not_there(seller: ApiClient, other_seller: ApiClient) -> None:
    deal = new_deal(other_seller)
    address = f"records/deal/{deal['id']}"
    assert seller.get(address).status_code == 404
    assert seller.patch(address, {"version": 1, "fields": {"amount": "1"}}).status_code == 404
    assert seller.delete(address).status_code == 404
    assert seller.get(f"{address}/history").status_code == 404


def test_a_masked_field_is_absent_and_cannot_be_written(seller: ApiClient, head: ApiClient) -> None:
    car = create("car", fields={"make": "Lada", "floor_price": "100"})
    assert "floor_price" not in seller.get(f"records/car/{car}").json()["fields"]
    assert head.get(f"records/car/{car}").json()["fields"]["floor_price"] == "100.00"
    masked = seller.patch(f"records/car/{car}", {"version": 1, "fields": {"floor_price": "1"}})
    absent = seller.patch(f"records/car/{car}", {"version": 1, "fields": {"no_such": "1"}})
    assert errors_of(masked) == {"floor_price": "unknown_field"}
    assert masked.content.replace(b"floor_price", b"no_such") == absent.content


def test_a_repeated_creation_happens_once(seller: ApiClient) -> None:
    body = {"fields": {"amount": "7"}}
    first = seller.post("records/deal", body, Idempotency_Key="order-7")
    again = seller.post("records/deal", body, Idempotency_Key="order-7")
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert len(seller.get("records/deal").json()["items"]) == 1


def test_reading_tokens_do_not_write(team: Team) -> None:
    reader = client_of(team, "seller", "read")
    assert reader.get("records/deal").status_code == 200
    assert reader.post("records/deal", {}).json()["code"] == "scope_missing"


def test_creating_asks_few_questions_of_the_database(seller: ApiClient) -> None:
    new_deal(seller, fields={"amount": "5"})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        new_deal(seller, fields={"amount": "5"})
    assert len(queries) <= 11, "\n".join(query["sql"][:150] for query in queries)


def test_a_possible_duplicate_is_named_or_refused(seller: ApiClient, other_seller: ApiClient) -> None:
    first = seller.post("records/contact", {"fields": {"name": "Егоров", "phone": "89215550142"}}).json()
    assert "duplicates" not in first
    again = {"fields": {"name": "Егоров П.", "phone": "+7 921 555-01-42"}}
    refused = other_seller.post("records/contact?duplicates=refuse", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate")
    second = other_seller.post("records/contact", again).json()
    assert [(each["id"], each["fields"]) for each in second["duplicates"]] == [(first["id"], ["phone"])]
    asked = other_seller.post("types/contact/duplicates", {"fields": {"phone": "921 555 01 42"}}).json()
    assert [each["id"] for each in asked["items"]] == [first["id"], second["id"]]
    [group] = other_seller.get("types/contact/suspects").json()["items"]
    assert (group["field"], len(group["records"])) == ("phone", 2)
