"""The pages of tasks: the inbox with its counters, a task with what can be done, the tasks of a card."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.factories.people import make_role
from tests.factories.records import create
from tests.factories.tasks import anyone, give
from tests.factories.team import Team
from tests.work.clock import AFTERNOON, HTMX, browser

from trassa.people.actions import add_absence
from trassa.people.types import AbsenceDraft
from trassa.work.actions import take_task
from trassa.work.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("afternoon")]


def hours(number: float) -> datetime:
    return AFTERNOON + timedelta(hours=number)


def text(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def events(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.headers["HX-Trigger"])
    return found


def test_the_inbox_has_sections_by_urgency_and_counters(team: Team) -> None:
    give("Перезвонить", owner_id=team.seller.id, kind="call", due_at=hours(-0.1))
    give("Согласовать", owner_id=team.seller.id, kind="approval", due_at=hours(3))
    give("Показ", owner_id=team.seller.id, kind="meeting", due_at=hours(24))
    page = text(browser(team).get("/tasks/"))
    places = [
        page.index(word) for word in ("<h2>Просрочено", "Перезвонить", "<h2>Сегодня", "<h2>Позже", "Показ")
    ]
    assert places == sorted(places)
    for words in ("Все 3", "Просрочено 1", "Сегодня 1", "просрочено 6 мин", "осталось 3 ч", "завтра 15:00"):
        assert words in page


def test_my_approvals_are_a_section_of_their_own(team: Team) -> None:
    give("Договор", owner_id=team.seller.id, kind="approval")
    give("Позвонить", owner_id=team.seller.id, kind="call")
    page = text(browser(team).get("/tasks/approvals/"))
    assert "<h1>Мои согласования</h1>" in page
    assert "Договор" in page
    assert "Позвонить" not in page


def test_filters_stand_in_the_address_and_nonsense_there_is_left_out(team: Team) -> None:
    give("Договор", owner_id=team.seller.id, kind="approval")
    give("Позвонить", owner_id=team.seller.id, kind="call", due_at=hours(-1))
    client = browser(team)
    assert "Договор" not in text(client.get("/tasks/?kind=call"))
    assert "Договор" not in text(client.get("/tasks/?when=overdue"))
    assert "Позвонить" not in text(client.get("/tasks/?q=догов"))
    nonsense = "/tasks/?kind=dance&when=never&for=x&after=2026|z&q=%00"
    assert "Договор" in text(client.get(nonsense))
    assert "Ничего такого вас не ждёт" in text(client.get("/tasks/?q=нет такого"))


def test_an_empty_inbox_says_what_will_stand_there(team: Team) -> None:
    assert "Вас ничего не ждёт" in text(browser(team).get("/tasks/"))
    assert "На согласовании у вас ничего нет" in text(browser(team).get("/tasks/approvals/"))


def test_a_long_inbox_goes_on_where_its_page_ended(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("screens", "views"):
        monkeypatch.setattr(f"trassa.work.{module}.inbox.PAGE", 2)
    for number in range(3):
        give(f"Дело {number}", owner_id=team.seller.id, due_at=hours(24 + number))
    client = browser(team)
    page = text(client.get("/tasks/"))
    assert "Дело 2" not in page
    [more] = [part.split('"')[0] for part in page.split('hx-get="')[1:] if "after=" in part.split('"')[0]]
    rest = text(client.get(more.replace("&amp;", "&"), headers=HTMX))
    assert "Дело 2" in rest
    assert "<h2>" not in rest


def test_a_task_offers_what_the_person_can_do_with_it(team: Team) -> None:
    id = give("Выехать", candidates=anyone(team.seller, team.other_seller), kind="approval")
    page = text(browser(team).get(f"/tasks/{id}/"))
    assert f'hx-post="/tasks/{id}/take"' in page
    assert "Пока ничья. Могут взять: Seller, Seller2." in page
    take_task(id, actor=team.actor("seller"))
    other = text(browser(team, "other_seller").get(f"/tasks/{id}/"))
    assert "hx-post" not in other.split('<article class="task"')[1]
    assert browser(team, "newcomer").get(f"/tasks/{id}/").status_code == 404
    own = text(browser(team).get(f"/tasks/{id}/"))
    for words in ("Согласовать", "На доработку", "Отклонить", "Отложить", "Передать", "взял(а) её"):
        assert words in own


def test_a_task_opens_beside_the_card_of_its_record(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    id = give("Показать", record_id=deal, owner_id=team.seller.id)
    assert f'hx-get="/r/deal/{deal}/" hx-trigger="load"' in text(browser(team).get(f"/tasks/{id}/"))


def test_what_is_done_can_be_taken_back_at_once(team: Team) -> None:
    id = give("Позвонить", owner_id=team.seller.id, kind="call")
    client = browser(team)
    answer = client.post(f"/tasks/{id}/complete", {"outcome": "not_reached", "result": "Занято"})
    assert answer.status_code == 204
    assert events(answer)["toast"]["undo"] == f"/tasks/{id}/reopen"
    assert events(answer)["tasks:changed"] == {"id": id}
    assert Task.objects.get(id=id).outcome == "not_reached"
    client.post(events(answer)["toast"]["undo"])
    assert Task.objects.get(id=id).state == "open"
    later = client.post(f"/tasks/{id}/snooze", {"until": "tomorrow"})
    # Nine in the morning in Moscow.
    assert Task.objects.get(id=id).snoozed_until == datetime(2026, 11, 28, 6, tzinfo=UTC)
    client.post(events(later)["toast"]["undo"])
    assert Task.objects.get(id=id).snoozed_until is None


def test_what_must_be_explained_is_asked_for_and_nothing_happens(team: Team) -> None:
    id = give("Договор", owner_id=team.seller.id, kind="approval")
    answer = browser(team).post(f"/tasks/{id}/complete", {"outcome": "rejected"})
    assert (answer.status_code, events(answer)["toast"]["text"]) == (422, "Напишите почему.")
    assert Task.objects.get(id=id).state == "open"


def test_the_second_to_take_is_told_who_was_quicker(team: Team) -> None:
    id = give(candidates=anyone(team.seller, team.other_seller))
    browser(team).post(f"/tasks/{id}/take", headers=HTMX)
    answer = browser(team, "other_seller").post(f"/tasks/{id}/take", headers=HTMX)
    assert answer.status_code == 409
    assert "Seller" in events(answer)["toast"]["text"]


def test_a_task_is_given_to_one_to_several_or_to_oneself(team: Team) -> None:
    client, role = browser(team), make_role("appraiser")
    client.post("/tasks/new", {"title": "Себе", "due": "2026-11-28T10:00"})
    client.post("/tasks/new", {"title": "Другому", "who": [f"p{team.head.id}"]})
    client.post("/tasks/new", {"title": "Кому-то", "who": [f"p{team.head.id}", f"r{role.pk}", "x", "p"]})
    own, other, several = Task.objects.order_by("id")
    assert (own.owner_id, own.due_at) == (team.seller.id, datetime(2026, 11, 28, 7, tzinfo=UTC))
    assert other.owner_id == team.head.id
    assert several.owner_id is None
    assert sorted(several.seats.values_list("holder", flat=True)) == sorted(
        [f"p{team.head.id}", f"r{role.pk}"]
    )


def test_a_form_with_faults_comes_back_with_what_was_written(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    sent = {"title": "", "text": "Подробно", "who": f"p{team.other_seller.id}", "record": deal}
    answer = browser(team).post("/tasks/new", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("Напишите, что сделать.", "Подробно", "Seller2 не видит эту запись"):
        assert words in page
    assert not Task.objects.exists()


def test_a_task_is_changed_and_passed_on_in_dialogs(team: Team) -> None:
    id = give("Показать", owner_id=team.seller.id, due_at=hours(24))
    client = browser(team)
    assert 'value="2026-11-28T15:00"' in text(client.get(f"/tasks/{id}/edit", headers=HTMX))
    sent = {"title": "Показ", "due": "2026-11-29T12:00", "priority": "high", "observers": f"p{team.head.id}"}
    assert client.post(f"/tasks/{id}/edit", sent).status_code == 204
    task = Task.objects.get(id=id)
    assert (task.title, task.priority) == ("Показ", "high")
    assert client.post(f"/tasks/{id}/delegate", {}).status_code == 422
    answer = client.post(f"/tasks/{id}/delegate", {"who": f"p{team.head.id}"})
    assert events(answer)["toast"]["text"] == "Передано: Head."
    assert Task.objects.get(id=id).owner_id == team.head.id


def test_many_are_done_at_once_and_what_cannot_be_is_told(team: Team) -> None:
    own = [give(owner_id=team.seller.id) for _number in range(3)]
    watched = give(owner_id=team.head.id, observers=[team.seller.id])
    ids = ",".join(str(id) for id in [*own, watched])
    answer = browser(team).post("/tasks/bulk", {"bulk_act": "done", "bulk_ids": ids})
    assert answer.status_code == 204
    assert events(answer)["toast"]["tone"] == "warn"
    assert "Готово: 3 задачи. Не вышло: 1." in events(answer)["toast"]["text"]
    assert {"tasks:changed", "bulk:done"} <= events(answer).keys()
    assert list(Task.objects.filter(state="open").values_list("id", flat=True)) == [watched]


def test_many_are_put_off_or_passed_on_after_asking_to_whom(team: Team) -> None:
    ids = [give(owner_id=team.seller.id) for _number in range(2)]
    joined, client = ",".join(map(str, ids)), browser(team)
    client.post("/tasks/bulk", {"bulk_act": "snooze", "bulk_ids": joined})
    assert not Task.objects.filter(snoozed_until=None).exists()
    asked = client.post("/tasks/bulk", {"bulk_act": "delegate", "bulk_ids": joined})
    assert f'name="bulk_ids" value="{joined}"' in text(asked)
    who = f"p{team.head.id}"
    client.post("/tasks/bulk", {"bulk_act": "delegate", "bulk_ids": joined, "who": who})
    assert set(Task.objects.values_list("owner_id", flat=True)) == {team.head.id}
    assert client.post("/tasks/bulk", {"bulk_act": "dance", "bulk_ids": joined}).status_code == 404


def test_a_substitute_finds_what_waits_for_who_is_away(team: Team) -> None:
    give("Чужое дело", owner_id=team.seller.id)
    client = browser(team, "newcomer")
    # Nobody looks into the inbox of somebody for whom they do not stand in.
    assert "Чужое дело" not in text(client.get(f"/tasks/?for={team.seller.id}"))
    away = AbsenceDraft(AFTERNOON.date(), AFTERNOON.date(), substitute_id=team.newcomer.id)
    add_absence(team.seller, away, actor_id=None)
    assert "Чужое дело" not in text(client.get("/tasks/"))
    page = text(client.get(f"/tasks/?for={team.seller.id}"))
    assert "Чужое дело" in page
    assert "Сегодня вы замещаете: Seller." in page


def test_a_card_shows_its_tasks_and_takes_the_next_one(team: Team) -> None:
    deal = create("deal", actor=team.actor("seller"))
    place, client = f"/r/deal/{deal}/tasks", browser(team)
    given = client.post(place, {"title": "Показать", "due": "2026-11-28T10:00"}, headers=HTMX)
    assert "Показать" in text(given)
    task = Task.objects.get()
    assert (task.record_id, task.owner_id) == (deal, team.seller.id)
    assert client.post(place, {"title": " "}, headers=HTMX).status_code == 422
    client.post(f"/tasks/{task.pk}/complete")
    part = text(client.get(place, headers=HTMX))
    assert "Закончены: 1" in part
    assert browser(team, "other_seller").get(place).status_code == 404
    assert f'hx-get="{place}"' in text(client.get(f"/r/deal/{deal}/"))


def test_who_may_be_given_something_is_found_while_typing(team: Team) -> None:
    client = browser(team)
    found = text(client.get("/tasks/holders?q=sel", headers=HTMX))
    assert f'data-value="p{team.seller.id}"' in found
    assert 'data-value="r' in found
    assert 'data-value="r' not in text(client.get("/tasks/holders?q=sel&people", headers=HTMX))


def test_the_inbox_is_the_first_entry_of_the_menu(team: Team) -> None:
    page = text(browser(team).get("/tasks/"))
    menu = page.split('<nav class="nav"')[1].split("</nav>")[0]
    assert (
        menu.index('href="/tasks/"') < menu.index('href="/tasks/approvals/"') < menu.index('href="/p/sales/"')
    )
