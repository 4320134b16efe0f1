"""What the API tells of types, and to whom."""

from typing import Any

from tests.factories.api import ApiClient


def by_code(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in items}


def test_everybody_sees_the_types_they_have_a_part_in(seller: ApiClient) -> None:
    types = by_code(seller.get("types").json()["items"])
    assert set(types) == {"contact", "car", "deal"}
    assert types["deal"]["label"] == {"ru": "Сделка", "en": "Deal"}


def test_a_field_is_described_for_its_user(seller: ApiClient) -> None:
    fields = by_code(seller.get("types/deal").json()["fields"])
    assert fields["amount"]["kind"] == "money"
    assert fields["amount"]["writable"] is True
    assert "gte" in fields["amount"]["filters"]
    assert fields["client"]["target"] == "contact"
    assert set(by_code(fields["source"]["options"])) == {"avito", "phone"}
    assert fields["source"]["default"] == "phone"


def test_a_masked_field_is_not_described(seller: ApiClient, head: ApiClient) -> None:
    assert "floor_price" not in by_code(seller.get("types/car").json()["fields"])
    assert "floor_price" in by_code(head.get("types/car").json()["fields"])


def test_pipelines_tell_stages_with_what_they_need(seller: ApiClient) -> None:
    pipelines = by_code(seller.get("types/deal").json()["pipelines"])
    stages = by_code(pipelines["sales"]["stages"])
    assert stages["new"]["next"] == ["showing", "lost"]
    assert stages["showing"]["required"] == ["car"]
    assert stages["lost"]["reason_required"] is True
    assert by_code(pipelines["sales"]["reasons"])["price"]["label"]["en"] == "Too expensive"
