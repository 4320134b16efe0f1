"""How values are written for people."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from trassa.kernel import frozen
from trassa.ui import (
    avatar_color,
    date_and_weekday,
    date_exact,
    date_short,
    duration,
    initials,
    money,
    number,
    percent,
    short_name,
)

NOON = datetime(2024, 5, 14, 9, 0, tzinfo=UTC)  # 12:00 in Moscow


def test_amounts_keep_their_thousands_and_sign_together() -> None:
    assert money(6_150_000) == "6\u00a0150\u00a0000\u00a0₽"
    assert money(Decimal("1999.50")) == "1\u00a0999,50\u00a0₽"
    assert money(Decimal("1999.00")) == "1\u00a0999\u00a0₽"
    assert money(Decimal("-5"), "USD", places=2) == "-5,00\u00a0$"
    assert money(10, "XAU") == "10\u00a0XAU"


def test_english_writes_a_decimal_point() -> None:
    with translation.override("en"):
        assert money(Decimal("1999.5")) == "1\u00a0999.50\u00a0₽"


def test_shares_have_one_decimal_unless_they_need_more() -> None:
    assert percent(4) == "4,0\u00a0%"
    assert percent(Decimal("12.2500")) == "12,25\u00a0%"
    assert percent(Decimal("100")) == "100,0\u00a0%"
    assert number(Decimal("41200.50")) == "41\u00a0200,5"


def test_absent_values_are_written_as_nothing() -> None:
    assert [write(None) for write in (money, number, percent, date_short, date_exact, duration)] == [""] * 6


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2024, 5, 14, 10, 18, tzinfo=UTC), "сегодня\u00a013:18"),
        (datetime(2024, 5, 13, 20, 59, tzinfo=UTC), "вчера\u00a023:59"),
        (datetime(2024, 5, 13, 21, 0, tzinfo=UTC), "сегодня\u00a000:00"),
        (datetime(2024, 5, 15, 9, 0, tzinfo=UTC), "завтра\u00a012:00"),
        (datetime(2024, 3, 23, 9, 0, tzinfo=UTC), "23\u00a0марта"),
        (datetime(2023, 5, 12, 9, 0, tzinfo=UTC), "12.05.2023"),
        (date(2024, 5, 13), "вчера"),
        (date(2024, 5, 12), "12\u00a0мая"),
    ],
)
def test_dates_are_short_in_the_companys_zone(moment: date, written: str) -> None:
    with frozen(NOON):
        assert date_short(moment) == written


def test_the_exact_moment_is_in_the_companys_zone() -> None:
    assert date_exact(datetime(2024, 5, 12, 10, 18, 5, tzinfo=UTC)) == "12\u00a0мая\u00a02024, 13:18:05"
    assert date_exact(date(2024, 5, 12)) == "12\u00a0мая\u00a02024"


def test_a_day_of_the_week_is_written_as_the_language_writes_it() -> None:
    assert date_and_weekday(date(2024, 5, 12)) == "12\u00a0мая\u00a02024, воскресенье"
    with translation.override("en"):
        assert date_and_weekday(date(2024, 5, 12)) == "12\u00a0May\u00a02024, Sunday"


def test_english_dates() -> None:
    with translation.override("en"), frozen(NOON):
        assert date_short(NOON) == "today\u00a012:00"
        assert date_short(date(2023, 5, 12)) == "12 May 2023"


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (42, "42\u00a0с"),
        (timedelta(minutes=42), "42\u00a0мин"),
        (timedelta(hours=3), "3\u00a0ч"),
        (timedelta(hours=2, minutes=15), "2\u00a0ч\u00a015\u00a0мин"),
        (timedelta(days=1, hours=5), "1\u00a0день"),
        (timedelta(days=22), "22\u00a0дня"),
        (timedelta(days=11), "11\u00a0дней"),
    ],
)
def test_spans_use_their_largest_units_and_russian_plurals(span: timedelta | int, written: str) -> None:
    assert duration(span) == written


def test_people_are_recognised_by_initials_and_colour() -> None:
    assert initials("Белова Анна") == "БА"
    assert initials("ООО «Вектор»") == "ОВ"
    assert initials("") == ""
    assert short_name("Егоров Пётр Сергеевич") == "Егоров\u00a0П."
    assert short_name("admin") == "admin"
    assert avatar_color(7) == avatar_color(7) == 2
    assert avatar_color("Вектор") in range(1, 7)
