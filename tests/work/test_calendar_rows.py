"""Rows of a calendar: a task in the row of somebody is theirs, a meeting stands in those of what it takes."""

import json
from typing import Any

import pytest
from tests.factories.records import create, write
from tests.factories.tasks import give
from tests.factories.team import Team
from tests.work.clock import HTMX, browser, hours

from trassa.journal import Stream, list_entries
from trassa.people.actions import dismiss_person
from trassa.records.types import Change, Write
from trassa.work.actions import change_task
from trassa.work.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
#: Two in the afternoon in Moscow.
TWO = "2026-11-27T14:00"


def drop(team: Team, id: int, row: int | str, to: int | str, who: str = "seller", **sent: str) -> Any:
    """Somebody moves a task from a row into another, to two o'clock."""
    rows = {"row": f"p{row}" if isinstance(row, int) else row, "to": f"p{to}" if isinstance(to, int) else to}
    version = str(Task.objects.get(id=id).version)
    values = {"due": TWO, "version": version, **rows, **sent}
    return browser(team, who).post(f"/tasks/{id}/move", values, headers=HTMX)


def said(answer: Any) -> str:
    text: str = json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    return text


def undo(team: Team, answer: Any, who: str = "seller") -> Any:
    return browser(team, who).post(json.loads(answer.headers["HX-Trigger"])["toast"]["undo"], headers=HTMX)


def test_a_task_in_the_row_of_a_colleague_is_theirs_at_the_time_at_which_it_was_dropped(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, due_at=hours(1))
    answer = drop(team, id, team.seller.id, team.other_seller.id)
    assert (answer.status_code, said(answer)) == (204, f"Передано: {team.other_seller.name}.")
    task = Task.objects.get(id=id)
    assert (task.owner_id, task.due_at) == (team.other_seller.id, hours(2))
    newest = list_entries(Stream("task", id), limit=1)[0]
    assert (newest.kind, set(newest.changes)) == ("delegated", {"owner", "due_at"})


def test_whoever_passed_a_task_on_takes_it_back_though_they_have_no_part_in_it_any_more(team: Team) -> None:
    id = give("Показ", by=team.actor("head"), owner_id=team.seller.id, due_at=hours(1))
    answer = drop(team, id, team.seller.id, team.other_seller.id)
    assert undo(team, answer).status_code == 204
    task = Task.objects.get(id=id)
    assert (task.owner_id, task.due_at) == (team.seller.id, hours(1))


def test_what_has_happened_to_a_task_since_it_was_passed_on_is_not_undone(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, due_at=hours(1))
    answer = drop(team, id, team.seller.id, team.other_seller.id)
    assert undo(team, answer, "head").status_code == 409
    change_task(id, {"title": "Показ у нас"}, actor=team.actor("other_seller"))
    refused = undo(team, answer)
    assert refused.status_code == 409
    assert "уже что-то сделали" in said(refused)
    assert Task.objects.get(id=id).owner_id == team.other_seller.id


def test_a_task_goes_to_nobody_who_does_not_see_its_record_or_has_left(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"), fields={"amount": "1"})
    id = give("Торг", owner_id=team.seller.id, record_id=deal, due_at=hours(1))
    answer = drop(team, id, team.seller.id, team.other_seller.id)
    assert answer.status_code == 422
    assert team.other_seller.name in said(answer)
    dismiss_person(team.newcomer, actor_id=None)
    assert drop(team, id, team.seller.id, team.newcomer.id).status_code == 422
    assert Task.objects.get(id=id).owner_id == team.seller.id


def test_a_task_is_passed_on_by_whoever_may_and_from_the_row_of_its_owner_only(team: Team) -> None:
    id = give("Показ", owner_id=team.head.id, co_workers=[team.seller.id], due_at=hours(1))
    assert drop(team, id, team.head.id, team.other_seller.id).status_code == 403
    refused = drop(team, id, team.seller.id, team.other_seller.id, "head")
    assert refused.status_code == 422
    assert "только помогают" in said(refused)
    assert drop(team, id, team.head.id, team.other_seller.id, "head").status_code == 204
    assert (
        drop(team, id, team.other_seller.id, team.seller.id, "administrator", version="1").status_code == 409
    )


def test_a_meeting_stays_with_the_record_that_it_is_about(team: Team) -> None:
    cars = [create("car", fields={"make": make}) for make in ("Lada", "УАЗ")]
    id = give("Осмотр", owner_id=team.seller.id, record_id=cars[0], kind="meeting", due_at=hours(1))
    refused = drop(team, id, f"r{cars[0]}", f"r{cars[1]}")
    assert refused.status_code == 422
    assert "остаётся при том" in said(refused)
    task = Task.objects.get(id=id)
    assert (task.record_id, task.due_at) == (cars[0], hours(1))


def cars_taken(team: Team, who: str = "seller") -> dict[str, list[str]]:
    """Meetings by the titles of the cars in whose rows they stand."""
    asked = {"mode": "resource", "type": "car", "day": "2026-11-27"}
    found = browser(team, who).get("/calendar/entries", asked, headers=HTMX).json()
    titles = {row["id"]: row["title"] for row in found["rows"]}
    rows: dict[str, list[str]] = {title: [] for title in titles.values()}
    for event in found["events"]:
        for id in event["resourceIds"]:
            rows[titles[id]].append(event["title"])
    return rows


def test_a_meeting_about_a_deal_stands_in_the_row_of_its_car(team: Team) -> None:
    lada, spare = (create("car", fields={"make": make}) for make in ("Lada", "УАЗ"))
    deal = create("deal", actor=team.actor("seller"), fields={"car": lada, "other_cars": [spare]})
    give("Показ", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(1))
    give("Осмотр", owner_id=team.head.id, record_id=lada, kind="meeting", due_at=hours(1.5))
    give("Позвонить", owner_id=team.seller.id, record_id=deal, kind="call", due_at=hours(1))
    assert cars_taken(team) == {"Lada": ["Показ", "Осмотр"]}
    # It says which deal it is about, and that it collides with the other.
    asked = {"mode": "resource", "type": "car", "day": "2026-11-27"}
    found = browser(team).get("/calendar/entries", asked, headers=HTMX).json()
    assert "Lada" in found["events"][0]["extendedProps"]["sub"]
    assert all("clash" in event["classNames"] for event in found["events"])
    write(Write(Change.BIN, "deal", id=deal))
    assert cars_taken(team) == {"Lada": ["Осмотр"]}


def test_of_a_deal_that_one_does_not_see_one_learns_only_that_its_car_is_taken(team: Team) -> None:
    lada = create("car", fields={"make": "Lada"})
    deal = create("deal", actor=team.actor("seller"), fields={"car": lada})
    give("Торг с Егоровым", owner_id=team.seller.id, record_id=deal, kind="meeting", due_at=hours(1))
    assert cars_taken(team, "other_seller") == {"Lada": ["Занято"]}
    assert cars_taken(team, "newcomer") == {}


def test_the_form_of_a_meeting_about_a_deal_says_when_its_car_is_taken(team: Team) -> None:
    lada = create("car", fields={"make": "Lada"})
    deals = [create("deal", actor=team.actor("seller"), fields={"car": lada}) for _each in range(2)]
    give("Показ", owner_id=team.head.id, record_id=deals[0], kind="meeting", due_at=hours(2))
    sent = {"kind": "meeting", "due": TWO, "record": str(deals[1])}
    answer = browser(team).post("/calendar/free-busy", sent, headers=HTMX)
    assert "14:00–15:00 Показ" in answer.content.decode()


def test_resources_begin_with_what_meetings_take(team: Team) -> None:
    page = browser(team).get("/calendar/", {"mode": "resource"}).content.decode()
    assert 'data-url="/calendar/entries?mode=resource&amp;day=2026-11-27&amp;type=car"' in page
