"""Calendars of people: what stands in them, what colleagues may know of it, and moving it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.factories.api import client_of, errors_of
from tests.factories.records import create, write
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.clock import HTMX, NOON, browser, hours

from trassa.access.queries import system_actor
from trassa.people.actions import add_absence
from trassa.people.types import AbsenceDraft
from trassa.records.types import Change, Write
from trassa.work.actions import cancel_task, change_task
from trassa.work.models import Task
from trassa.work.queries.calendars import list_entries
from trassa.work.queries.resources import list_meetings_of_type

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
WEEK = (datetime(2026, 11, 22, 21, tzinfo=UTC), datetime(2026, 11, 29, 21, tzinfo=UTC))
SPAN = {"from": WEEK[0].isoformat(), "to": WEEK[1].isoformat()}


def shown(team: Team, reader: str = "seller", **asked: str) -> dict[str, Any]:
    """What the calendar of this person has to draw."""
    answer = browser(team, reader).get("/calendar/entries", asked, headers=HTMX)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def events(team: Team, reader: str = "seller", **asked: str) -> list[dict[str, Any]]:
    """Tasks, heaps of them and taken time, without what lies behind them."""
    return [each for each in shown(team, reader, **asked)["events"] if each["id"][0] in "tbm"]


def titles(team: Team, reader: str = "seller", **asked: str) -> list[str]:
    return [each["title"] for each in events(team, reader, **asked)]


def test_a_week_holds_own_tasks_and_those_where_one_works_along(team: Team) -> None:
    give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(2), estimate_minutes=90)
    give("Помочь", owner_id=team.other_seller.id, co_workers=[team.seller.id], due_at=hours(4))
    give("Через неделю", owner_id=team.seller.id, due_at=hours(24 * 7))
    give("Без срока", owner_id=team.seller.id)
    give("Чужое", owner_id=team.other_seller.id, due_at=hours(1))
    found = events(team)
    assert [each["title"] for each in found] == ["Показ", "Помочь"]
    # The clock of the company, whose zone is Moscow's.
    assert (found[0]["start"], found[0]["end"]) == ("2026-11-27T14:00", "2026-11-27T15:30")
    assert [each["editable"] for each in found] == [True, False]


def test_what_was_called_off_and_what_lies_in_the_bin_are_gone_and_done_stays(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    done = give("Готово", owner_id=team.seller.id, kind="meeting", due_at=hours(-2))
    off = give("Отпало", owner_id=team.seller.id, kind="meeting", due_at=hours(1))
    give("О сделке", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(3))
    Task.objects.filter(id=done).update(state="done", done_at=NOON)
    cancel_task(off, actor=team.actor("administrator"))
    assert titles(team) == ["Готово", "О сделке"]
    assert "ended" in events(team)[0]["classNames"]
    write(Write(Change.BIN, "deal", id=deal))
    assert titles(team) == ["Готово"]


def test_a_long_meeting_that_began_before_the_period_reaches_into_it(team: Team) -> None:
    give("Выставка", owner_id=team.seller.id, kind="meeting", due_at=hours(-24 * 6), estimate_minutes=5000)
    assert titles(team, day="2026-11-23") == ["Выставка"]
    assert titles(team, mode="day", day="2026-11-25") == []


def test_tasks_that_are_due_together_stand_as_one_that_lists_them(team: Team) -> None:
    moments = {"Звонок 0": 0, "Звонок 1": 0.1, "Звонок 2": 0.2}
    calls = [give(title, owner_id=team.seller.id, due_at=hours(after)) for title, after in moments.items()]
    give("Встреча", owner_id=team.seller.id, kind="meeting", due_at=hours(0.1))
    give("Осмотр на час", owner_id=team.seller.id, due_at=hours(0.2), estimate_minutes=60)
    give("Полчаса спустя", owner_id=team.seller.id, due_at=hours(0.5))
    Task.objects.filter(id=calls[2]).update(state="done", done_at=NOON)
    found = {each["title"]: each for each in events(team)}
    assert list(found) == ["3 задачи", "Встреча", "Осмотр на час", "Полчаса спустя"]
    heap = found["3 задачи"]
    assert (heap["start"], heap["end"], heap["editable"]) == ("2026-11-27T12:00", "2026-11-27T12:30", False)
    assert heap["extendedProps"]["sub"] == "Звонок 0 · Звонок 1 · Звонок 2"
    text = browser(team, "seller").get(heap["extendedProps"]["url"], headers=HTMX).text
    assert all(f"/tasks/{id}/" in text for id in calls)
    assert text.count("Выполнена") == 1
    assert "Осмотр" not in text
    assert "Полчаса" not in text


def test_two_such_tasks_stand_beside_one_another_and_in_a_month_all_do(team: Team) -> None:
    give("Один", owner_id=team.seller.id, due_at=hours(1))
    give("Другой", owner_id=team.seller.id, due_at=hours(1))
    assert titles(team) == ["Один", "Другой"]
    give("Третий", owner_id=team.seller.id, due_at=hours(1))
    assert titles(team, mode="month") == ["Один", "Другой", "Третий"]


def test_in_the_row_of_each_of_a_team_stand_their_own_heaps(team: Team) -> None:
    for title in ("Раз", "Два"):
        give(title, owner_id=team.seller.id, due_at=hours(1))
    shared = give("Вдвоём", owner_id=team.seller.id, co_workers=[team.other_seller.id], due_at=hours(1))
    found = events(team, "administrator", mode="team", department="0")
    assert [(each["title"], each["resourceIds"]) for each in found] == [
        ("3 задачи", [f"p{team.seller.id}"]),
        ("Вдвоём", [f"p{team.other_seller.id}"]),
    ]
    text = browser(team, "administrator").get(found[0]["extendedProps"]["url"], headers=HTMX).text
    assert f"/tasks/{shared}/" in text


def test_a_heap_of_colleagues_tells_only_what_one_may_see(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    for title in ("Раз", "Два", "Три"):
        give(title, owner_id=team.seller.id, record_id=deal, due_at=hours(1))
    who = str(team.seller.id)
    [heap] = events(team, who=who)
    assert events(team, "other_seller", who=who) == []
    text = browser(team, "other_seller").get(heap["extendedProps"]["url"], headers=HTMX).text
    assert "Раз" not in text
    assert "уже нет" in text


def test_of_colleagues_one_learns_only_that_their_time_is_taken(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "7031549"})
    give("Торг с Егоровым", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(2))
    give("К врачу", owner_id=team.seller.id, kind="meeting", due_at=hours(4))
    give("Позвонить Егорову", owner_id=team.seller.id, record_id=deal, kind="call", due_at=hours(3))
    whose = str(team.seller.id)
    answer = browser(team, "other_seller").get("/calendar/entries", {"who": whose}, headers=HTMX)
    text = answer.content.decode()
    found = [each for each in answer.json()["events"] if each["id"][0] in "tb"]
    assert [each["title"] for each in found] == ["Занято", "Занято"]
    assert all("task" not in each["extendedProps"] and not each["editable"] for each in found)
    for secret in ("Егоров", "врач", f"/{deal}/"):
        assert secret not in text
    # Who sees the record sees what is about it; an administrator may move all of it.
    assert titles(team, "head", who=whose) == ["Торг с Егоровым", "Позвонить Егорову", "Занято"]
    assert titles(team, "administrator", who=whose)[2] == "К врачу"
    assert all(each["editable"] for each in events(team, "administrator", who=whose))
    # What has a colleague's own name in it they see whole.
    give("Вместе", owner_id=team.seller.id, kind="meeting", due_at=hours(5), observers=[team.other_seller.id])
    assert titles(team, "other_seller", who=whose) == ["Занято", "Занято", "Вместе"]


def test_who_lost_sight_of_a_record_sees_only_that_their_time_is_taken(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    give("Показ", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(2))
    Task.objects.update(owner=team.other_seller)
    assert titles(team, "other_seller") == ["Занято"]


def test_time_without_work_absences_and_holidays_lie_behind_the_days(team: Team) -> None:
    add_absence(team.seller, AbsenceDraft(date(2026, 11, 25), date(2026, 11, 26), kind="sick"), actor_id=None)
    found = {each["id"][0]: each for each in shown(team)["events"] if each["allDay"]}
    assert (found["a"]["title"], found["a"]["start"], found["a"]["end"]) == (
        "Болезнь",
        "2026-11-25",
        "2026-11-27",
    )
    rests = [(each["start"], each["end"]) for each in shown(team)["events"] if each["id"][0] == "o"]
    assert ("2026-11-23T00:00", "2026-11-23T09:00") in rests
    assert ("2026-11-23T13:00", "2026-11-23T14:00") in rests
    # From Tuesday evening on nobody works until Friday morning.
    assert ("2026-11-24T18:00", "2026-11-27T09:00") in rests
    away = [each for each in shown(team, "other_seller", who=str(team.seller.id))["events"] if each["allDay"]]
    assert [each["title"] for each in away] == ["отсутствует"]
    november = shown(team, day="2026-11-04")["events"]
    assert "День народного единства" in [each["title"] for each in november if each["id"][0] == "h"]
    month = shown(team, mode="month", day="2026-11-04")["events"]
    assert "2026-11-07" in [each["start"] for each in month if each["id"][0] == "o"]


def test_a_team_has_a_row_for_everybody_of_a_department_and_below(team: Team) -> None:
    give("Планёрка", owner_id=team.seller.id, co_workers=[team.head.id], kind="meeting", due_at=hours(1))
    found = shown(team, "head", mode="team", day="2026-11-27")
    rows = {each["id"] for each in found["rows"]}
    assert rows == {f"p{each.id}" for each in (team.seller, team.other_seller, team.head, team.newcomer)}
    [event] = [each for each in found["events"] if each["id"][0] == "t"]
    assert sorted(event["resourceIds"]) == sorted([f"p{team.seller.id}", f"p{team.head.id}"])
    own = {each["id"] for each in shown(team, mode="team")["rows"]}
    assert own == {f"p{each.id}" for each in (team.seller, team.newcomer)}
    everybody = {each["id"] for each in shown(team, mode="team", department="0")["rows"]}
    assert f"p{team.administrator.id}" in everybody


def test_meetings_about_one_car_that_overlap_are_marked(team: Team) -> None:
    car, other = create("car", fields={"make": "BMW"}), create("car", fields={"make": "LADA"})
    for title, start in (("Первый", 1), ("Второй", 1.5), ("Позже", 4)):
        give(title, owner_id=team.seller.id, record_id=car, kind="meeting", due_at=hours(start))
    give("Другая", owner_id=team.head.id, record_id=other, kind="meeting", due_at=hours(1))
    give("Звонок", owner_id=team.head.id, record_id=other, kind="call", due_at=hours(1))
    found = shown(team, mode="resource", type="car", day="2026-11-27")
    assert {each["id"] for each in found["rows"]} == {f"r{car}", f"r{other}"}
    clashing = [each["title"] for each in found["events"] if "clash" in each["classNames"]]
    assert clashing == ["Первый", "Второй"]
    assert found["notes"] == ["2 встречи пересекаются."]


def test_resources_that_one_does_not_see_are_not_there(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    give("Показ", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(2))
    assert shown(team, mode="resource", type="deal")["rows"] != []
    found = shown(team, "other_seller", mode="resource", type="deal")
    assert (found["rows"], found["events"]) == ([], [])


def test_moving_a_task_changes_its_moment_and_can_be_taken_back(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(2), estimate_minutes=60)
    client = browser(team)
    answer = client.post(
        f"/tasks/{id}/move", {"due": "2026-11-30T10:15", "minutes": "45", "version": "1"}, headers=HTMX
    )
    assert answer.status_code == 204
    row = Task.objects.get(id=id)
    assert (row.due_at, row.estimate_minutes, row.version) == (
        datetime(2026, 11, 30, 7, 15, tzinfo=UTC),
        45,
        2,
    )
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert client.post(toast["undo"], headers=HTMX).status_code == 204
    row.refresh_from_db()
    assert (row.due_at, row.estimate_minutes, row.version) == (hours(2), 60, 3)


def test_a_task_that_was_changed_meanwhile_is_not_moved(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, due_at=hours(2))
    change_task(id, {"title": "Показ у нас"}, actor=system_actor())
    answer = browser(team).post(
        f"/tasks/{id}/move", {"due": "2026-11-30T10:00", "version": "1"}, headers=HTMX
    )
    assert answer.status_code == 409
    assert Task.objects.get(id=id).due_at == hours(2)
    wrong = browser(team).post(f"/tasks/{id}/move", {"due": "завтра"}, headers=HTMX)
    assert wrong.status_code == 422


def test_what_one_only_works_along_or_has_ended_is_not_moved(team: Team) -> None:
    id = give("Показ", owner_id=team.head.id, co_workers=[team.seller.id], due_at=hours(2))
    answer = browser(team).post(f"/tasks/{id}/move", {"due": "2026-11-30T10:00"}, headers=HTMX)
    assert answer.status_code == 403
    cancel_task(id, actor=system_actor())
    answer = browser(team, "head").post(f"/tasks/{id}/move", {"due": "2026-11-30T10:00"}, headers=HTMX)
    assert answer.status_code == 409


def test_the_address_keeps_mode_day_and_people(team: Team) -> None:
    page = browser(team).get("/calendar/", {"mode": "day", "day": "2026-11-25", "who": str(team.head.id)})
    text = page.content.decode()
    assert f'data-url="/calendar/entries?mode=day&amp;day=2026-11-25&amp;who={team.head.id}"' in text
    assert f"/calendar/?mode=day&amp;day=2026-11-26&amp;who={team.head.id}" in text
    assert "Показать мои дни" in text
    assert (
        browser(team).get("/calendar/", {"mode": "x", "day": "9999-99-99", "who": "а,1"}).status_code == 200
    )


@pytest.mark.parametrize("mode", ["week", "month", "team"])
def test_reading_a_period_asks_the_same_however_many_people_and_tasks(
    team: Team, mode: str, django_assert_max_num_queries: Any
) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    people = (team.seller, team.other_seller, team.head, team.newcomer)
    for number in range(12):
        give("Показ", owner_id=people[number % 4].id, kind="meeting", due_at=hours(number / 2))
        give("Сделка", owner_id=team.seller.id, record_id=deal, due_at=hours(number / 2))
        if number < 4:
            away = AbsenceDraft(date(2026, 11, 27), date(2026, 11, 27))
            add_absence(people[number], away, actor_id=None)
    client = browser(team, "head")
    asked = {"mode": mode, "day": "2026-11-27"}
    client.get("/calendar/entries", asked, headers=HTMX)
    with django_assert_max_num_queries(21):
        client.get("/calendar/entries", asked, headers=HTMX)
    with django_assert_max_num_queries(12):
        client.get("/calendar/", asked)


def test_a_period_reads_at_most_so_much_and_says_that_there_is_more(team: Team) -> None:
    for number in range(4):
        give("Показ", owner_id=team.seller.id, due_at=hours(number))
    found = list_entries(team.actor("seller"), [team.seller.id], *WEEK, limit=3)
    assert (len(found.items), found.more) == (3, True)
    assert list_meetings_of_type(team.actor("seller"), 2**40, *WEEK)[0].items == []


def test_the_api_tells_calendars_with_the_same_care(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    give(
        "Торг", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(2), estimate_minutes=30
    )
    add_absence(team.seller, AbsenceDraft(date(2026, 11, 24), date(2026, 11, 24), kind="sick"), actor_id=None)
    own = client_of(team, "seller").get("calendar", **SPAN).json()
    assert (own["items"][0]["task"]["title"], own["items"][0]["task"]["record_type"]) == ("Торг", "deal")
    assert own["away"] == [
        {"person": team.seller.id, "since": "2026-11-24", "until": "2026-11-24", "kind": "sick"}
    ]
    others = client_of(team, "other_seller").get("calendar", **SPAN, people=str(team.seller.id)).json()
    assert others["items"] == [
        {
            "people": [team.seller.id],
            "start": "2026-11-27T11:00:00Z",
            "end": "2026-11-27T11:30:00Z",
            "busy": True,
            "task": None,
        }
    ]
    assert others["away"][0]["kind"] == ""


def test_the_api_says_when_people_are_free_together(team: Team) -> None:
    both = f"{team.seller.id},{team.head.id}"
    give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(0), estimate_minutes=60)
    give("Совет", owner_id=team.head.id, kind="meeting", due_at=hours(2), estimate_minutes=120)
    api = client_of(team, "other_seller")
    asked = {"from": NOON.isoformat(), "to": WEEK[1].isoformat(), "people": both}
    found = api.get("calendar/free-busy", **asked, minutes="60").json()
    # 12–13 one is taken, 13–14 is lunch, 14–16 the other is taken, 16–18 both work.
    assert found["next_free"] == "2026-11-27T13:00:00Z"
    assert [each["busy"] for each in found["items"]] == [
        [{"start": "2026-11-27T09:00:00Z", "end": "2026-11-27T10:00:00Z"}],
        [{"start": "2026-11-27T11:00:00Z", "end": "2026-11-27T13:00:00Z"}],
    ]
    assert "Показ" not in str(found)
    assert api.get("calendar/free-busy", **asked, minutes="180").json()["next_free"] is None


def test_the_api_refuses_what_is_no_period_and_nobody(team: Team) -> None:
    api = client_of(team, "seller")
    assert errors_of(api.get("calendar", **{**SPAN, "to": "2026-11-01T00:00:00Z"})) == {"to": "out_of_range"}
    assert errors_of(api.get("calendar", **{**SPAN, "to": "2027-11-01T00:00:00Z"})) == {"to": "out_of_range"}
    assert errors_of(api.get("calendar", **{**SPAN, "from": "2026-11-01T00:00:00"})) == {"from": "no_zone"}
    assert errors_of(api.get("calendar", **SPAN, people="0")) == {"people": "unknown"}
    assert errors_of(api.get("calendar", **SPAN, since="1")) == {"since": "unknown_parameter"}
