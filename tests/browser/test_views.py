"""Lists, calendars and saved views as people work in them: with the mouse and with keys."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site

LIST = "/t/deal/?pipeline=sales"


def heads_of(page: Page) -> list[str]:
    return [head.get_attribute("data-code") or "" for head in page.locator("th[data-code]").all()]


def cell_of(page: Page, id: int, code: str) -> Locator:
    """The cell of a record in a column; the first column selects rows."""
    return page.locator(f'tr[data-id="{id}"] > td').nth(heads_of(page).index(code) + 1)


def test_a_cell_is_edited_in_the_list_and_the_change_taken_back(site: Site, window: OpenWindow) -> None:
    id = site.deal("Ячейкин", amount="1000000")
    page = window("seller", LIST, ready="#list[data-ready]")
    cell = cell_of(page, id, "amount")
    cell.dblclick()
    box = cell.locator("input[name=amount]")
    expect(box).to_be_focused()
    box.fill("много")
    box.press("Enter")
    expect(cell.locator(".error")).to_be_visible()
    box = cell.locator("input[name=amount]")
    box.fill("2500000")
    box.press("Enter")
    expect(cell_of(page, id, "amount")).to_have_text(re.compile("2.500.000"))
    expect(page.locator("#panel")).to_be_hidden()
    page.get_by_role("button", name="Отменить").click()
    expect(cell_of(page, id, "amount")).to_have_text(re.compile("1.000.000"))


def test_keys_lead_through_cells(site: Site, window: OpenWindow) -> None:
    site.deal("Ячейкин", amount="1000000")
    page = window("seller", LIST, ready="#list[data-ready]")
    page.keyboard.press("j")
    row = page.locator("tr.current")
    expect(row).to_have_count(1)
    current = int(row.get_attribute("data-id") or 0)
    page.keyboard.press("e")
    opened = page.locator(".cell-form")
    expect(opened).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    amount = cell_of(page, current, "amount")
    amount.evaluate("cell => { cell.tabIndex = -1; cell.focus() }")
    page.keyboard.press("Enter")
    expect(amount.locator("input[name=amount]")).to_be_focused()
    amount.locator("input[name=amount]").fill("777000")
    page.keyboard.press("Tab")
    expect(cell_of(page, current, "amount")).to_have_text(re.compile("777.000"))
    expect(cell_of(page, current, "owner").locator("select")).to_be_focused()


def test_a_view_keeps_columns_and_says_when_they_were_changed(site: Site, window: OpenWindow) -> None:
    site.deal("Ячейкин", amount="1000000")
    page = window("seller", LIST, ready="#list[data-ready]")
    page.locator("th[data-code=amount]").drag_to(page.locator("th[data-code=number]"))
    expect(page).to_have_url(re.compile("cols=title%2Camount%2Cnumber"))
    expect(page.locator("th[data-code]").nth(1)).to_have_attribute("data-code", "amount")
    page.get_by_role("button", name="Все записи").click()
    page.get_by_role("button", name="Сохранить как вид…").click()
    page.get_by_label("Название").fill("Сначала сумма")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Сначала сумма")).to_be_visible()
    expect(page.get_by_text("изменён", exact=True)).to_have_count(0)
    edge = page.locator("th[data-code=title] .edge").bounding_box()
    assert edge
    page.mouse.move(edge["x"] + 4, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] + 74, edge["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.get_by_text("изменён", exact=True)).to_be_visible()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("изменён", exact=True)).to_have_count(0)
    width = page.locator("th[data-code=title]").bounding_box()
    page.goto(f"{site.url}{LIST}")
    page.get_by_role("button", name="Все записи").click()
    page.get_by_role("link", name="Сначала сумма").click()
    expect(page.locator("table.sized")).to_be_visible()
    again = page.locator("th[data-code=title]").bounding_box()
    assert width
    assert again
    assert abs(width["width"] - again["width"]) < 3


def test_columns_are_chosen_and_moved_by_keys(site: Site, window: OpenWindow) -> None:
    site.deal("Ячейкин", amount="1000000")
    page = window("seller", LIST, ready="#list[data-ready]")
    page.get_by_role("button", name="Столбцы").click()
    expect(page.locator("form[data-columns][data-ready]")).to_be_visible()
    page.get_by_role("checkbox", name="Номер").uncheck()
    page.get_by_role("checkbox", name="Сумма").focus()
    for _time in range(4):
        page.keyboard.press("Alt+ArrowUp")
    page.get_by_role("button", name="Применить").click()
    expect(page.locator("th[data-code]").nth(1)).to_have_attribute("data-code", "amount")
    assert "number" not in heads_of(page)


def test_groups_open_and_close(site: Site, window: OpenWindow) -> None:
    first, second = site.deal("Группин", source="avito"), site.deal("Группин", source="phone")
    page = window("seller", f"{LIST}&group_by=source&q=Группин", ready="#list[data-ready]")
    expect(page.locator(f'tr[data-id="{first}"]')).to_be_visible()
    expect(page.locator(f'tr[data-id="{second}"]')).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Звонок")).click()
    expect(page.locator(f'tr[data-id="{second}"]')).to_be_visible()
    page.get_by_role("button", name=re.compile("^Звонок")).click()
    expect(page.locator(f'tr[data-id="{second}"]')).to_be_hidden()


def test_a_condition_is_built_by_clicking(site: Site, window: OpenWindow) -> None:
    small, large = site.deal("Малов", amount="1000"), site.deal("Дорогов", amount="9000000")
    page = window("seller", LIST, ready="#list[data-ready]")
    page.get_by_role("button", name="Условие").click()
    page.get_by_role("button", name="Добавить строку").click()
    page.get_by_label("Поле").select_option("amount")
    page.get_by_label("Значение").fill("5 000 000")
    page.get_by_label("Значение").press("Tab")
    expect(page.locator("#where")).to_have_value("Сумма >= 5000000")
    page.get_by_role("button", name="Применить").click()
    expect(page.locator(f'tr[data-id="{large}"]')).to_be_visible()
    expect(page.locator(f'tr[data-id="{small}"]')).to_have_count(0)


def test_a_record_is_dragged_to_another_day(site: Site, window: OpenWindow) -> None:
    id = site.deal("Гостев", visit_on="2026-03-05")
    page = window("seller", "/t/deal/calendar?month=2026-03&date_field=visit_on")
    event = page.locator(f'.event[data-id="{id}"]')
    start, end = event.bounding_box(), page.locator('[data-day="2026-03-12"]').bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 30, steps=4)
    page.mouse.move(end["x"] + 30, end["y"] + 8, steps=10)
    page.mouse.up()
    expect(page.locator(f'[data-day="2026-03-12"] .event[data-id="{id}"]')).to_be_visible()
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator(f'[data-day="2026-03-05"] .event[data-id="{id}"]')).to_be_visible()
    page.locator(f'.event[data-id="{id}"]').focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(f'[data-day="2026-03-06"] .event[data-id="{id}"]')).to_be_visible()
