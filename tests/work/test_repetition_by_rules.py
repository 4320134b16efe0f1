"""Series of tasks that rules and templates begin: once for each run, in few statements, ended together."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.api import client_of
from tests.factories.records import create, move, statements_of_moving
from tests.factories.tasks import as_actor
from tests.factories.team import Team

from trassa.automation.actions import save_rule
from trassa.automation.errors import RuleRefused
from trassa.automation.queries import due_of_timers
from trassa.automation.types import RuleDraft
from trassa.kernel import Invalid, frozen
from trassa.schema.types import Label
from trassa.work.actions import complete_task
from trassa.work.actions.repeating import go_on, repeat_ended
from trassa.work.actions.templates import save_template
from trassa.work.models import Series, Task, TaskTemplate
from trassa.work.types import TemplateDraft, TemplateSettings

pytestmark = pytest.mark.django_db
#: A Friday, three in the afternoon in Moscow.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
WEEKLY = {"title": "Отчёт", "due": "1 day", "repeat": "freq=weekly;byday=mo", "code": "report"}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with frozen(NOW):
        yield


def rule(step: Mapping[str, Any], when: Mapping[str, Any] | None = None, code: str = "reports") -> None:
    draft = RuleDraft(code, "deal", Label("Отчёты"), when or {"event": "created"}, [step])
    save_rule(draft, actor_id=None)


def test_a_rule_begins_a_series_whose_next_task_comes_by_itself(team: Team) -> None:
    rule({"task": {**WEEKLY, "days_off": "next"}})
    deal = create("deal", actor=team.actor("seller"))
    [series] = Series.objects.all()
    assert (series.rule, series.days_off, series.after_end) == ("FREQ=WEEKLY;BYDAY=MO", "next", False)
    [first] = Task.objects.all()
    assert (first.series_id, first.due_at) == (series.pk, NOW + timedelta(days=1))
    assert due_of_timers("work.repetition", [str(series.pk)]) == {str(series.pk): first.due_at}
    complete_task(first.pk, actor=team.actor("seller"))
    repeat_ended([first.pk])
    second = Task.objects.get(state="open")
    assert (second.record_id, second.owner_id, second.code) == (deal, team.seller.id, "report")
    assert second.due_at == datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_counted_from_completion_it_waits_for_no_moment(team: Team) -> None:
    rule({"task": {**WEEKLY, "repeat": "FREQ=DAILY;INTERVAL=3", "after_end": True}})
    create("deal", actor=team.actor("seller"))
    [series] = Series.objects.all()
    assert series.after_end
    assert due_of_timers("work.repetition", [str(series.pk)]) == {}


def test_a_series_is_made_once_for_each_run_and_place(team: Team) -> None:
    stage = {"event": "stage_entered", "stage": "lost"}
    rule({"task": WEEKLY}, stage)
    deal = create("deal", actor=team.actor("seller"))
    move("deal", deal, "lost", reason="price")
    assert Series.objects.count() == 1
    key = Task.objects.get().key
    assert key is not None
    move("deal", deal, "new")
    move("deal", deal, "lost", reason="price")
    assert Series.objects.count() == 2, "another run is another series"


def test_many_series_cost_as_many_statements_as_a_few(team: Team) -> None:
    rule({"task": WEEKLY}, {"event": "stage_entered", "stage": "lost"})
    rule({"end_tasks": {"code": "report"}}, {"event": "stage_left", "stage": "lost"}, "over")
    deals = [create("deal", actor=team.actor("seller")) for _each in range(12)]

    boss = team.actor("administrator")
    statements_of_moving("lost", deals[:1], boss)
    assert statements_of_moving("lost", deals[1:3], boss) == statements_of_moving("lost", deals[3:], boss)
    assert Series.objects.filter(ended_at=None).count() == len(deals)
    statements_of_moving("new", deals[:1], boss)
    assert statements_of_moving("new", deals[1:3], boss) == statements_of_moving("new", deals[3:], boss)
    assert Series.objects.filter(ended_at=None).count() == 0


def test_ending_the_tasks_ends_their_series_too(team: Team) -> None:
    rule({"task": WEEKLY}, {"event": "stage_entered", "stage": "new"})
    rule({"end_tasks": {"code": "report"}}, {"event": "stage_left", "stage": "new"}, "over")
    deal, other = (create("deal", actor=team.actor("seller")) for _each in range(2))
    # One that is between two of its tasks ends as well.
    complete_task(Task.objects.get(record_id=deal).pk, actor=team.actor("seller"))
    move("deal", deal, "lost", reason="price")
    ended = Series.objects.get(ended_at__isnull=False)
    assert go_on(ended.pk) is None
    assert due_of_timers("work.repetition", [str(ended.pk)]) == {}
    assert Task.objects.filter(record_id=deal, state="open").count() == 0
    assert Series.objects.get(ended_at=None).last_id == Task.objects.get(record_id=other).pk


@pytest.mark.parametrize(
    "said",
    [
        {"repeat": "FREQ=HOURLY"},
        {"repeat": "FREQ=DAILY", "due": ""},
        {"repeat": "FREQ=WEEKLY;BYDAY=MO", "after_end": True},
        {"repeat": "FREQ=DAILY", "due": "", "due_field": "visit_on"},
    ],
)
def test_a_repetition_that_makes_no_sense_is_refused(team: Team, said: Mapping[str, Any]) -> None:
    step = {name: value for name, value in {"title": "А", "due": "1 day", **said}.items() if value}
    with pytest.raises(RuleRefused):
        rule({"task": step})
    with pytest.raises(Invalid):
        template(**step)


def template(**said: Any) -> TaskTemplate:
    settings = TemplateSettings.model_validate(said)
    return save_template(TemplateDraft("report", Label("Отчёт"), settings, "deal"), actor_id=None)


def test_a_template_repeats_in_rules_in_the_form_and_over_the_api(team: Team) -> None:
    template(title="Отчёт", due="1 day", repeat="freq=weekly;byday=mo,th", days_off="skip")
    rule({"task": {"template": "report"}})
    deal = create("deal", actor=team.actor("seller"))
    assert Series.objects.get().rule == "FREQ=WEEKLY;BYDAY=MO,TH"
    told = client_of(team, "seller").get("task-templates/report").json()["repeat"]
    assert told == {"rule": "FREQ=WEEKLY;BYDAY=MO,TH", "after_end": False, "days_off": "skip"}
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.seller)
    sent = {"act": "template", "template": "report", "record": deal}
    page = client.post("/tasks/new", sent).content.decode()
    assert '<option value="week" selected>' in page
    assert 'name="repeat_on" value="TH" id="repeat-on-TH" checked' in page
    own = {"title": "Отчёт", "template": "report", "record": deal, "due": "2026-12-01T10:00"}
    days = {"repeat": "week", "repeat_every": "1", "repeat_on": ["MO", "TH"], "repeat_days_off": "skip"}
    assert client.post("/tasks/new", {**own, **days}).status_code == 204
    assert Series.objects.count() == 2
    # What a rule says of another repetition takes the place of the whole one.
    rule({"task": {"template": "report", "repeat": "FREQ=DAILY"}}, code="other")
    create("deal", actor=as_actor(team.seller))
    found = Series.objects.filter(rule="FREQ=DAILY").get()
    assert found.days_off == "keep"


def test_an_administrator_says_how_a_template_repeats_in_the_words_of_the_form(team: Team) -> None:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(team.administrator)
    body = {"label_ru": "Отчёт", "title": "Отчёт", "due": "1 day", "is_active": "1", "type": "deal"}
    days = {"repeat": "week", "repeat_every": "2", "repeat_on": ["MO"], "repeat_days_off": "next"}
    assert client.post("/task-templates/new", {**body, **days}).status_code == 204
    row = TaskTemplate.objects.get()
    assert (row.definition["repeat"], row.definition["days_off"]) == (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "next",
    )
    page = client.get(f"/task-templates/{row.code}/").content.decode()
    assert '<option value="week" selected>' in page
    assert client.post("/task-templates/new", {**body, **days, "due": ""}).status_code == 422
    template(title="Отчёт", due="1 day", repeat="FREQ=MONTHLY;BYMONTHDAY=15")
    sent = {**body, "repeat": "own", "title": "Иначе"}
    assert client.post("/task-templates/report/", sent).status_code == 204
    assert TaskTemplate.objects.get(code="report").definition["repeat"] == "FREQ=MONTHLY;BYMONTHDAY=15"
