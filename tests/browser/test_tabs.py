"""Tabs of a card: one in sight, said by the address, reached by mouse and keys."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def tab(page: Page, name: str) -> str:
    return f"[role=tab]:has-text('{name}')"


def test_a_tab_has_an_address_and_a_reload_keeps_it(site: Site, window: OpenWindow) -> None:
    id = site.order("Шины")
    page = window("seller", f"/r/supply/{id}/")
    expect(page.locator("[data-field=name]")).to_be_visible()
    expect(page.locator("[data-field=price]")).to_be_hidden()
    page.locator(tab(page, "Деньги")).click()
    expect(page.locator("[data-field=price]")).to_be_visible()
    expect(page.locator("[data-field=name]")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?tab=money$"))
    page.reload()
    expect(page.locator("[data-field=price]")).to_be_visible()


def test_a_tab_of_a_panel_is_kept_too_and_back_closes_the_panel(site: Site, window: OpenWindow) -> None:
    id = site.order("Диски")
    page = window("seller", "/t/supply/?q=Диски")
    page.locator(f"a[href='/r/supply/{id}/']").first.click()
    page.locator(f"#panel {tab(page, 'Деньги')}").click()
    expect(page).to_have_url(re.compile(rf"panel=/r/supply/{id}/%3Ftab%3Dmoney"))
    page.reload()
    expect(page.locator("#panel [data-field=price]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/t/supply/\?q=[^&]+$"))
    expect(page.locator(f"a[href='/r/supply/{id}/']").first).to_be_focused()


def test_arrows_move_along_the_tabs(site: Site, window: OpenWindow) -> None:
    page = window("seller", f"/r/supply/{site.order('Фары')}/")
    page.locator(tab(page, "Что")).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(tab(page, "Деньги"))).to_be_focused()
    expect(page.locator("[data-field=price]")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(tab(page, "Заметки"))).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(tab(page, "Что"))).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.locator(tab(page, "Деньги"))).not_to_be_focused()


def test_what_the_next_stage_needs_opens_on_its_tab(site: Site, window: OpenWindow) -> None:
    page = window("seller", f"/r/supply/{site.order('Двигатель')}/")
    expect(page.locator("[role=tab].lacking")).to_have_text("Деньги")
    page.locator("[data-edit=price]").click()
    price = page.get_by_label("Цена", exact=True)
    expect(price).to_be_focused()
    price.fill("900")
    page.keyboard.press("Enter")
    expect(page.locator("[data-field=price] .editable")).to_have_text(re.compile("900"))
    expect(page.locator("[role=tab].lacking")).to_have_count(0)


def test_news_from_others_leave_the_tab_as_it_is(site: Site, window: OpenWindow) -> None:
    id = site.order("Кузов")
    page = window("seller", f"/r/supply/{id}/?tab=money")
    other = window("head", f"/r/supply/{id}/")
    page.locator(tab(page, "Заметки")).click()
    other.locator("[data-field=name] .editable").click()
    other.get_by_label("Название", exact=True).fill("Кузов новый")
    other.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Кузов новый")
    expect(page.locator("[data-field=note]")).to_be_visible()
    expect(page.locator("[data-field=name]")).to_be_hidden()


def test_many_tabs_are_swiped_on_a_narrow_screen(site: Site, window: OpenWindow) -> None:
    page = window("seller", f"/r/supply/{site.order('Салон')}/?tab=notes")
    page.set_viewport_size({"width": 300, "height": 700})
    page.reload()
    expect(page.locator(tab(page, "Заметки"))).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 300
