"""Other systems read which rules there are, carry one out and rehearse it."""

import pytest
from tests.automation.test_rules import BONUS, CREATED, rule, values_of
from tests.factories.api import client_of, errors_of
from tests.factories.records import create
from tests.factories.team import make_team

from trassa.automation.actions import retire_rule
from trassa.schema.types import Label

pytestmark = pytest.mark.usefixtures("garage")


def test_rules_are_told_as_packs_write_them() -> None:
    api = client_of(make_team(), "administrator")
    rule({"event": "button"}, BONUS, condition="amount > 5", is_active=False)
    renamed = {"set": {"fields": {"model": "X5"}}}
    rule(CREATED, renamed, code="other", type="car", label=Label("Другое", "Other"), position=1)
    rule(CREATED, BONUS, code="gone")
    retire_rule("gone", actor_id=None)
    assert [each["code"] for each in api.get("rules").json()["items"]] == ["other", "rule"]
    [told] = api.get("rules", type="deal").json()["items"]
    assert told == {
        "code": "rule",
        "type": "deal",
        "label": {"ru": "Правило", "en": "Rule"},
        "when": {"event": "button"},
        "condition": "amount > 5",
        "steps": [BONUS],
        "active": False,
        "version": 1,
    }


def test_a_rule_that_was_found_is_carried_out_and_rehearsed() -> None:
    team = make_team()
    api = client_of(team, "administrator", "read", "write", "admin")
    id = create("deal", fields={"amount": "10"})
    rule(CREATED, BONUS)
    [told] = api.get("rules", type="deal").json()["items"]
    assert api.post(f"rules/{told['code']}/rehearse", {}).json()["met"] == 1
    assert values_of(id)["amount"] == 10
    rule({"event": "button"}, BONUS, code="button")
    assert api.post("rules/button/run", {"record": id}).json()["fired"]
    assert values_of(id)["amount"] == 11


def test_only_administrators_read_rules() -> None:
    team = make_team()
    rule(CREATED, BONUS)
    answer = client_of(team, "head").get("rules")
    assert answer.status_code == 403
    assert errors_of(client_of(team, "administrator").get("rules", type="ghost")) == {"type": "unknown"}
