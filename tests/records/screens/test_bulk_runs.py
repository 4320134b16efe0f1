"""Changing many records on screen: the dialog, the toast with its undo, the report, the page of a run."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from tests.factories.records import create, edit
from tests.factories.team import Team
from tests.records.screens.conftest import Response, Screens, news_of, text_of

from trassa.records.actions import bulk_runs
from trassa.records.models import BulkRun
from trassa.records.queries import get_record
from trassa.records.views import bulk_runs as views
from trassa.schema.queries import current_generation

EDIT = {"bulk_act": "edit", "bulk_field": "amount", "amount": "777", "bulk_go": "1"}


@pytest.fixture
def ids(team: Team) -> list[int]:
    seller = team.actor("seller")
    return [create("deal", actor=seller, fields={"amount": str(each)}) for each in (100, 200, 300)]


def amounts(team: Team, ids: Sequence[int]) -> list[str]:
    spec = current_generation().types["deal"]
    return [f"{get_record(team.actor('administrator'), spec, id).values['amount']:.0f}" for id in ids]


def ask(screens: Screens, ids: Sequence[int], query: str = "", **given: Any) -> Response:
    return screens.post(f"/t/deal/bulk{query}", {"bulk_ids": ",".join(map(str, ids)), **given})


def test_rows_can_be_selected_by_those_who_may_change_anything(seller: Screens, ids: list[int]) -> None:
    page = text_of(seller.page("/t/deal/"))
    assert page.count('aria-label="Выбрать"') == 3
    assert 'data-bulk="edit"' in page
    assert 'data-bulk="move"' in page
    assert "data-picking" in text_of(seller.page("/p/sales/"))


def test_the_dialog_asks_for_a_field_and_then_for_its_value(seller: Screens, ids: list[int]) -> None:
    first = text_of(ask(seller, ids, bulk_act="edit"))
    assert "3 записи" in first
    assert 'name="amount"' not in first
    assert 'name="amount"' in text_of(ask(seller, ids, bulk_act="edit", bulk_field="amount"))


def test_a_selection_is_changed_with_a_toast_that_takes_it_back(
    seller: Screens, team: Team, ids: list[int]
) -> None:
    toast = news_of(ask(seller, ids[:2], **EDIT))["toast"]
    assert toast["text"] == "Изменено: 2"
    assert amounts(team, ids) == ["777", "777", "300"]
    assert news_of(seller.post(toast["undo"]))["toast"]["text"] == "Возвращено: 2"
    assert amounts(team, ids) == ["100", "200", "300"]


def test_everything_that_the_filter_finds_is_changed(seller: Screens, team: Team, ids: list[int]) -> None:
    query = "?amount__gte=200"
    assert "2 записи" in text_of(ask(seller, [], query, bulk_act="edit", bulk_all="1"))
    ask(seller, [], query, bulk_all="1", **EDIT)
    assert amounts(team, ids) == ["100", "777", "777"]


def test_a_faulty_value_is_told_in_the_dialog_and_stays_typed(seller: Screens, ids: list[int]) -> None:
    answer = ask(seller, ids, **EDIT | {"amount": "много"})
    assert answer.status_code == 422
    assert 'value="много"' in text_of(answer)
    assert not BulkRun.objects.exists()


def test_without_a_choice_the_dialog_says_what_is_missing(seller: Screens, ids: list[int]) -> None:
    assert "Укажите, что изменить." in text_of(ask(seller, ids, bulk_act="edit", bulk_go="1"))
    assert ask(seller, ids, bulk_act="move", bulk_go="1").status_code == 422
    assert ask(seller, ids, bulk_act="owner", bulk_go="1").status_code == 422


def test_the_loss_reason_is_asked_for_once(seller: Screens, ids: list[int]) -> None:
    chosen = {"bulk_act": "move", "bulk_place": "sales:lost"}
    assert "Дорого" in text_of(ask(seller, ids, **chosen))
    assert ask(seller, ids, **chosen, bulk_go="1").status_code == 422
    assert news_of(ask(seller, ids, **chosen, bulk_go="1", reason="price"))["toast"]["text"] == "Изменено: 3"


def test_what_a_stage_asks_for_is_asked_once_and_the_refused_are_reported(
    seller: Screens, ids: list[int]
) -> None:
    chosen = {"bulk_act": "move", "bulk_place": "sales:showing"}
    assert 'name="car"' in text_of(ask(seller, ids, **chosen))
    report = text_of(ask(seller, ids, **chosen, bulk_go="1"))
    assert "отказано: 3" in report
    assert "Автомобиль: " in report
    assert f"/r/deal/{ids[0]}/" in report
    car = create("car", fields={"make": "Lada"})
    moved = ask(seller, ids, **chosen, bulk_go="1", car=str(car), shown="car")
    assert news_of(moved)["toast"]["text"] == "Изменено: 3"


def test_records_are_handed_over_and_binned(seller: Screens, team: Team, ids: list[int]) -> None:
    given = {"bulk_act": "owner", "owner": str(team.head.id), "bulk_go": "1"}
    assert news_of(ask(seller, ids[:1], **given))["toast"]["text"] == "Изменено: 1"
    assert news_of(ask(seller, ids[1:], bulk_act="bin", bulk_go="1"))["toast"]["text"] == "Изменено: 2"


def test_a_large_change_has_a_page_with_progress_undo_and_what_was_left(
    seller: Screens, team: Team, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_runs, "AT_ONCE", 2)
    monkeypatch.setattr(views, "AT_ONCE", 2)
    url = ask(seller, ids, **EDIT).headers["HX-Redirect"]
    assert "<progress" in text_of(seller.page(url))
    run = int(re.findall(r"\d+", url)[0])
    bulk_runs.work(run)
    assert "Изменено: 3" in text_of(seller.part(f"{url}content"))
    edit("deal", ids[0], amount="5")
    seller.client.post(f"{url}undo", headers={"HX-Request": "true", "HX-Target": "div#bulk-run"})
    bulk_runs.work(run)
    page = text_of(seller.page(url))
    assert "Возвращено: 2, оставлено как есть: 1" in page
    assert "Сумма" in page
    assert url in text_of(seller.page("/bulk-runs/"))


@pytest.mark.parametrize("ids", [["x"], ["9" * 30], [""], ["-1"]])
def test_strange_ids_find_nothing(seller: Screens, ids: list[Any]) -> None:
    assert ask(seller, ids, **EDIT).status_code == 422
