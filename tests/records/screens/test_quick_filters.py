"""Quick filters above records: what they are, what they count, where they lead."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.records import create
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.kernel import frozen
from trassa.records.queries import lists
from trassa.records.screens import quick_filters


def chips_of(page: str) -> dict[str, tuple[str, str]]:
    """Words of each quick filter with its count and its address."""
    found = re.findall(r'<a class="chip[^"]*" href="([^"]+)"[^>]*>([^<]+) <span[^>]*>([^<]+)<', page)
    return {label: (count, url.replace("&amp;", "&")) for url, label, count in found}


@pytest.fixture
def deals(team: Team) -> list[int]:
    """Two fresh deals of the seller, one of them from Avito, and an old one of the head."""
    ids = [
        create("deal", pipeline="sales", owner=team.seller.id, fields={"source": source})
        for source in ("avito", "phone")
    ]
    with frozen(datetime(2026, 1, 5, tzinfo=UTC)):
        return [*ids, create("deal", pipeline="sales", owner=team.head.id, fields={"source": "phone"})]


def test_each_says_how_many_records_it_leaves(head: Screens, deals: list[int]) -> None:
    chips = chips_of(text_of(head.part("/t/deal/quick?pipeline=sales")))
    assert {label: count for label, (count, _url) in chips.items()} == {
        "Мои": "1",
        "Без изменений 7 дней": "1",
        "Новая": "3",
        "Авито": "1",
        "Звонок": "2",
    }
    for count, url in chips.values():
        assert text_of(head.page(url)).count("<tr data-item") == int(count)


def test_mine_is_marked_and_a_click_removes_it(head: Screens, deals: list[int]) -> None:
    page = text_of(head.part("/t/deal/quick?source=phone&owner=me"))
    assert page.count('aria-current="true"') == 1
    assert chips_of(page)["Мои"] == ("1", "/t/deal/?source=phone")


def test_what_is_set_stands_with_the_conditions_and_others_of_its_field_take_its_place(
    head: Screens, deals: list[int]
) -> None:
    chips = chips_of(text_of(head.part("/t/deal/quick?source=phone")))
    assert "Звонок" not in chips
    assert chips["Авито"] == ("1", "/t/deal/?source=avito")


def test_on_a_board_columns_are_the_stages(seller: Screens, deals: list[int]) -> None:
    chips = chips_of(text_of(seller.part("/t/deal/quick?pipeline=sales&on=board")))
    assert "Новая" not in chips
    assert chips["Авито"] == ("1", "/p/sales/?source=avito")


def test_counting_stops_and_says_so(
    seller: Screens, deals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNT_LIMIT", 1)
    monkeypatch.setattr(quick_filters, "COUNT_LIMIT", 1)
    assert chips_of(text_of(seller.part("/t/deal/quick")))["Мои"][0] == "1+"


def test_all_are_counted_by_one_statement(head: Screens, deals: list[int]) -> None:
    head.part("/t/deal/quick?pipeline=sales")
    with CaptureQueriesContext(connection) as found:
        head.part("/t/deal/quick?pipeline=sales")
    assert sum("counted" in query["sql"] for query in found) == 1
    assert len(found) <= 4
