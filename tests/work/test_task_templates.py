"""Templates of tasks: kept, used by rules, filled into the form of a new task, read over the API."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.api import client_of
from tests.factories.records import create
from tests.factories.team import Team

from trassa.automation.actions import retire_rule, save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Forbidden, Invalid, frozen
from trassa.schema.actions import changing_schema
from trassa.schema.types import Label
from trassa.work.actions.templates import retire_template, save_template, switch_template
from trassa.work.models import Task, TaskTemplate
from trassa.work.types import TemplateDraft, TemplateSettings

pytestmark = pytest.mark.django_db
#: A Friday, three in the afternoon in Moscow; work ends at six.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PHOTOS = {
    "title": "Снять автомобиль",
    "kind": "todo",
    "who": "one_of_role",
    "role": "head",
    "due": "2 hours",
    "escalation": "1 hour",
    "priority": "high",
    "estimate_minutes": 40,
    "checklist": ["Кузов", "Салон"],
    "whole_checklist": True,
}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with frozen(NOW):
        yield


def template(code: str = "photos", type: str = "deal", **said: Any) -> TaskTemplate:
    settings = TemplateSettings.model_validate(said or PHOTOS)
    return save_template(TemplateDraft(code, Label("Съёмка", "Photos"), settings, type), actor_id=None)


def rule(step: Mapping[str, Any], code: str = "shoot", type: str = "deal") -> None:
    draft = RuleDraft(code, type, Label("Робот"), {"event": "created"}, [{"task": step}])
    save_rule(draft, actor_id=None)


def new_task(team: Team) -> Task:
    """What the rules give for a new deal."""
    deal = create("deal", actor=team.actor("seller"))
    return Task.objects.get(record_id=deal)


def test_a_rule_gives_a_task_as_its_template_says(team: Team) -> None:
    template()
    rule({"template": "photos"})
    task = new_task(team)
    assert (task.title, task.kind, task.priority, task.owner_id) == ("Снять автомобиль", "todo", "high", None)
    assert [seat.holder[0] for seat in task.seats.all()] == ["r"]
    assert task.due_at == NOW + timedelta(hours=2)
    assert (task.escalation, task.estimate_minutes, task.whole_checklist) == ("1 hour", 40, True)
    assert [item["text"] for item in task.checklist] == ["Кузов", "Салон"]
    assert task.code == "photos", "such tasks go by the code of their template"


def test_what_the_step_says_stands_above_its_template(team: Team) -> None:
    template()
    said = {"title": "Переснять", "who": "owner", "due": "1 hour", "checklist": ["Фары"], "code": "again"}
    rule({"template": "photos", **said})
    task = new_task(team)
    assert (task.title, task.owner_id, task.code) == ("Переснять", team.seller.id, "again")
    assert task.due_at == NOW + timedelta(hours=1)
    assert [item["text"] for item in task.checklist] == ["Фары"]
    assert (task.priority, task.escalation) == ("high", "1 hour")


def test_a_changed_template_changes_what_rules_give_from_now_on(team: Team) -> None:
    template()
    rule({"template": "photos"})
    before = new_task(team)
    template(title="Снять на улице", who="owner")
    assert new_task(team).title == "Снять на улице"
    before.refresh_from_db()
    assert before.title == "Снять автомобиль"


def test_one_that_is_switched_off_still_serves_rules(team: Team) -> None:
    template()
    rule({"template": "photos"})
    switch_template("photos", is_active=False, actor_id=None)
    assert new_task(team).title == "Снять автомобиль"


def test_a_template_that_rules_use_cannot_be_removed(team: Team) -> None:
    template()
    rule({"template": "photos"})
    with pytest.raises(Conflict, match="«Робот»"):
        retire_template("photos", actor_id=None)
    retire_rule("shoot", actor_id=None)
    assert retire_template("photos", actor_id=None).retired_at is not None
    with pytest.raises(RuleRefused, match="photos"):
        rule({"template": "photos"})


def test_a_template_is_for_rules_of_its_type_and_says_what_fits_them(team: Team) -> None:
    template()
    with pytest.raises(RuleRefused, match="другого типа"):
        rule({"template": "photos"}, type="car")
    with pytest.raises(RuleRefused):
        rule({"template": "nothing"})
    rule({"template": "photos", "kind": "form", "fields": ["amount"]})
    template("plain", "", title="Что угодно")
    rule({"template": "plain"}, "any", "car")
    with pytest.raises(Invalid, match="Робот"):
        template("plain", "contact", title="Для контактов")


def test_what_is_wrong_with_a_template_is_said_by_its_names(team: Team) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": " "}, "title"),
        ({"title": "А", "due": "soon"}, "due"),
        ({"title": "А", "due": "-1 hour"}, "due"),
        ({"title": "А", "escalation": "1 hour"}, "escalation"),
        ({"title": "А", "who": "one_of_role"}, "role"),
        ({"title": "А", "who": "one_of_role", "role": "nobody"}, "role"),
        ({"title": "А", "who": "person", "person": "nobody"}, "person"),
        ({"title": "А", "who": "field", "person_field": "amount"}, "person_field"),
        ({"title": "А", "kind": "form", "fields": ["nowhere"]}, "fields"),
        ({"title": "А", "fields": ["amount"]}, "fields"),
    ]
    for said, field in wrong:
        with pytest.raises(Invalid) as refused:
            template(**said)
        assert field in refused.value.by_field, said
    with pytest.raises(Invalid):
        template("of_nothing", "", title="А", kind="form", fields=["amount"])


def test_what_a_template_names_of_its_type_cannot_be_taken_away(team: Team) -> None:
    template(title="Сумма", kind="form", fields=["amount"])
    with (
        pytest.raises(Invalid, match="Съёмка"),
        changing_schema(actor_id=None, cause={"kind": "test"}) as change,
    ):
        change.retire_field("deal", "amount")


def test_changes_stand_in_history_and_are_the_administrators(team: Team) -> None:
    row = template()
    template(title="Иначе")
    switch_template("photos", is_active=False, actor_id=team.administrator.id)
    retire_template("photos", actor_id=team.administrator.id)
    entries = list_entries(Stream("task_template", row.id))
    assert [entry.kind for entry in entries] == ["retired", "changed", "changed", "created"]
    assert entries[1].changes == {"is_active": (True, False)}
    assert entries[0].actor_id == team.administrator.id
    with pytest.raises(Forbidden):
        save_template(
            TemplateDraft("own", Label("Своё"), TemplateSettings(title="А")), actor_id=team.seller.id
        )
    template()
    assert list_entries(Stream("task_template", row.id))[0].kind == "restored"


# The form of a new task


def ask(team: Team, who: str = "seller", **sent: Any) -> str:
    """The form as it comes back when a template is chosen."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(getattr(team, who))
    body = {"act": "template", **sent}
    response = client.post("/tasks/new", body)
    assert response.status_code == 200
    return response.content.decode()


def value_of(page: str, name: str) -> str:
    """What stands in an input."""
    from_name = page.split(f'name="{name}"', 1)[1].split(">", 1)[0]
    return from_name.split('value="', 1)[1].split('"', 1)[0] if 'value="' in from_name else ""


def filled(page: str) -> str:
    return value_of(page, "filled").replace("&#34;", '"').replace("&quot;", '"')


def test_choosing_a_template_fills_in_the_form(team: Team) -> None:
    template()
    deal = create("deal", actor=team.actor("seller"))
    page = ask(team, template="photos", record=deal)
    assert value_of(page, "title") == "Снять автомобиль"
    assert value_of(page, "due") == "2026-11-27T17:00"
    assert value_of(page, "estimate_minutes") == "40"
    assert "Кузов\nСалон" in page
    assert 'name="whole_checklist" value="1" checked' in page
    assert value_of(page, "who").startswith("r")


def test_only_what_nobody_has_touched_is_filled_in(team: Team) -> None:
    template()
    template("plain", "", title="Что угодно", text="Очень важно")
    deal = create("deal", actor=team.actor("seller"))
    page = ask(team, template="photos", record=deal, title="Моё", due="2026-12-24T10:00")
    assert (value_of(page, "title"), value_of(page, "due")) == ("Моё", "2026-12-24T10:00")
    assert "Кузов" in page
    # The next one takes the place of what the last one filled in, and of nothing else.
    sent = {
        "checklist": "Кузов\r\nСалон",
        "whole_checklist": "1",
        "estimate_minutes": "55",
        "priority": "high",
    }
    again = ask(team, template="plain", record=deal, title="Моё", filled=filled(page), **sent)
    assert value_of(again, "title") == "Моё"
    assert "Очень важно" in again
    assert "Кузов" not in again
    assert value_of(again, "estimate_minutes") == "55"
    none = ask(team, template="", record=deal, text="Очень важно", filled=filled(again))
    assert "Очень важно" not in none


def test_the_form_offers_what_fits_and_is_switched_on(team: Team) -> None:
    template()
    template("plain", "", title="Что угодно")
    template("off", "", title="Больше нет")
    template("cars", "car", title="Про автомобиль")
    switch_template("off", is_active=False, actor_id=None)
    deal = create("deal", actor=team.actor("seller"))

    def offered(address: str) -> list[str]:
        client = Client(headers={"HX-Request": "true"})
        client.force_login(team.seller)
        page = client.get(address).content.decode()
        choice = page.split('name="template"', 1)[1].split("</select>", 1)[0]
        return [part.split('"', 1)[0] for part in choice.split('<option value="')[1:]]

    assert offered(f"/tasks/new?record={deal}") == ["", "photos", "plain"]
    assert offered("/tasks/new") == ["", "plain"]


def test_a_template_of_another_type_fills_in_nothing(team: Team) -> None:
    template()
    assert value_of(ask(team, template="photos"), "title") == ""


def test_a_task_that_began_with_a_template_goes_by_its_code_and_escalates_like_it(team: Team) -> None:
    template()
    deal = create("deal", actor=team.actor("seller"))
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    body = {"template": "photos", "record": deal, "title": "Снять", "due": "2026-12-24T10:00"}
    assert client.post("/tasks/new", body).status_code == 204
    task = Task.objects.get(record_id=deal)
    assert (task.code, task.escalation, task.owner_id) == ("photos", "1 hour", team.seller.id)


def test_a_template_means_people_by_the_record(team: Team) -> None:
    template("visit", title="Осмотр", who="field", person_field="appraiser")
    template("own", title="Своё", who="owner")
    fields = {"appraiser": team.head.id}
    deal = create("deal", actor=team.actor("seller"), fields=fields)
    assert value_of(ask(team, template="visit", record=deal), "who") == f"p{team.head.id}"
    assert value_of(ask(team, template="own", record=deal), "who") == f"p{team.seller.id}"


# Pages of the administrator


def boss(team: Team) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.administrator)
    return client


def test_an_administrator_makes_changes_switches_off_and_removes_templates(team: Team) -> None:
    client = boss(team)
    body = {"label_ru": "Звонок", "title": "Позвонить", "kind": "call", "who": "owner", "is_active": "1"}
    assert client.post("/task-templates/new", {**body, "title": ""}).status_code == 422
    made = client.post("/task-templates/new", {**body, "checklist": "Имя\r\n\r\nТелефон", "type": "deal"})
    assert made.status_code == 204
    [row] = TaskTemplate.objects.all()
    assert row.code.startswith("x_task_")
    assert row.definition == {"title": "Позвонить", "kind": "call", "checklist": ["Имя", "Телефон"]}
    place = f"/task-templates/{row.code}/"
    assert client.post(place, {**body, "title": "Перезвонить", "due": "1 hour"}).status_code == 204
    row.refresh_from_db()
    assert row.definition == {"title": "Перезвонить", "kind": "call", "due": "1 hour"}
    assert row.type_id is not None
    rule({"template": row.code})
    page = client.get("/task-templates/").content.decode()
    assert "Перезвонить" in page
    assert "Робот" in page
    client.post(f"{place}switch", {"is_active": "no"})
    row.refresh_from_db()
    assert not row.is_active
    refused = client.post(f"{place}retire")
    assert "Робот" in json.dumps(json.loads(refused.headers["HX-Trigger"]), ensure_ascii=False)
    row.refresh_from_db()
    assert row.retired_at is None


def test_the_form_of_a_template_shows_what_its_choices_ask_for(team: Team) -> None:
    body = {"act": "refresh", "type": "deal", "kind": "form", "who": "one_of_role", "title": "Начато"}
    page = boss(team).post("/task-templates/new", body).content.decode()
    assert 'name="role"' in page
    assert 'name="fields" value="amount"' in page
    assert value_of(page, "title") == "Начато"


def test_a_rule_is_edited_with_its_template(team: Team) -> None:
    template()
    rule({"template": "photos", "who": "owner"})
    page = boss(team).get("/automation/deal/rules/shoot/").content.decode()
    choice = page.split('name="steps.0.template"', 1)[1].split("</select>", 1)[0]
    assert '<option value="photos" selected>' in choice
    body = {"event": "created", "is_active": "1", "label_ru": "Робот", "steps.0.step": "task"}
    body |= {"steps.0.template": "photos", "steps.0.who": "head", "steps.0.kind": "call"}
    saved = boss(team).post("/automation/deal/rules/shoot/", body)
    assert saved.status_code == 204, saved.content.decode()[:1500]
    overview = boss(team).get("/automation/deal/").content.decode()
    assert "Снять автомобиль" in overview


# API


def test_templates_are_read_over_the_api(team: Team) -> None:
    template(title="Сумма", kind="form", fields=["amount"], who="one_of_role", role="seller", due="1 hour")
    template("plain", "", title="Что угодно")
    api = client_of(team, "seller")
    items = api.get("task-templates").json()["items"]
    assert [each["code"] for each in items] == ["photos", "plain"]
    assert items[0] == {
        "code": "photos",
        "label": {"ru": "Съёмка", "en": "Photos"},
        "type": "deal",
        "active": True,
        "kind": "form",
        "title": "Сумма",
        "text": "",
        "who": "one_of_role",
        "person": None,
        "person_field": None,
        "role": "seller",
        "department": None,
        "due": "1 hour",
        "due_field": None,
        "due_offset": None,
        "repeat": None,
        "escalation": None,
        "priority": "normal",
        "estimate_minutes": None,
        "checklist": [],
        "whole_checklist": False,
        "fields": ["amount"],
        "file_kind": None,
    }
    assert [each["code"] for each in api.get("task-templates", type="car").json()["items"]] == ["plain"]
    assert api.get("task-templates/photos").json() == items[0]
    assert api.get("task-templates/none").status_code == 404
    newcomer = client_of(team, "newcomer")
    assert [each["code"] for each in newcomer.get("task-templates").json()["items"]] == ["plain"]
    assert newcomer.get("task-templates/photos").status_code == 404
    assert newcomer.get("task-templates", type="deal").status_code == 422
