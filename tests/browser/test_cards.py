"""The card in the panel and on its page."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow, open_card
from tests.browser.site import Site


def value(page: Page, code: str) -> str:
    return f"[data-field={code}] .editable"


def test_the_panel_has_an_address_and_back_closes_it(site: Site, window: OpenWindow) -> None:
    id = site.deal("Панелев", car="Volvo")
    page = window("seller", "/p/sales/?q=Панелев")
    open_card(page, id)
    expect(page).to_have_url(re.compile(rf"panel=/r/deal/{id}/"))
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/p/sales/\?q=[^&]+$"))
    page.go_forward()
    expect(page.locator("#panel h2")).to_contain_text("Панелев")
    page.reload()
    expect(page.locator("#panel h2")).to_contain_text("Панелев")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f"#card-{id} a")).to_be_focused()


def test_the_panel_opens_as_a_page(site: Site, window: OpenWindow) -> None:
    id = site.deal("Страницын")
    page = window("seller", "/p/sales/?q=Страницын")
    open_card(page, id)
    page.get_by_role("link", name="Открыть на всю страницу").click()
    expect(page).to_have_url(f"{site.url}/r/deal/{id}/")
    expect(page.locator("h1")).to_contain_text("Страницын")


def test_a_field_is_edited_where_it_stands(site: Site, window: OpenWindow) -> None:
    id = site.deal("Правкин")
    page = window("seller", "/p/sales/?q=Правкин")
    open_card(page, id)
    page.locator(value(page, "amount")).click()
    amount = page.get_by_label("Сумма", exact=True)
    expect(amount).to_be_focused()
    amount.fill("6 150 000")
    page.keyboard.press("Enter")
    expect(page.locator(value(page, "amount"))).to_have_text(re.compile(r"6.150.000.₽"))
    expect(page.locator("[data-field=amount] .edit")).to_be_focused()
    expect(page.locator("#panel .timeline")).to_contain_text("Сумма")
    expect(page.locator(f"#card-{id} .foot")).to_contain_text(re.compile(r"6.150.000.₽"))


def test_a_wrong_value_is_explained_and_escape_gives_it_up(site: Site, window: OpenWindow) -> None:
    id = site.deal("Ошибкин")
    page = window("seller", f"/r/deal/{id}/")
    page.locator(value(page, "amount")).click()
    page.get_by_label("Сумма", exact=True).fill("дорого")
    page.keyboard.press("Enter")
    expect(page.locator("[data-field=amount] .error")).to_contain_text("Напишите число")
    page.keyboard.press("Escape")
    expect(page.locator(value(page, "amount"))).to_have_text(re.compile(r"5.800.000.₽"))


def test_leaving_a_field_saves_it(site: Site, window: OpenWindow) -> None:
    id = site.deal("Уходов", car="Volvo")
    page = window("seller", f"/r/deal/{id}/")
    page.keyboard.press("e")
    page.get_by_label("Сумма", exact=True).fill("1")
    page.keyboard.press("Tab")
    expect(page.locator(value(page, "amount"))).to_have_text(re.compile(r"^1.₽"))
    expect(page.locator("[data-field=source] .edit")).to_be_focused()


def test_a_choice_saves_at_once(site: Site, window: OpenWindow) -> None:
    id = site.deal("Выборов")
    page = window("seller", f"/r/deal/{id}/")
    page.locator(value(page, "source")).click()
    page.get_by_label("Источник", exact=True).select_option("avito")
    expect(page.locator(value(page, "source"))).to_have_text("Авито")


def test_a_linked_record_is_found_while_typing(site: Site, window: OpenWindow) -> None:
    id = site.deal("Связкин")
    site.deal("Хозяйкин", car="Zeekr 009")
    page = window("seller", f"/r/deal/{id}/")
    page.locator(value(page, "car")).click()
    expect(page.get_by_role("combobox", name="Автомобиль")).to_be_focused()
    page.keyboard.type("Zeekr")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(value(page, "car"))).to_have_text("Zeekr 009")
    expect(page.locator("h1")).to_contain_text("Zeekr 009 — Связкин")
    page.get_by_role("link", name="Zeekr 009").click()
    expect(page.locator("#panel h2")).to_have_text("Zeekr 009")


def test_the_stage_bar_moves_and_leads_to_what_is_missing(site: Site, window: OpenWindow) -> None:
    id = site.deal("Стадиев")
    page = window("seller", f"/r/deal/{id}/")
    page.get_by_role("link", name="автомобиль").click()
    expect(page.get_by_role("combobox", name="Автомобиль")).to_be_focused()
    page.keyboard.type("Chery Tiggo")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Показ").click()
    expect(page.locator("#dialog[open]")).to_contain_text("Перевести на «Показ»")


def test_a_conflict_offers_both_values(site: Site, window: OpenWindow) -> None:
    id = site.deal("Спорщиков")
    seller = window("seller", f"/r/deal/{id}/")
    head = window("head", f"/r/deal/{id}/")
    for page in (seller, head):
        page.locator(value(page, "amount")).click()
    head.get_by_label("Сумма", exact=True).fill("5 200 000")
    head.keyboard.press("Enter")
    expect(head.locator(value(head, "amount"))).to_have_text(re.compile("5.200.000"))
    seller.get_by_label("Сумма", exact=True).fill("5 500 000")
    seller.keyboard.press("Enter")
    conflict = seller.locator(".conflict")
    expect(conflict).to_contain_text("Орлов Роман")
    expect(conflict).to_contain_text(re.compile("5.200.000"))
    seller.get_by_role("button", name="Оставить моё").click()
    expect(seller.locator(value(seller, "amount"))).to_have_text(re.compile("5.500.000"))
    expect(head.locator(value(head, "amount"))).to_have_text(re.compile("5.500.000"))


def test_the_bin_and_back(site: Site, window: OpenWindow) -> None:
    id = site.deal("Корзинкин")
    page = window("seller", "/p/sales/?q=Корзинкин")
    open_card(page, id)
    page.locator("#panel").get_by_role("button", name="Ещё").click()
    page.get_by_role("button", name="В корзину").click()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f"#card-{id}")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(page.locator(f"#card-{id}")).to_be_visible()


def test_creating_by_the_key_opens_the_new_card(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/t/contact/")
    page.keyboard.press("c")
    page.get_by_role("button", name="Клиент", exact=True).click()
    page.locator("#dialog[open]").get_by_label("Имя").fill("Новиков Илья")
    page.locator("#dialog[open]").get_by_role("button", name="Создать").click()
    expect(page.locator("#panel h2")).to_have_text("Новиков Илья")


def test_a_change_is_taken_back_from_the_history_of_its_field(site: Site, window: OpenWindow) -> None:
    id = site.deal("Возвратов")
    page = window("seller", f"/r/deal/{id}/")
    for amount in ("100", "200"):
        page.locator(value(page, "amount")).click()
        page.get_by_label("Сумма", exact=True).fill(amount)
        page.keyboard.press("Enter")
        expect(page.locator(value(page, "amount"))).to_have_text(re.compile(rf"^{amount}.₽"))
    page.locator(value(page, "amount")).focus()
    page.keyboard.press("h")
    page.locator("#dialog").get_by_role("button", name="Отменить изменение").first.click()
    expect(page.locator(value(page, "amount"))).to_have_text(re.compile(r"^100.₽"))
