"""Checklists: items of a task are ticked off one by one, and keep who did it and when."""

import pytest
from django.test import Client
from tests.factories.api import client_of, errors_of
from tests.factories.records import create
from tests.factories.tasks import anyone, give
from tests.factories.team import Team
from tests.work.clock import AFTERNOON

from trassa.automation.actions import save_rule
from trassa.automation.types import RuleDraft
from trassa.journal import Stream, list_entries
from trassa.kernel import Conflict, Forbidden, Invalid, NotFound
from trassa.schema.types import Label
from trassa.work.actions import (
    add_item,
    change_task,
    complete_task,
    remove_item,
    reopen_task,
    tick_item,
)
from trassa.work.models import Task
from trassa.work.queries import get_task
from trassa.work.types import ChecklistItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("afternoon")]


def items(team: Team, id: int) -> list[tuple[str, bool]]:
    return [(item.text, item.is_done) for item in get_task(team.actor("administrator"), id).checklist]


def test_an_item_that_is_ticked_off_keeps_who_did_it_and_when(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, checklist=[" Вымыть \n машину ", "", "Прогреть", "Прогреть"])
    tick_item(id, 2, done=True, actor=team.actor("seller"))
    assert get_task(team.actor("seller"), id).checklist == (
        ChecklistItem(1, "Вымыть машину"),
        ChecklistItem(2, "Прогреть", AFTERNOON, team.seller.id),
    )
    ticked, _created = list_entries(Stream("task", id))
    assert (ticked.kind, ticked.actor_id) == ("ticked", team.seller.id)
    assert ticked.changes == {"ticked": (None, ["Прогреть"])}


def test_a_tick_can_be_taken_back_and_the_same_tick_twice_is_one(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, checklist=["Прогреть"])
    for done in (True, True, False):
        tick_item(id, 1, done=done, actor=team.actor("seller"))
    assert items(team, id) == [("Прогреть", False)]
    assert [entry.kind for entry in list_entries(Stream("task", id))] == ["unticked", "ticked", "created"]


def test_items_are_added_and_removed_while_the_others_keep_their_ticks(team: Team) -> None:
    seller = team.actor("seller")
    id = give("Показ", owner_id=team.seller.id, checklist=["Прогреть", "Документы"])
    tick_item(id, 2, done=True, actor=seller)
    add_item(id, "Ключи", actor=seller)
    remove_item(id, 1, actor=seller)
    remove_item(id, 1, actor=seller)
    assert items(team, id) == [("Документы", True), ("Ключи", False)]
    change_task(id, {"checklist": ["Ключи", "Бензин", "Документы"]}, actor=seller)
    assert items(team, id) == [("Ключи", False), ("Бензин", False), ("Документы", True)]
    with pytest.raises(NotFound):
        tick_item(id, 1, done=True, actor=seller)
    with pytest.raises(Invalid, match="делать"):
        add_item(id, "  ", actor=seller)


def test_whoever_works_on_a_task_ticks_and_whoever_watches_it_does_not(team: Team) -> None:
    id = give(
        "Показ",
        by=team.actor("head"),
        owner_id=team.seller.id,
        observers=[team.other_seller.id],
        checklist=["Прогреть"],
    )
    with pytest.raises(Forbidden):
        tick_item(id, 1, done=True, actor=team.actor("other_seller"))
    for who in ("head", "seller"):
        tick_item(id, 1, done=who == "head", actor=team.actor(who))
    free = give("Показ", candidates=anyone(team.seller), checklist=["Прогреть"])
    tick_item(free, 1, done=True, actor=team.actor("seller"))


def test_unticked_items_do_not_keep_a_task_open(team: Team) -> None:
    id = give("Показ", owner_id=team.seller.id, checklist=["Прогреть"])
    complete_task(id, actor=team.actor("seller"))
    with pytest.raises(Conflict):
        tick_item(id, 1, done=True, actor=team.actor("seller"))


def test_a_task_may_say_that_all_of_its_checklist_is_to_be_ticked_first(team: Team) -> None:
    seller = team.actor("seller")
    id = give("Звонок", kind="call", owner_id=team.seller.id, checklist=["Бюджет"], whole_checklist=True)
    with pytest.raises(Invalid, match="Бюджет") as error:
        complete_task(id, actor=seller)
    assert [(each.field, each.code) for each in error.value.errors] == [("checklist", "unticked")]
    # What has failed need not be whole.
    complete_task(id, outcome="not_reached", actor=seller)
    reopen_task(id, actor=seller)
    tick_item(id, 1, done=True, actor=seller)
    complete_task(id, actor=seller)


def test_a_rule_gives_a_task_with_a_checklist(team: Team) -> None:
    step = {"task": {"title": "Показ", "checklist": ["Вымыть", "Прогреть"], "whole_checklist": True}}
    save_rule(RuleDraft("show", "deal", Label("Показ"), {"event": "created"}, [step]), actor_id=None)
    create("deal", actor=team.actor("seller"))
    task = Task.objects.get()
    assert [item["text"] for item in task.checklist] == ["Вымыть", "Прогреть"]
    assert task.whole_checklist


def test_a_checklist_over_the_api(team: Team) -> None:
    api = client_of(team, "seller")
    given = api.post(
        "tasks", {"title": "Показ", "checklist": ["Вымыть", "Прогреть"], "whole_checklist": True}
    )
    place = f"tasks/{given.json()['id']}"
    assert errors_of(api.post(f"{place}/complete", {})) == {"checklist": "unticked"}
    ticked = api.post(f"{place}/checklist/1", {"done": True}).json()
    assert ticked["checklist"] == [
        {
            "id": 1,
            "text": "Вымыть",
            "done": True,
            "done_at": "2026-11-27T12:00:00Z",
            "done_by": team.seller.id,
        },
        {"id": 2, "text": "Прогреть", "done": False, "done_at": None, "done_by": None},
    ]
    assert api.post(f"{place}/checklist/9", {"done": True}).status_code == 404
    changed = api.patch(place, {"checklist": ["Вымыть"]}).json()
    assert [(item["text"], item["done"]) for item in changed["checklist"]] == [("Вымыть", True)]
    assert api.post(f"{place}/complete", {}).json()["state"] == "done"


def test_the_page_of_a_task_shows_its_checklist_and_how_far_it_is(team: Team) -> None:
    client = Client()
    client.force_login(team.seller)
    sent = {"title": "Показ", "checklist": "Вымыть\nПрогреть\n", "whole_checklist": "1"}
    assert client.post("/tasks/new", sent).status_code == 204
    id = Task.objects.get().pk
    assert client.post(f"/tasks/{id}/checklist/1", {"done": "1"}).status_code == 204
    assert client.post(f"/tasks/{id}/checklist", {"text": "Ключи"}).status_code == 204
    assert client.post(f"/tasks/{id}/checklist", {"text": " "}).status_code == 422
    page = client.get(f"/tasks/{id}/").content.decode()
    assert "1 из 3" in page
    assert "Seller, сегодня" in page.replace("\xa0", " ") or "Seller, " in page
    assert "отметил" in page
    assert "1 из 3" in client.get("/tasks/").content.decode()
    assert client.post(f"/tasks/{id}/checklist/3/remove").status_code == 204
    assert client.post(f"/tasks/{id}/checklist/1").status_code == 204
    form = client.get(f"/tasks/{id}/edit", headers={"HX-Request": "true"}).content.decode()
    assert "Вымыть\nПрогреть</textarea>" in form
    assert items(team, id) == [("Вымыть", False), ("Прогреть", False)]


def test_a_task_shows_how_many_of_its_parts_are_done(team: Team) -> None:
    id = give("Выдача", owner_id=team.seller.id)
    parts = [give(title, owner_id=team.seller.id, parent_id=id) for title in ("Мойка", "Акт")]
    complete_task(parts[0], actor=team.actor("seller"))
    client = Client()
    client.force_login(team.seller)
    assert "1 из 2" in client.get(f"/tasks/{id}/").content.decode()
    api = client_of(team, "seller")
    third = api.post("tasks", {"title": "Ключи", "parent": id}).json()
    assert third["parent"] == id
    found = api.get(f"tasks/{id}/parts").json()["items"]
    assert [(each["title"], each["state"]) for each in found] == [
        ("Мойка", "done"),
        ("Акт", "open"),
        ("Ключи", "open"),
    ]
