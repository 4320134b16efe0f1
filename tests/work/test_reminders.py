"""Reminders come once, follow the date that they are about, and say so when they are late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.api import client_of, errors_of
from tests.factories.people import make_calendar
from tests.factories.records import create, edit, write
from tests.factories.tasks import as_actor, give
from tests.factories.team import Team
from tests.work.outbox import follow

from trassa.access.queries import Actor
from trassa.automation.actions import fire_due
from trassa.automation.models import Timer
from trassa.kernel import Invalid, NotFound, frozen, now
from trassa.people.actions import change_person
from trassa.people.models import Calendar, Person
from trassa.people.types import Duration
from trassa.records.types import Change, Write
from trassa.schema.queries import current_generation, pin_generation
from trassa.work.actions import change_task, complete_task, delegate_task
from trassa.work.actions.reminders import MOST, remove_reminder, set_reminder
from trassa.work.models import Reminder
from trassa.work.queries.notices import list_notices
from trassa.work.queries.reminders import list_reminders
from trassa.work.reminder_types import ReminderDraft

pytestmark = pytest.mark.django_db

TWO_HOURS = Duration.parse("-2 hours")


@pytest.fixture
def seller(team: Team) -> Actor:
    return team.actor("seller")


def visit() -> str:
    return current_generation().types["deal"].by_code["visit_on"].column


def on_visit(deal: int, offset: str = "-2 hours") -> ReminderDraft:
    return ReminderDraft(record_id=deal, column=visit(), offset=Duration.parse(offset))


def in_hours(hours: float) -> datetime:
    return now() + timedelta(hours=hours)


def serve(moment: datetime) -> None:
    """What the worker does at a moment."""
    with frozen(moment):
        fire_due()
        follow()


def reminded(actor: Actor) -> list[str]:
    return [line.text for line in list_notices(actor, kinds=["reminder"])]


def call_in(hours: float, owner: Person, **given: Any) -> int:
    task = give("Позвонить", owner_id=owner.id, due_at=in_hours(hours), **given)
    follow()
    return task


def test_a_task_reminds_some_time_before_its_deadline_and_once(team: Team, seller: Actor) -> None:
    task = call_in(10, team.seller)
    for offset in ("-2 hours", "-30 minutes"):
        set_reminder(ReminderDraft(task_id=task, offset=Duration.parse(offset)), actor=seller)
    serve(in_hours(7.9))
    assert reminded(seller) == []
    serve(in_hours(8.01))
    assert len(reminded(seller)) == 1
    serve(in_hours(8.02))
    assert len(reminded(seller)) == 1
    [line] = list_notices(seller, kinds=["reminder"])
    assert line.quote == "Позвонить"
    serve(in_hours(9.6))
    assert len(reminded(seller)) == 2


def test_a_reminder_moves_with_the_deadline_of_its_task(team: Team, seller: Actor) -> None:
    task = call_in(10, team.seller)
    set_reminder(ReminderDraft(task_id=task, offset=TWO_HOURS), actor=seller)
    change_task(task, {"due_at": in_hours(20)}, actor=seller)
    follow()
    serve(in_hours(9))
    assert reminded(seller) == []
    serve(in_hours(18.01))
    assert len(reminded(seller)) == 1
    change_task(task, {"due_at": in_hours(30)}, actor=seller)
    follow()
    serve(in_hours(28.01))
    assert len(reminded(seller)) == 2


def test_a_task_that_has_ended_reminds_nobody(team: Team, seller: Actor) -> None:
    task = call_in(10, team.seller)
    set_reminder(ReminderDraft(task_id=task, offset=TWO_HOURS), actor=seller)
    complete_task(task, actor=seller)
    follow()
    assert Timer.objects.filter(purpose="work.reminder").count() == 0
    serve(in_hours(9))
    assert reminded(seller) == []


def test_who_has_no_part_in_a_task_any_more_is_not_reminded(team: Team, seller: Actor) -> None:
    task = call_in(10, team.seller)
    set_reminder(ReminderDraft(task_id=task, offset=TWO_HOURS), actor=seller)
    delegate_task(task, owner_id=team.head.id, actor=seller)
    follow()
    serve(in_hours(8.1))
    assert reminded(seller) == []


def test_a_date_of_a_record_reminds_and_takes_the_reminder_along(team: Team, seller: Actor) -> None:
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    set_reminder(on_visit(deal, "-1 day"), actor=seller)
    edit("deal", deal, visit_on="2090-07-10")
    serve(datetime.fromisoformat("2090-06-09T00:01:00+03:00"))
    assert reminded(seller) == []
    serve(datetime.fromisoformat("2090-07-09T00:01:00+03:00"))
    assert len(reminded(seller)) == 1
    [line] = list_notices(seller, kinds=["reminder"])
    assert line.record_id == deal


def test_a_date_that_moves_after_the_reminder_has_come_reminds_again(team: Team, seller: Actor) -> None:
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    set_reminder(on_visit(deal), actor=seller)
    for _time in range(2):
        serve(datetime.fromisoformat("2090-06-10T00:01:00+03:00"))
    assert len(reminded(seller)) == 1
    edit("deal", deal, visit_on="2090-08-01")
    serve(datetime.fromisoformat("2090-08-01T00:01:00+03:00"))
    assert len(reminded(seller)) == 2


def test_a_record_that_comes_back_from_the_bin_does_not_remind_twice(team: Team, seller: Actor) -> None:
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    set_reminder(on_visit(deal), actor=seller)
    moment = datetime.fromisoformat("2090-06-10T00:01:00+03:00")
    serve(moment)
    write(Write(Change.BIN, "deal", id=deal))
    write(Write(Change.RESTORE, "deal", id=deal))
    serve(moment + timedelta(minutes=1))
    assert len(reminded(seller)) == 1


def test_a_record_without_the_date_waits_for_it(team: Team, seller: Actor) -> None:
    deal = create("deal", actor=seller)
    set_reminder(on_visit(deal), actor=seller)
    [line] = list_reminders(seller)
    assert line.due_at is None
    edit("deal", deal, visit_on="2090-06-10")
    [line] = list_reminders(seller)
    assert line.due_at == datetime.fromisoformat("2090-06-09T22:00:00+03:00")


def test_a_reminder_that_is_late_says_so_in_the_time_of_the_person(team: Team, seller: Actor) -> None:
    omsk = make_calendar(zone="Asia/Omsk")
    change_person(
        Person.objects.get(id=team.seller.id), calendar=Calendar.objects.get(id=omsk.id), actor_id=None
    )
    set_reminder(
        ReminderDraft(at=datetime.fromisoformat("2090-06-10T09:00:00+03:00"), note="Страховка"), actor=seller
    )
    serve(datetime.fromisoformat("2090-06-10T12:00:00+03:00"))
    [text] = reminded(seller)
    assert "Страховка" in text
    assert text.count("12:00") == 2, text
    assert "опозданием" in text


def test_working_hours_count_by_the_calendar_of_the_person(team: Team, seller: Actor) -> None:
    office = make_calendar(zone="Europe/Moscow")
    change_person(
        Person.objects.get(id=team.seller.id), calendar=Calendar.objects.get(id=office.id), actor_id=None
    )
    monday = datetime.fromisoformat("2090-06-12T10:00:00+03:00")
    task = give("Позвонить", owner_id=team.seller.id, due_at=monday)
    set_reminder(
        ReminderDraft(task_id=task, offset=Duration.parse("-2 working hours")), actor=as_actor(team.seller)
    )
    [line] = list_reminders(as_actor(team.seller))
    assert line.due_at == datetime.fromisoformat("2090-06-09T17:00:00+03:00")


def test_the_same_reminder_is_set_once_and_too_many_are_refused(team: Team, seller: Actor) -> None:
    task = call_in(10, team.seller)
    ids = {set_reminder(ReminderDraft(task_id=task, offset=TWO_HOURS), actor=seller) for _time in range(3)}
    assert len(ids) == 1
    for number in range(1, MOST):
        set_reminder(ReminderDraft(task_id=task, offset=Duration(-number, "minute")), actor=seller)
    with pytest.raises(Invalid):
        set_reminder(ReminderDraft(task_id=task, offset=Duration(-50, "minute")), actor=seller)


def test_nobody_is_reminded_of_what_is_not_there_for_them(team: Team, seller: Actor) -> None:
    other = create("deal", actor=team.actor("head"), fields={"visit_on": "2090-06-10"})
    task = give("Чужое", owner_id=team.head.id)
    for draft in (on_visit(other), ReminderDraft(task_id=task, offset=TWO_HOURS)):
        with pytest.raises(NotFound):
            set_reminder(draft, actor=seller)
    deal = create("deal", actor=seller)
    wrong = [
        ReminderDraft(record_id=deal, column="owner_id", offset=TWO_HOURS),
        ReminderDraft(record_id=deal, offset=TWO_HOURS),
        ReminderDraft(at=now() - timedelta(minutes=1)),
        ReminderDraft(),
    ]
    for draft in wrong:
        with pytest.raises(Invalid):
            set_reminder(draft, actor=seller)


def test_what_went_out_of_reach_is_neither_told_nor_listed(team: Team, seller: Actor) -> None:
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    set_reminder(on_visit(deal), actor=seller)
    write(Write(Change.EDIT, "deal", id=deal, version=1, owner=team.other_seller.id))
    serve(datetime.fromisoformat("2090-06-10T00:01:00+03:00"))
    assert reminded(seller) == []
    assert list_reminders(seller) == []


def test_people_remove_their_own_reminders_only(team: Team, seller: Actor) -> None:
    id = set_reminder(ReminderDraft(at=in_hours(1)), actor=seller)
    with pytest.raises(NotFound):
        remove_reminder(id, actor=team.actor("head"))
    remove_reminder(id, actor=seller)
    assert (Reminder.objects.count(), Timer.objects.filter(purpose="work.reminder").count()) == (0, 0)


def test_many_reminders_cost_as_many_statements_as_a_few(team: Team, seller: Actor) -> None:
    counts = []
    for number in (5, 50):
        due = in_hours(1)
        for each in range(number):
            set_reminder(ReminderDraft(at=due + timedelta(seconds=each)), actor=seller)
        with frozen(due + timedelta(minutes=2)), pin_generation(), CaptureQueriesContext(connection) as asked:
            fire_due()
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert len(reminded(seller)) == 50  # a page of them


def test_the_dialog_adds_shows_and_removes(team: Team, seller: Actor) -> None:
    browser = Client(headers={"HX-Request": "true"})
    browser.force_login(team.seller)
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    form = {"amount": "2", "unit": "hour", "field": "visit_on", "note": "Взять ключи"}
    page = browser.post(f"/r/deal/{deal}/reminders", form).content.decode()
    assert "Взять ключи" in page
    assert browser.post(f"/r/deal/{deal}/reminders", form | {"amount": "x"}).status_code == 422
    assert browser.post(f"/r/deal/{deal}/reminders", {"at": "2020-01-01T10:00"}).status_code == 422
    task = call_in(10, team.seller)
    assert (
        "Позвонить"
        in browser.get(f"/tasks/{task}/reminders", headers={"HX-Request": "true"}).content.decode()
    )
    assert "Взять ключи" in browser.get("/reminders/").content.decode()
    id = Reminder.objects.get().id
    browser.post(f"/reminders/{id}/remove")
    assert Reminder.objects.count() == 0


def test_the_api_sets_lists_and_removes(team: Team, seller: Actor) -> None:
    api = client_of(team, "seller")
    deal = create("deal", actor=seller, fields={"visit_on": "2090-06-10"})
    made = api.post("reminders", {"record": deal, "field": "visit_on", "offset": "-2 hours"})
    assert made.status_code == 201
    assert made.json()["due_at"] == "2090-06-09T19:00:00Z"
    assert api.get("reminders", record=str(deal)).json()["items"] == [made.json()]
    assert errors_of(api.post("reminders", {"record": deal, "field": "amount", "offset": "-2 hours"})) == {
        "field": "unknown_field"
    }
    assert api.post("reminders", {"record": deal, "field": "visit_on", "offset": "soon"}).status_code == 422
    assert api.delete(f"reminders/{made.json()['id']}").status_code == 204
    assert api.get("reminders").json()["items"] == []


def browser_of(team: Team, who: str = "seller") -> Client:
    client = Client()
    client.force_login(getattr(team, who))
    return client


def test_a_new_task_takes_several_reminders_along(team: Team, seller: Actor) -> None:
    sent = {"title": "Позвонить", "due": f"{in_hours(30):%Y-%m-%dT%H:%M}", "remind": ["-2 hours", "-1 day"]}
    assert browser_of(team).post("/tasks/new", sent, headers={"HX-Request": "true"}).status_code == 204
    lines = list_reminders(seller)
    assert sorted(str(line.offset) for line in lines) == sorted(
        str(Duration.parse(each)) for each in sent["remind"]
    )
    assert all(line.due_at is not None for line in lines)


def test_the_form_of_a_task_ticks_what_there_is_and_takes_back_what_is_not_ticked(
    team: Team, seller: Actor
) -> None:
    task = call_in(30, team.seller)
    for offset in ("-2 hours", "-3 hours"):
        set_reminder(ReminderDraft(task_id=task, offset=Duration.parse(offset)), actor=seller)
    client = browser_of(team)
    form = client.get(f"/tasks/{task}/edit", headers={"HX-Request": "true"}).content.decode()
    assert 'value="-2 hours" checked' in form
    assert 'value="-1 hour" checked' not in form
    sent = {"title": "Позвонить", "due": f"{in_hours(30):%Y-%m-%dT%H:%M}", "priority": "normal"}
    answer = client.post(
        f"/tasks/{task}/edit", {**sent, "remind": ["-1 hour"]}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    expected = {str(Duration.parse(each)) for each in ("-1 hour", "-3 hours")}
    assert {str(line.offset) for line in list_reminders(seller)} == expected


def test_the_page_of_a_task_has_a_button_and_names_the_reminders_of_its_reader(
    team: Team, seller: Actor
) -> None:
    task = call_in(30, team.seller)
    set_reminder(ReminderDraft(task_id=task, offset=TWO_HOURS), actor=seller)
    page = browser_of(team).get(f"/tasks/{task}/").content.decode()
    assert f"/tasks/{task}/reminders" in page
    assert "за 2 часа" in page or "2 часа" in page
    assert "2 часа" not in browser_of(team, "administrator").get(f"/tasks/{task}/").content.decode()


def test_all_reminders_are_read_in_as_many_queries_as_a_few(team: Team, seller: Actor) -> None:
    def set_some(count: int) -> None:
        for _number in range(count):
            set_reminder(ReminderDraft(task_id=call_in(30, team.seller), offset=TWO_HOURS), actor=seller)
            deal = create("deal", actor=seller, fields={"visit_on": "2030-01-01"})
            set_reminder(on_visit(deal), actor=seller)
            about = call_in(30, team.seller, record_id=deal)
            set_reminder(ReminderDraft(task_id=about, offset=TWO_HOURS), actor=seller)

    set_some(1)
    with CaptureQueriesContext(connection) as few:
        assert len(list_reminders(seller)) == 3
    set_some(8)
    with CaptureQueriesContext(connection) as many:
        assert len(list_reminders(seller)) == 27
    assert len(many) <= len(few)
