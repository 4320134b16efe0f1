"""The text box of an expression: completion, faults, and the page to try one."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def open_condition(page: Page) -> None:
    page.get_by_role("button", name="Условие").click()
    expect(page.get_by_label("Текстом", exact=True)).to_be_visible()
    page.get_by_label("Текстом", exact=True).click()


def test_a_condition_is_completed_by_keys_and_limits_the_list(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/t/deal/")
    open_condition(page)
    box = page.get_by_role("combobox", name="Текстом")
    page.keyboard.type("ист")
    options = page.locator(".expression [role=option]")
    expect(options.first).to_contain_text("Источник")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", re.compile(r".+"))
    page.keyboard.press("Enter")
    expect(box).to_have_value("Источник")
    page.keyboard.type(' = "')
    expect(options).to_have_text(["Авито", "Звонок"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(box).to_have_value('Источник = "Звонок"')
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"where="))
    expect(page.locator(".bar .chip.accent")).to_contain_text('Источник = "Звонок"')


def test_a_dot_leads_on_and_a_choice_can_be_taken_back(window: OpenWindow) -> None:
    page = window("seller", "/t/deal/")
    open_condition(page)
    box = page.get_by_label("Текстом", exact=True)
    page.keyboard.type("Автомобиль.ц")
    expect(page.locator(".expression [role=option]")).to_have_text([re.compile("Цена")])
    page.keyboard.press("Enter")
    expect(box).to_have_value("Автомобиль.Цена")
    page.keyboard.press("Control+z")
    expect(box).to_have_value("Автомобиль.ц")


def test_a_fault_is_underlined_and_explained_while_one_types(window: OpenWindow) -> None:
    page = window("seller", "/t/deal/")
    open_condition(page)
    box = page.get_by_label("Текстом", exact=True)
    page.keyboard.type("Суммма > 5")
    fault = page.locator(".expression .mirror u")
    expect(fault).to_have_text("Суммма")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description("Нет поля «Суммма», есть «Сумма».")
    box.fill("Сумма > 5")
    expect(fault).to_have_count(0)
    expect(box).to_have_attribute("aria-invalid", "false")


def test_escape_closes_the_list_first(window: OpenWindow) -> None:
    page = window("seller", "/t/deal/")
    open_condition(page)
    page.keyboard.type("сум")
    listed = page.locator(".expression [role=listbox]")
    expect(listed).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(page.get_by_label("Текстом", exact=True)).to_have_value("сум")
    page.keyboard.press("Control+ ")
    expect(listed).to_be_visible()


def test_an_expression_is_tried_on_a_record(site: Site, window: OpenWindow) -> None:
    site.deal("Пробников", amount="5800000")
    page = window("seller", "/expressions/?type=deal")
    expect(page.get_by_label("Выражение")).to_be_focused()
    page.keyboard.type("ОКРУГЛ(Сумма / 3; 2)")
    page.get_by_role("combobox", name="Запись").fill("Пробников")
    page.locator("#f-record-options [role=option]").first.click()
    expect(page.locator(".outcome")).to_have_text(re.compile(r"1.933.333,33"))
    page.locator(".steps summary").last.click()
    expect(page.locator(".steps .leaf")).to_contain_text(re.compile(r"Сумма = 5.800.000.₽"))
    expect(page.locator(".spellings")).to_contain_text("ROUND(amount / 3, 2)")


def test_on_a_telephone_everything_fits(window: OpenWindow) -> None:
    page = window("seller", "/t/deal/", width=360, height=740, color_scheme="dark")
    open_condition(page)
    page.keyboard.type("сум")
    option = page.locator(".expression [role=option]").first
    expect(option).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
