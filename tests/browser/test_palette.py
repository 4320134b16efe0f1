"""The command palette: pages, commands and records by words, by the keyboard alone; and the help of keys."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()


@pytest.mark.parametrize("typed", ["автомобили", "cars", "fdnjvj,bkb", "сфкы"])
def test_a_list_is_found_by_russian_and_english_words_in_either_layout(
    site: Site, window: OpenWindow, typed: str
) -> None:
    page = window("seller", "/p/sales/")
    open_palette(page)
    page.keyboard.type(typed)
    first = page.locator("#palette [role=option]").first
    expect(first).to_contain_text("Автомобил")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/t/car/"))


def test_it_is_a_combobox_that_keys_alone_work(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/")
    open_palette(page)
    box = page.locator("#palette [role=combobox]")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    first = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    second = box.get_attribute("aria-activedescendant")
    assert first != second
    expect(page.locator(f"#{second}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_hidden()


def test_records_stand_in_the_same_box_and_open_in_the_panel(site: Site, window: OpenWindow) -> None:
    id = site.deal("Палитров Игорь")
    page = window("seller", "/p/sales/")
    open_palette(page)
    page.keyboard.type("палитров")
    found = page.locator(f'#palette [data-command="record.deal.{id}"]')
    found.wait_for()
    found.click()
    expect(page.locator("#panel")).to_contain_text("Палитров Игорь")
    open_palette(page)
    expect(page.locator("#palette [role=group]").first).to_have_attribute("aria-label", "Недавнее")
    expect(page.locator("#palette [role=option]").first).to_contain_text("Палитров Игорь")


def test_it_presses_the_buttons_of_the_open_card(site: Site, window: OpenWindow) -> None:
    id = site.deal("Нажимаев", car="Lada")
    page = window("seller", f"/r/deal/{id}/")
    open_palette(page)
    page.keyboard.type("move показ")
    page.keyboard.press("Enter")
    expect(page.locator(".stages [aria-current=step]")).to_contain_text("Показ")


def test_it_creates_and_switches_the_theme(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/")
    open_palette(page)
    page.keyboard.type("создать клиент")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    open_palette(page)
    page.keyboard.type("тема тёмная")
    page.keyboard.press("Enter")
    expect(page.locator("html[data-theme=dark]")).to_be_attached()
    open_palette(page)
    page.keyboard.type("тема авто")
    page.keyboard.press("Enter")
    expect(page.locator("html[data-theme=auto]")).to_be_attached()


def test_on_a_phone_it_is_a_sheet_as_wide_as_the_screen(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/", width=360, height=740, has_touch=True)
    page.locator("[popovertarget=account]").click()
    page.get_by_role("button", name="Команды").click()
    box = page.locator("#palette").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_what_somebody_may_not_open_is_not_offered(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/")
    open_palette(page)
    page.keyboard.type("роли")
    expect(page.locator("#palette")).to_contain_text(re.compile("Ничего не нашлось|Найдено"))
    expect(page.locator("#palette")).not_to_contain_text("Роли")


@pytest.mark.parametrize("url", ["/p/sales/", "/t/deal/", "/r/deal/{id}/"])
def test_every_key_that_an_element_takes_is_in_the_help(site: Site, window: OpenWindow, url: str) -> None:
    page = window("admin", url.format(id=site.deal("Клавишин")))
    bound = set(page.eval_on_selector_all("[data-key]", "all => all.map((each) => each.dataset.key)"))
    told = set(page.eval_on_selector_all("#help kbd", "all => all.map((each) => each.textContent.trim())"))
    assert bound
    assert bound <= told
    assert {"j", "k", "x", "e", "?", "Esc"} <= told
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
