"""Tasks that come again: once each, for this one and for the following ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.api import client_of, errors_of
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.clock import AFTERNOON
from tests.work.outbox import follow

from trassa.automation.actions import fire_due
from trassa.kernel import Invalid, frozen
from trassa.people.actions import dismiss_person
from trassa.people.types import Duration
from trassa.work.actions import cancel_task, change_task, complete_task, delegate_task
from trassa.work.actions.reminders import set_reminder
from trassa.work.actions.repeating import MOST_OPEN, go_on
from trassa.work.models import Reminder, Series, Task
from trassa.work.queries import get_task
from trassa.work.reminder_types import ReminderDraft
from trassa.work.repetition import Repetition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("afternoon")]
#: The same day, six in the evening.
DUE = datetime(2026, 11, 27, 15, tzinfo=UTC)
DAILY = Repetition("FREQ=DAILY")


def repeated(team: Team, rule: Repetition = DAILY, **more: Any) -> int:
    return give(
        "Обход парковки",
        **{"by": team.actor("seller"), "owner_id": team.seller.id, "due_at": DUE, "repetition": rule, **more},
    )


def moments() -> list[datetime | None]:
    return [task.due_at for task in Task.objects.order_by("id")]


def done(team: Team, id: int) -> None:
    complete_task(id, actor=team.actor("seller"))
    follow(only=["work.follow_tasks"], twice=True)


def test_the_next_task_comes_when_the_last_one_ends_and_only_once(team: Team) -> None:
    id = repeated(
        team, text="Оба яруса", priority="high", checklist=["Север", "Юг"], observers=[team.head.id]
    )
    set_reminder(ReminderDraft(task_id=id, offset=Duration.parse("-2 hours")), actor=team.actor("seller"))
    done(team, id)
    first, second = Task.objects.order_by("id")
    assert second.due_at == DUE + timedelta(days=1)
    line = get_task(team.actor("seller"), second.pk)
    assert (line.title, line.text, line.priority) == ("Обход парковки", "Оба яруса", "high")
    assert [item.text for item in line.checklist] == ["Север", "Юг"]
    assert (line.owner_id, line.author_id) == (team.seller.id, team.seller.id)
    assert line.holders("observer").people == [team.head.id]
    assert Reminder.objects.get(task=second).offset == "-2 hours"
    assert first.state == "done"


def test_what_was_missed_is_not_made_up_for(team: Team) -> None:
    id = repeated(team)
    with frozen(AFTERNOON + timedelta(days=5)):
        done(team, id)
    assert moments() == [DUE, DUE + timedelta(days=5)]


def test_by_the_calendar_the_next_one_comes_when_the_moment_has_come(team: Team) -> None:
    repeated(team)
    for _time in range(2):
        with frozen(DUE + timedelta(minutes=1)):
            fire_due()
    assert moments() == [DUE, DUE + timedelta(days=1)]


def test_a_series_that_nobody_works_on_waits_instead_of_heaping_up(team: Team) -> None:
    first = repeated(team)
    for day in range(10):
        with frozen(DUE + timedelta(days=day, minutes=1)):
            fire_due()
    assert Task.objects.count() == MOST_OPEN
    with frozen(DUE + timedelta(days=9, minutes=5)):
        done(team, first)
    assert moments()[-1] == DUE + timedelta(days=10)


def test_a_moment_twice_makes_one_task(team: Team) -> None:
    id = repeated(team)
    series = Series.objects.get()
    assert go_on(series.pk) is None
    complete_task(id, actor=team.actor("seller"))
    assert go_on(series.pk) is not None
    assert go_on(series.pk) is None
    assert Task.objects.count() == 2


def test_counted_from_the_end_nothing_comes_before_that(team: Team) -> None:
    id = repeated(team, Repetition("FREQ=DAILY;INTERVAL=3", after_end=True))
    with frozen(DUE + timedelta(days=1)):
        assert fire_due() == 0
        done(team, id)
    assert moments() == [DUE, DUE + timedelta(days=4)]


def test_a_series_ends_after_as_many_as_it_says(team: Team) -> None:
    done(team, repeated(team, Repetition("FREQ=DAILY;COUNT=2")))
    done(team, Task.objects.order_by("-id")[0].pk)
    assert Task.objects.count() == 2
    assert Series.objects.get().ended_at is not None


def test_a_change_is_for_this_one_or_for_the_following_ones_too(team: Team) -> None:
    seller = team.actor("seller")
    id = repeated(team)
    change_task(id, {"title": "Обход склада"}, actor=seller)
    change_task(id, {"priority": "high", "due_at": DUE - timedelta(hours=3)}, following=True, actor=seller)
    done(team, id)
    following = Task.objects.order_by("-id")[0]
    assert (following.title, following.priority) == ("Обход парковки", "high")
    assert following.due_at == DUE + timedelta(days=1, hours=-3)


def test_another_day_for_this_one_leaves_the_others_where_they_are(team: Team) -> None:
    id = repeated(team)
    change_task(id, {"due_at": DUE + timedelta(hours=3)}, actor=team.actor("seller"))
    done(team, id)
    assert moments()[-1] == DUE + timedelta(days=1)


def test_what_is_passed_on_with_the_following_ones_goes_there_next_time_as_well(team: Team) -> None:
    id = repeated(team, by=team.actor("head"))
    delegate_task(id, owner_id=team.other_seller.id, following=True, actor=team.actor("head"))
    complete_task(id, actor=team.actor("other_seller"))
    follow(only=["work.follow_tasks"])
    assert Task.objects.order_by("-id")[0].owner_id == team.other_seller.id


def test_repetition_begins_changes_and_ends_with_a_task_that_is_there(team: Team) -> None:
    seller = team.actor("seller")
    id = give("Обход", by=seller, due_at=DUE, checklist=["Север"])
    change_task(id, {"repetition": DAILY}, actor=seller)
    assert get_task(seller, id).repetition == DAILY
    change_task(id, {"repetition": Repetition("FREQ=WEEKLY")}, actor=seller)
    done(team, id)
    [second] = Task.objects.filter(state="open")
    assert (second.due_at, len(second.checklist)) == (DUE + timedelta(days=7), 1)
    change_task(second.pk, {"repetition": None}, actor=seller)
    done(team, second.pk)
    assert Task.objects.count() == 2


def test_cancelling_one_leaves_the_others_and_cancelling_the_following_ones_ends_the_series(
    team: Team,
) -> None:
    seller = team.actor("seller")
    cancel_task(repeated(team), actor=seller)
    follow(only=["work.follow_tasks"])
    [second] = Task.objects.filter(state="open")
    cancel_task(second.pk, following=True, actor=seller)
    follow(only=["work.follow_tasks"])
    assert not Task.objects.filter(state="open").exists()


def test_what_repeats_says_when_it_is_due_first(team: Team) -> None:
    with pytest.raises(Invalid) as error:
        repeated(team, due_at=None)
    assert [(each.field, each.code) for each in error.value.errors] == [("due", "required")]


def test_whoever_has_left_gets_no_further_tasks(team: Team) -> None:
    id = repeated(team, by=team.actor("head"), observers=[team.other_seller.id])
    complete_task(id, actor=team.actor("seller"))
    dismiss_person(team.seller, actor_id=None)
    dismiss_person(team.other_seller, actor_id=None)
    follow(only=["work.follow_tasks"])
    assert [task.owner_id for task in Task.objects.filter(state="open")] in ([], [team.head.id])


def test_repetition_over_the_api(team: Team) -> None:
    api = client_of(team, "seller")
    rule = {"rule": "freq=weekly;byday=mo,th", "days_off": "next"}
    given = api.post("tasks", {"title": "Обход", "due": "2026-11-27T18:00:00+03:00", "repeat": rule}).json()
    assert given["repeat"] == {"rule": "FREQ=WEEKLY;BYDAY=MO,TH", "after_end": False, "days_off": "next"}
    place = f"tasks/{given['id']}"
    bad = {"title": "Обход", "due": "2026-11-27T18:00:00+03:00", "repeat": {"rule": "FREQ=SECONDLY"}}
    assert errors_of(api.post("tasks", bad)) == {"repeat": "invalid"}
    assert api.patch(place, {"title": "Обход склада", "following": True}).status_code == 200
    assert Series.objects.get().pattern["title"] == "Обход склада"
    assert api.patch(place, {"repeat": None}).json()["repeat"] is None


def test_the_form_asks_for_repetition_in_a_few_words(team: Team) -> None:
    client = Client()
    client.force_login(team.seller)
    sent = {"title": "Обход", "due": "2026-11-27T18:00", "repeat": "week", "repeat_on": ["MO", "TH"]}
    assert client.post("/tasks/new", sent).status_code == 204
    task = Task.objects.get()
    assert Series.objects.get().rule == "FREQ=WEEKLY;BYDAY=MO,TH"
    assert "каждую неделю" in client.get(f"/tasks/{task.pk}/").content.decode()
    form = client.get(f"/tasks/{task.pk}/edit", headers={"HX-Request": "true"}).content.decode()
    assert 'value="TH" id="repeat-on-TH" checked' in form
    sent |= {"repeat": "month", "following": "1"}
    assert client.post(f"/tasks/{task.pk}/edit", sent).status_code == 204
    assert Series.objects.get().rule == "FREQ=MONTHLY;BYMONTHDAY=27"
    assert client.post("/tasks/new", {"title": "Обход", "repeat": "day"}).status_code == 422
    assert client.post(f"/tasks/{task.pk}/cancel", {"following": "1"}).status_code == 204
    assert Series.objects.get().ended_at is not None
