"""Forms and cards that follow their conditions while one types."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def open_form(window: OpenWindow) -> Page:
    page = window("seller", "/p/checks/")
    page.keyboard.press("c")
    page.get_by_role("menuitem", name="Осмотр").or_(
        page.locator(".menu-item", has_text="Осмотр")
    ).first.click()
    expect(page.locator("dialog#dialog")).to_be_visible()
    page.get_by_text("Ещё поля").click()
    return page


def test_a_form_shows_and_asks_for_what_its_conditions_say(window: OpenWindow) -> None:
    page = open_form(window)
    form = page.locator("dialog#dialog")
    reason = form.get_by_label("Что сломано")
    expect(reason).to_be_hidden()
    form.get_by_label("Название").fill("Осмотр Камри")
    form.get_by_label("Есть поломки").check()
    expect(reason).to_be_visible()
    expect(form.locator("[data-slot=fault] label")).to_have_attribute("data-required", "")
    expect(form.get_by_label("Есть поломки")).to_be_focused()
    reason.fill("Стёрты колодки")
    form.get_by_label("Есть поломки").uncheck()
    expect(reason).to_be_hidden()
    form.get_by_label("Есть поломки").check()
    expect(reason).to_have_value("Стёрты колодки")
    form.get_by_label("Цена ремонта").fill("12 000")
    expect(form.get_by_label("Сбор")).to_have_attribute("placeholder", re.compile(r"1.200,00"))
    expect(form.get_by_label("Цена ремонта")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Осмотр Камри")
    expect(page.locator("#panel [data-field=fee]")).to_contain_text(re.compile(r"1.200.₽"))


def test_typing_goes_on_while_the_form_asks(window: OpenWindow) -> None:
    page = open_form(window)
    form = page.locator("dialog#dialog")
    form.get_by_label("Есть поломки").check()
    price = form.get_by_label("Цена ремонта")
    price.click()
    price.press_sequentially("1234567", delay=90)
    expect(price).to_have_value("1234567")
    expect(price).to_be_focused()


def test_a_change_on_the_card_shows_what_depends_on_it(site: Site, window: OpenWindow) -> None:
    id = site.check("Осмотр Весты")
    page = window("seller", f"/r/check/{id}/")
    expect(page.locator("[data-field=fault]")).to_have_count(0)
    expect(page.locator(".card-left")).not_to_contain_text("Ремонт")
    page.locator("[data-field=broken] .editable").click()
    page.locator("[data-field=broken] input[type=checkbox]").check()
    dialog = page.locator("dialog#dialog")
    expect(dialog).to_contain_text("Есть поломки")
    dialog.get_by_label("Что сломано").fill("Разбит фонарь")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-field=fault]")).to_contain_text("Разбит фонарь")
    expect(page.locator(".card-left")).to_contain_text("Ремонт")
    expect(page.locator("[data-field=broken] form")).to_have_count(0)


def test_the_banner_follows_the_conditions_of_the_next_stage(site: Site, window: OpenWindow) -> None:
    id = site.check("Осмотр Гранты", broken=True, fault="Фара")
    page = window("seller", f"/r/check/{id}/")
    banner = page.locator(".card-head .notice.warn")
    expect(banner).to_contain_text("Цена должна быть больше нуля")
    banner.get_by_role("link").click()
    price = page.locator("[data-field=price] input.input")
    expect(price).to_be_focused()
    price.fill("100")
    page.keyboard.press("Enter")
    expect(banner).to_have_count(0)


def test_a_dragged_card_is_asked_for_what_its_stage_wants(site: Site, window: OpenWindow) -> None:
    id = site.check("Осмотр Нивы")
    page = window("seller", "/p/checks/?q=Нивы")
    page.locator(f"#card-{id} a").focus()
    page.keyboard.press("Shift+ArrowRight")
    dialog = page.locator("dialog#dialog")
    expect(dialog).to_contain_text("Цена должна быть больше нуля")
    dialog.get_by_label("Цена ремонта").fill("100")
    dialog.get_by_role("button", name="Перевести").click()
    expect(page.locator(f"[data-cards=done] #card-{id}")).to_be_visible()
