"""What the API tells of types, and to whom."""

from typing import Any

from tests.factories.api import ApiClient
from tests.factories.records import CAUSE

from trassa.schema.actions import PipelineDraft, StageDraft, changing_schema
from trassa.schema.types import EntryCondition, Label


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


def test_conditions_are_told_as_text_unless_they_mention_masked_fields(
    seller: ApiClient, head: ApiClient
) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field(
            "deal",
            "visit_on",
            visible_when=change.read_condition("deal", 'Источник = "Авито"'),
            required_when=change.read_condition("deal", "car.floor_price > 5"),
            default_formula=change.read_default("deal", "visit_on", "TODAY() + 3"),
        )
        priced = EntryCondition("priced", change.read_condition("deal", "amount > 0"), Label("Нужна сумма"))
        floor = EntryCondition("floor", change.read_condition("deal", "car.floor_price > 0"), Label("Мин."))
        stages = (
            StageDraft("fresh", Label("Новая")),
            StageDraft("ready", Label("Готова"), enter_when=(priced, floor)),
        )
        change.save_pipeline("deal", PipelineDraft("guarded", Label("Проверка"), stages))
    told = seller.get("types/deal").json()
    visit = by_code(told["fields"])["visit_on"]
    assert (visit["visible_when"], visit["required_when"]) == ('source = "avito"', None)
    assert visit["default_formula"] == "TODAY() + 3"
    stage = by_code(by_code(told["pipelines"])["guarded"]["stages"])["ready"]
    message = {"ru": "Нужна сумма", "en": ""}
    assert stage["enter_when"] == [{"code": "priced", "condition": "amount > 0", "message": message}]
    visit = by_code(head.get("types/deal").json()["fields"])["visit_on"]
    assert visit["required_when"] == "car.floor_price > 5"
