"""Calendars: records on the days of one of their dates."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.records import create
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.kernel import frozen


@pytest.fixture(autouse=True)
def _today() -> object:
    with frozen(datetime(2026, 3, 23, 9, tzinfo=UTC)):
        yield


def visits(team: Team, *days: str, who: str = "seller") -> list[int]:
    owner = getattr(team, who).id
    return [create("deal", pipeline="sales", owner=owner, fields={"visit_on": day}) for day in days]


def days_of(page: str) -> dict[str, list[int]]:
    """Day → ids of its records."""
    found = re.findall(r'data-day="([^"]+)">(.*?)</div>', page, re.DOTALL)
    return {day: [int(id) for id in re.findall(r'data-id="(\d+)"', body)] for day, body in found}


def test_a_month_shows_records_on_their_days(seller: Screens, team: Team) -> None:
    first, second, april = visits(team, "2026-03-05", "2026-03-05", "2026-04-05")
    page = text_of(seller.page("/t/deal/calendar"))
    days = days_of(page)
    assert "Март 2026" in page
    assert (next(iter(days)), list(days)[-1], len(days)) == ("2026-02-23", "2026-04-05", 42)
    assert (days["2026-03-05"], days["2026-04-05"]) == ([first, second], [april])
    assert 'aria-current="date"' in page
    later = re.search(r'href="([^"]+)"[^>]*aria-label="Позже"', page) or re.search(
        r'aria-label="Позже"', page
    )
    assert later
    assert "month=2026-04" in page


def test_a_week_is_seven_days(seller: Screens, team: Team) -> None:
    visits(team, "2026-03-05")
    page = text_of(seller.page("/t/deal/calendar?week=2026-03-05"))
    assert list(days_of(page)) == [f"2026-03-{day:02d}" for day in range(2, 9)]
    assert "02.03–08.03.2026" in page
    assert "week=2026-02-26" in page


@pytest.mark.parametrize(
    "asked", ["month=2026-13", "month=x", "week=0001-01-01", "week=9999-12-31", "month=9999-12"]
)
def test_what_is_no_month_is_the_present_one(seller: Screens, team: Team, asked: str) -> None:
    assert "Март 2026" in text_of(seller.page(f"/t/deal/calendar?{asked}"))


def test_a_moment_stands_on_its_day_in_the_zone_of_the_company(seller: Screens, team: Team) -> None:
    with frozen(datetime(2026, 3, 9, 22, 30, tzinfo=UTC)):
        id = create("deal", pipeline="sales", owner=team.seller.id)
    page = text_of(seller.page("/t/deal/calendar?date_field=created_at"))
    assert days_of(page)["2026-03-10"] == [id]
    assert '<span class="num">01:30</span>' in page
    assert "data-fixed" in page


def test_nobody_sees_records_out_of_reach(other_seller: Screens, team: Team) -> None:
    visits(team, "2026-03-05")
    assert not any(days_of(text_of(other_seller.page("/t/deal/calendar"))).values())


def test_a_busy_day_shows_some_and_leads_to_all(seller: Screens, team: Team) -> None:
    visits(team, *["2026-03-05"] * 6)
    page = text_of(seller.page("/t/deal/calendar"))
    assert len(days_of(page)["2026-03-05"]) == 4
    more = re.search(r'<a class="small more-day" href="([^"]+)">ещё 2<', page)
    assert more
    assert text_of(seller.page(more[1].replace("&amp;", "&"))).count("<tr data-item") == 6


def test_conditions_and_saved_views_apply(seller: Screens, team: Team) -> None:
    visits(team, "2026-03-05")
    assert not any(days_of(text_of(seller.page("/t/deal/calendar?source=avito"))).values())
    saved = seller.post("/t/deal/views/new?on=calendar&source=avito&date_field=visit_on", {"name": "Визиты"})
    assert saved.headers["HX-Redirect"].startswith("/t/deal/calendar?source=avito&view=")


def test_a_record_moved_to_another_day_can_be_moved_back(seller: Screens, team: Team) -> None:
    [id] = visits(team, "2026-03-05")
    moved = seller.post(
        f"/r/deal/{id}/fields/visit_on/save?in=list",
        {"visit_on": "2026-03-12", "version": "1", "shown": "visit_on"},
    )
    assert moved.status_code == 204
    assert days_of(text_of(seller.page("/t/deal/calendar")))["2026-03-12"] == [id]
    assert seller.post(news_of(moved)["toast"]["undo"]).status_code == 204
    assert days_of(text_of(seller.page("/t/deal/calendar")))["2026-03-05"] == [id]


def test_a_calendar_costs_the_same_however_full_it_is(seller: Screens, team: Team) -> None:
    visits(team, "2026-03-05")
    seller.page("/t/deal/calendar?view=all")
    with CaptureQueriesContext(connection) as few:
        seller.page("/t/deal/calendar?view=all")
    visits(team, *[f"2026-03-{day:02d}" for day in range(1, 29)])
    with CaptureQueriesContext(connection) as many:
        seller.page("/t/deal/calendar?view=all")
    assert len(many) == len(few)
