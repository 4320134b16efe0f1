"""The editor of rules asks only what means something, names what has no name, and takes moves back."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.automation.test_rules import BONUS, CREATED, rule
from tests.factories.people import make_person, make_role

from trassa.automation.models import Rule
from trassa.automation.queries import get_rule
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")

ENTERED = {"event": "stage_entered", "pipeline": "sales", "stage": "new"}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_person("admin", is_administrator=True))
    return client


def asked(admin: Client, *steps: tuple[str, dict[str, str]], **when: str) -> set[str]:
    """Names of the inputs that the form has for these steps."""
    form = {"act": "refresh", "event": "created", **when}
    for number, (kind, given) in enumerate(steps):
        form |= {
            f"steps.{number}.step": kind,
            **{f"steps.{number}.{name}": each for name, each in given.items()},
        }
    page = admin.post("/automation/deal/new", form, headers={"HX-Request": "true"}).content.decode()
    found = set(re.findall(r'name="((?:steps|when)\.[^"]+)"', page))
    return {name for name in found if not name.endswith(".step") and (when or name.startswith("steps."))}


@pytest.mark.parametrize(
    ("how", "more"),
    [
        ("person", {"person"}),
        ("field", {"field"}),
        ("head", {"field"}),
        ("actor", set()),
        ("turn", {"role", "same_department"}),
        ("least_loaded", {"role", "same_department"}),
    ],
)
def test_assigning_asks_what_its_way_needs(admin: Client, how: str, more: set[str]) -> None:
    names = asked(admin, ("assign", {"how": how}))
    assert names == {f"steps.0.{name}" for name in {"how", "into"} | more}


def test_handing_over_on_the_way_is_asked_only_when_wanted(admin: Client) -> None:
    plain = asked(admin, ("move", {"pipeline": "sales"}))
    assert {name for name in plain if ".owner." in name} == {"steps.0.owner.how"}
    turn = asked(admin, ("move", {"pipeline": "sales", "owner.how": "turn"}))
    assert {name for name in turn if ".owner." in name} == {
        "steps.0.owner.how",
        "steps.0.owner.role",
        "steps.0.owner.same_department",
    }
    assert "steps.0.stage" not in asked(admin, ("move", {}))
    assert "steps.0.stage" in plain


def test_triggers_ask_what_they_need(admin: Client) -> None:
    def when(event: str, **given: str) -> set[str]:
        return asked(admin, event=event, **{f"when.{name}": each for name, each in given.items()})

    assert "when.on" not in when("schedule", every="day")
    assert "when.on" in when("schedule", every="week")
    assert "when.pipeline" not in when("hook")
    assert "when.pipeline" in when("hook", create="1")


def test_only_fields_that_fit_are_offered(admin: Client) -> None:
    form = {"act": "refresh", "event": "date", "steps.0.step": "assign", "steps.0.how": "field"}
    page = admin.post("/automation/deal/new", form, headers={"HX-Request": "true"}).content.decode()

    def offered(name: str) -> set[str]:
        [select] = re.findall(rf'<select[^>]*name="{re.escape(name)}".*?</select>', page, re.DOTALL)
        return set(re.findall(r'<option value="([^"]+)"', select))

    spec = current_generation().types["deal"]
    dates = {field.code for field in spec.fields if field.kind in ("date", "datetime")}
    people = {field.code for field in spec.fields if field.kind == "person"}
    assert offered("when.field") == dates | {"stage_due_at", "stage_entered_at"}
    assert offered("steps.0.field") == people


def test_fields_kept_in_step_are_chosen_on_both_sides(admin: Client) -> None:
    given = {"type": "car", "kept.key": "amount", "kept.value": "price"}
    form = {"act": "refresh", "event": "created", "steps.0.step": "create"}
    form |= {f"steps.0.{name}": value for name, value in given.items()}
    page = admin.post("/automation/deal/new", form, headers={"HX-Request": "true"}).content.decode()
    [chosen, _empty] = re.findall(r'<select[^>]*name="steps.0.kept.value".*?</select>', page, re.DOTALL)
    assert '<option value="price" selected>' in chosen


def test_what_was_given_for_another_way_is_not_kept(admin: Client) -> None:
    make_role("seller", "Продавец")
    form = {"event": "created", "steps.0.step": "assign", "steps.0.how": "turn", "steps.0.role": "seller"}
    admin.post("/automation/deal/new", form | {"steps.0.person": "admin", "steps.0.field": "visit_on"})
    row = Rule.objects.get()
    assert row.definition["steps"] == [{"assign": {"how": "turn", "role": "seller"}}]
    assert row.label == {"ru": "Назначить", "en": "Assign"}


def test_a_rule_without_name_and_steps_is_asked_for_one(admin: Client) -> None:
    assert admin.post("/automation/deal/new", {"event": "created"}).status_code == 422


def test_a_copy_begins_as_the_rule_that_it_copies(admin: Client) -> None:
    rule(CREATED, BONUS, condition="amount > 5")
    page = admin.get("/automation/deal/new?from=rule").content.decode()
    assert "Правило (копия)" in page
    assert "=amount + 1" in page
    assert admin.get("/automation/deal/new?from=absent").status_code == 404


def moved(admin: Client, stage: str, order: str = "one,two") -> str:
    """Drags the robot “one”; gives the address that takes it back."""
    answer = admin.post(
        "/automation/deal/place",
        {"rule": "one", "pipeline": "sales", "stage": stage, "order": order},
        headers={"HX-Request": "true"},
    )
    assert 'id="robots"' in answer.content.decode()
    found = re.search(r'"undo": "([^"]+)"', answer.headers["HX-Trigger"])
    assert found is not None
    return found[1]


def definition(code: str = "one") -> Any:
    return get_rule(code).definition["when"]


def test_a_move_to_another_stage_is_taken_back_whole(admin: Client) -> None:
    rule({"event": "changed", "fields": ["amount"]}, BONUS, code="one", position=0)
    rule(ENTERED, BONUS, code="two", position=1)
    undo = moved(admin, "won", "two,one")
    assert definition() == {"event": "stage_entered", "pipeline": "sales", "stage": "won"}
    assert [get_rule(code).position for code in ("two", "one")] == [0, 1]
    assert admin.post(undo).headers["HX-Refresh"] == "true"
    assert definition() == {"event": "changed", "fields": ["amount"]}
    assert [get_rule(code).position for code in ("one", "two")] == [0, 1]


def test_a_move_is_not_taken_back_over_a_later_change(admin: Client) -> None:
    rule(ENTERED, BONUS, code="one", position=0)
    rule(ENTERED, BONUS, code="two", position=1)
    undo = moved(admin, "won")
    rule({"event": "created"}, BONUS, code="one")
    answer = admin.post(undo)
    assert "HX-Refresh" not in answer.headers
    assert definition() == {"event": "created"}


def test_another_order_alone_makes_no_version(admin: Client) -> None:
    rule(ENTERED, BONUS, code="one", position=0)
    rule(ENTERED, BONUS, code="two", position=1)
    undo = moved(admin, "new", "two,one")
    assert (get_rule("one").version, get_rule("one").position) == (1, 1)
    admin.post(undo)
    assert (get_rule("one").version, get_rule("one").position) == (1, 0)
