"""A rehearsal plays a rule against history, and says where history is silent."""

import pytest
from tests.automation.test_rules import BONUS, rule
from tests.factories.records import create, edit, move

from trassa.automation.models import Rule, Run
from trassa.automation.queries.rehearsals import rehearse
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")


def results() -> list[str]:
    found = rehearse(Rule.objects.get(), current_generation().types["deal"])
    return sorted(case.result for case in found.cases)


def test_a_condition_is_judged_as_things_stood_then() -> None:
    id = create("deal", pipeline="buyout", fields={"amount": "500"})
    move("deal", id, "done")
    edit("deal", id, amount="5")
    other = create("deal", pipeline="buyout", fields={"amount": "5"})
    move("deal", other, "done")
    rule({"event": "stage_entered", "stage": "done"}, BONUS, condition="amount > 100")
    assert results() == ["met", "unmet"]
    assert not Run.objects.exists()


def test_a_linked_record_is_looked_at_as_it_was_too() -> None:
    car = create("car", fields={"make": "Lada"})
    create("deal", fields={"car": car})
    edit("car", car, make="УАЗ")
    rule({"event": "created"}, BONUS, condition='car.make = "Lada"')
    assert results() == ["met"]


def test_what_history_does_not_tell_is_unknown() -> None:
    create("deal", fields={"amount": "1"})
    rule({"event": "created"}, BONUS, condition="COUNT(other_cars) = 0 AND stage_due_at = stage_due_at")
    assert results() == ["unknown"]


def test_a_button_cannot_be_rehearsed() -> None:
    rule({"event": "button"}, BONUS)
    assert not rehearse(Rule.objects.get(), current_generation().types["deal"]).is_known
