"""Conditions through the API: single writes, moves and bulk are refused alike, naming the fields."""

from typing import Any

import pytest
from tests.factories.api import ApiClient
from tests.factories.records import CAUSE

from trassa.schema.actions import PipelineDraft, StageDraft, changing_schema
from trassa.schema.types import EntryCondition, Label


@pytest.fixture
def _rules(seller: ApiClient) -> None:
    """A visit is asked for above a million, the source is fixed then, and a stage wants an amount."""
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        large = change.read_condition("deal", "amount >= 1000000")
        small = change.read_condition("deal", "amount < 1000000")
        change.change_field("deal", "visit_on", required_when=large)
        change.change_field("deal", "source", editable_when=small)
        entry = EntryCondition("priced", change.read_condition("deal", "amount > 0"), Label("Нужна сумма"))
        stages = (
            StageDraft("fresh", Label("Новая")),
            StageDraft("ready", Label("Готова"), enter_when=(entry,)),
        )
        change.save_pipeline("deal", PipelineDraft("guarded", Label("Проверка"), stages))


LARGE = {"amount": "2000000", "visit_on": "2026-05-12"}


def faults(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.content.decode()
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


@pytest.mark.usefixtures("_rules")
def test_a_write_is_refused_naming_the_fields(seller: ApiClient) -> None:
    assert faults(seller.post("records/deal", {"fields": {"amount": "2000000"}})) == {"visit_on": "required"}
    made = seller.post("records/deal", {"fields": LARGE})
    assert made.status_code == 201
    address, version = f"records/deal/{made.json()['id']}", made.json()["version"]
    locked = seller.patch(address, {"version": version, "fields": {"source": "avito"}})
    assert faults(locked) == {"source": "locked"}
    assert "Сумма < 1000000" in locked.json()["errors"][0]["message"]
    emptied = seller.patch(address, {"version": version, "fields": {"visit_on": None}})
    assert faults(emptied) == {"visit_on": "required"}


@pytest.mark.usefixtures("_rules")
def test_a_stage_says_what_its_condition_wants(seller: ApiClient) -> None:
    made = seller.post("records/deal", {"pipeline": "guarded", "fields": {}}).json()
    address = f"records/deal/{made['id']}/move"
    refused = seller.post(address, {"stage": "ready"})
    assert faults(refused) == {"amount": "stage_condition"}
    assert refused.json()["errors"][0]["message"] == "Нужна сумма"
    assert seller.post(address, {"stage": "ready", "fields": {"amount": "5"}}).status_code == 200


@pytest.mark.usefixtures("_rules")
def test_items_of_a_bulk_have_their_own_fate(seller: ApiClient) -> None:
    items = [
        {"action": "create", "fields": LARGE},
        {"action": "create", "fields": {"amount": "2000000"}},
        {"action": "create", "pipeline": "guarded", "stage": "ready", "fields": {}},
    ]
    found = seller.post("records/deal/bulk", {"atomic": False, "items": items}).json()
    assert found["refused"] == 2
    problems = [item["problem"] for item in found["items"]]
    assert problems[0] is None
    assert problems[1]["errors"][0]["code"] == "required"
    assert problems[2]["errors"][0]["code"] == "stage_condition"


@pytest.mark.usefixtures("_rules")
def test_a_hidden_field_is_read_and_written_as_ever(seller: ApiClient) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "visit_on", visible_when=change.read_condition("deal", "FALSE"))
    made = seller.post("records/deal", {"fields": LARGE}).json()
    assert made["fields"]["visit_on"] == "2026-05-12"
