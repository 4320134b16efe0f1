"""Conditions built by clicking: lines that become a text, and a text as lines."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.records.screens.conftest import Screens, text_of


def built(screens: Screens, *lines: tuple[str, str, str], word: str = "and", **more: str) -> str:
    """The answer to these lines."""
    pairs: list[tuple[str, str]] = [("line_word", word), *more.items()]
    for line in lines:
        pairs += zip(("line_field", "line_operation", "line_value"), line, strict=True)
    return text_of(screens.part(f"/t/deal/condition?{urlencode(pairs)}"))


def written(page: str) -> str:
    """The text of the condition that an answer carries."""
    found = re.search(r'placeholder="[^"]*">(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def shown(screens: Screens, text: str) -> list[tuple[str, str, str]]:
    """The lines that a text has: field, operation, value."""
    page = text_of(screens.part(f"/t/deal/condition?{urlencode({'where': text})}"))
    found = []
    for line in page.split('class="comparison"')[1:]:
        picked = re.findall(r'<option value="([^"]*)" selected', line)
        typed = re.findall(r'<input[^>]* name="line_value"[^>]* value="([^"]*)"', line)
        found.append((picked[0], picked[1], unescape((picked[2:] + typed + [""])[0])))
    return found


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (("amount", "ge", "3 000 000"), "Сумма >= 3000000"),
        (("amount", "lt", "0,5"), "Сумма < 0,5"),
        (("amount", "blank", ""), "ПУСТО(Сумма)"),
        (("source", "eq", "avito"), 'Источник = "Авито"'),
        (("source", "ne", "phone"), 'Источник <> "Звонок"'),
        (("stage", "eq", "new"), 'Стадия = "Новая"'),
        (("visit_on", "ge", "2026-03-01"), "Выезд >= 01.03.2026"),
        (("created_at", "le", "2026-03-01"), "Создано <= 01.03.2026"),
        (("owner", "me", ""), "Ответственный = Я()"),
        (("owner", "not_me", ""), "Ответственный <> Я()"),
        (("client", "filled", ""), "НЕ(ПУСТО(Клиент))"),
        (("title", "contains", 'а"б'), 'СОДЕРЖИТ(Название; "а""б")'),
    ],
)
def test_a_line_becomes_text_and_text_becomes_the_line(
    seller: Screens, line: tuple[str, str, str], text: str
) -> None:
    made = written(built(seller, line))
    assert made == text
    field, operation, value = shown(seller, made)[0]
    assert (field, operation) == line[:2]
    assert written(built(seller, (field, operation, value))) == made


def test_lines_are_joined_by_and_or_by_or(seller: Screens) -> None:
    lines = (("amount", "ge", "5"), ("owner", "me", ""), ("source", "eq", "avito"))
    both = written(built(seller, *lines))
    assert both == 'Сумма >= 5 И Ответственный = Я() И Источник = "Авито"'
    either = written(built(seller, *lines, word="or"))
    assert either == 'Сумма >= 5 ИЛИ Ответственный = Я() ИЛИ Источник = "Авито"'
    for text in (both, either):
        assert [field for field, *_more in shown(seller, text)] == ["amount", "owner", "source"]


def test_lines_come_and_go_and_unfinished_ones_say_nothing(seller: Screens) -> None:
    page = built(seller, ("amount", "ge", ""), ("owner", "me", ""), line_add="1")
    assert page.count('class="comparison"') == 3
    assert written(page) == "Ответственный = Я()"
    page = built(seller, ("amount", "ge", "5"), ("owner", "me", ""), line_remove="0")
    assert written(page) == "Ответственный = Я()"
    assert written(built(seller, ("nothing", "ge", "5"), ("amount", "ge", "много"))) == ""


def test_another_field_gets_an_operation_of_its_own(seller: Screens) -> None:
    page = built(seller, ("owner", "ge", "5"))
    assert '<option value="me" selected' in page


@pytest.mark.parametrize(
    "text",
    [
        'Сумма > 5 И (Источник = "Авито" ИЛИ Сумма < 3)',
        "Сумма * 2 > 5",
        'Клиент.Название = "а"',
        "Создано > СЕГОДНЯ() - 7",
    ],
)
def test_what_lines_cannot_show_stays_text(seller: Screens, text: str) -> None:
    page = text_of(seller.part(f"/t/deal/condition?{urlencode({'where': text})}"))
    assert "Измените его текстом" in page
    assert "<textarea" not in page


def test_a_text_with_a_fault_stays_text(seller: Screens) -> None:
    assert "Измените его текстом" in text_of(seller.part("/t/deal/condition?where=nothing+%3E+1"))


def test_masked_fields_are_not_offered(seller: Screens, head: Screens) -> None:
    sent: dict[str, Any] = {"line_word": "and", "line_add": "1"}
    for screens, expected in ((head, True), (seller, False)):
        page = text_of(screens.part(f"/t/car/condition?{urlencode(sent)}"))
        assert ('value="floor_price"' in page) == expected
