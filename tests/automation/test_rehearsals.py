"""A rehearsal plays a rule against history, and says where history is silent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.automation.test_rules import BONUS, rule
from tests.factories.people import make_person
from tests.factories.records import CAUSE, create, edit, move

from trassa.automation.actions import fire_due
from trassa.automation.models import Rule, Run, Timer
from trassa.automation.queries.rehearsals import rehearse
from trassa.kernel import company_zone, frozen, now, today
from trassa.schema.actions import DeadlineDraft, PipelineDraft, StageDraft, changing_schema
from trassa.schema.queries import current_generation
from trassa.schema.types import Label

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


@pytest.mark.parametrize(
    "when",
    [
        {"event": "button"},
        {"event": "hook", "create": True},
        {"event": "date", "field": "stage_due_at"},
        {"event": "overdue", "phase": "soon"},
    ],
)
def test_what_nobody_can_know_is_said_to_be_unknown(when: dict[str, Any]) -> None:
    create("deal")
    rule(when, BONUS)
    assert not rehearse(Rule.objects.get(), current_generation().types["deal"]).is_known


def moments(**given: Any) -> list[tuple[int, str, str]]:
    """Record, day and result of every look, the latest first."""
    found = rehearse(Rule.objects.get(), current_generation().types["deal"], **given)
    zone = company_zone()
    return [
        (case.record_id, case.at.astimezone(zone).date().isoformat(), case.result) for case in found.cases
    ]


def day(distance: int) -> str:
    return (today() + timedelta(days=distance)).isoformat()


def at(distance: int) -> Any:
    """The clock stands so many days away."""
    return frozen(now() + timedelta(days=distance))


def test_a_date_is_met_where_it_came_while_the_record_had_it() -> None:
    with at(-20):
        kept = create("deal", fields={"visit_on": day(10), "amount": "5"})
        moved = create("deal", fields={"visit_on": day(5), "amount": "50"})
        cleared = create("deal", fields={"visit_on": day(5)})
        create("deal", fields={"visit_on": day(60)})
    with at(-18):
        edit("deal", moved, visit_on=day(8))
        edit("deal", cleared, visit_on=None)
    with at(-5):
        edit("deal", kept, amount="50", visit_on=day(30))
    rule({"event": "date", "field": "visit_on"}, BONUS, condition="amount < 10")
    assert moments() == [(kept, day(-10), "met"), (moved, day(-10), "unmet")]


def test_an_offset_of_a_date_counts() -> None:
    with at(-20):
        id = create("deal", fields={"visit_on": day(10)})
    rule({"event": "date", "field": "visit_on", "offset": "-3 days"}, BONUS)
    assert moments() == [(id, day(-13), "met")]
    assert moments(since=now() - timedelta(days=9)) == []


def test_a_date_that_had_long_been_over_when_it_was_set_does_not_count() -> None:
    with at(-10):
        create("deal", fields={"visit_on": day(-9)})
        id = create("deal", fields={"visit_on": day(0)})
    rule({"event": "date", "field": "visit_on"}, BONUS)
    assert moments() == [(id, day(-10), "met")]


def test_the_time_on_a_stage_is_followed_through_history() -> None:
    with at(-20):
        id = create("deal", pipeline="buyout")
    with at(-12):
        move("deal", id, "done")
    rule({"event": "date", "field": "stage_entered_at", "offset": "5 days"}, BONUS)
    assert moments() == [(id, day(-7), "met"), (id, day(-15), "met")]


def test_the_clock_looks_at_everything_that_was_there() -> None:
    with at(-20):
        old = create("deal", fields={"amount": "5"})
    with at(-10):
        edit("deal", old, amount="50")
    with at(-3):
        create("deal", fields={"amount": "5"})
    rule({"event": "schedule", "every": "day", "at": "00:00"}, BONUS, condition="amount < 10")
    met = {when for id, when, result in moments() if id == old and result == "met"}
    assert met == {day(-each) for each in range(10, 20)}
    rule({"event": "schedule", "every": "week", "on": 1, "at": "00:00"}, BONUS, condition="amount < 10")
    met = {when for id, when, result in moments() if id == old and result == "met"}
    assert {date.fromisoformat(each).isoweekday() for each in met} == {1}
    assert not Run.objects.exists()


def test_deadlines_that_were_missed_are_played() -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_pipeline(
            "deal",
            PipelineDraft(
                "check",
                Label("Проверка"),
                stages=(
                    StageDraft("first", Label("Первая"), deadline=DeadlineDraft("2 hours")),
                    StageDraft("second", Label("Вторая"), deadline=DeadlineDraft("2 hours")),
                ),
            ),
        )
    with at(-6):
        id = create("deal", pipeline="check")
        create("deal", pipeline="check", stage="second")
    with at(-5):
        Timer.objects.update(wake_at=now())
        fire_due()
    rule({"event": "overdue", "pipeline": "check", "stage": "first"}, BONUS)
    assert [(each, result) for each, _when, result in moments()] == [(id, "met")]


def test_the_page_says_why_a_button_cannot_be_rehearsed() -> None:
    rule({"event": "button"}, BONUS)
    client = Client()
    client.force_login(make_person("admin", is_administrator=True))
    page = client.get("/automation/deal/rules/rule/rehearsal", headers={"HX-Request": "true"})
    assert "нажимает человек" in page.content.decode()
