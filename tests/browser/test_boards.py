"""A seller at the board, with mouse and keys."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.people import PASSWORD


def card(page: Page, id: int) -> str:
    return f"#card-{id}"


def column(code: str) -> str:
    return f"[data-cards={code}]"


def drag(page: Page, id: int, stage: str) -> None:
    """Take a card in its middle and let it go over the head of another column's cards."""
    start = page.locator(card(page, id)).bounding_box()
    end = page.locator(column(stage)).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 30, steps=3)
    page.mouse.move(end["x"] + 120, end["y"] + 40, steps=10)
    page.mouse.move(end["x"] + 122, end["y"] + 42)
    page.mouse.up()


def test_signing_in_leads_to_the_board(site: Site, browser: object, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/")
    page.context.clear_cookies()
    page.goto(f"{site.url}/")
    expect(page).to_have_title(re.compile("Войти"))
    page.fill("[name=login]", "seller")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Продажа")


def test_dragging_a_card_moves_the_deal(site: Site, window: OpenWindow) -> None:
    id = site.deal("Тягачёв", car="Volvo")
    page = window("seller", "/p/sales/?q=Тягачёв")
    drag(page, id, "showing")
    expect(page.locator(f"{column('showing')} {card(page, id)}")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Переведено на «Показ»")
    page.reload()
    expect(page.locator(f"{column('showing')} {card(page, id)}")).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()


def test_counts_follow_a_move(site: Site, window: OpenWindow) -> None:
    id = site.deal("Счётчиков", car="Volvo")
    page = window("seller", "/p/sales/?q=Счётчиков")
    head = page.locator("[data-stage=showing] .column-head")
    expect(head.locator("[id^=count]")).to_have_text("0")
    drag(page, id, "showing")
    expect(head.locator("[id^=count]")).to_have_text("1")
    expect(head.locator("[id^=sum]")).to_have_text(re.compile("5.800.000"))


def test_a_refused_card_returns_and_says_why(site: Site, window: OpenWindow) -> None:
    id = site.deal("Упрямов", car="Volvo")
    page = window("seller", "/p/sales/?q=Упрямов")
    drag(page, id, "won")
    expect(page.locator(".toast.bad")).to_contain_text("нельзя перейти на «Выдан»")
    expect(page.locator(f"{column('new')} {card(page, id)}")).to_be_visible()


def test_a_stage_asks_for_the_missing_field_and_the_move_goes_on(site: Site, window: OpenWindow) -> None:
    id = site.deal("Безлошадный")
    site.deal("Другой", car="Exeed VX")
    page = window("seller", "/p/sales/?q=Безлошадный")
    drag(page, id, "showing")
    dialog = page.locator("#dialog[open]")
    expect(dialog).to_contain_text("Перевести на «Показ»")
    expect(dialog.locator(".control")).to_have_count(1)
    dialog.get_by_role("combobox").fill("Exeed")
    dialog.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Перевести").click()
    expect(page.locator(f"{column('showing')} {card(page, id)}")).to_contain_text("Exeed VX")
    expect(page.locator("#dialog[open]")).to_have_count(0)


def test_a_cancelled_dialog_leaves_the_card_where_it_was(site: Site, window: OpenWindow) -> None:
    id = site.deal("Отказников")
    page = window("seller", "/p/sales/?q=Отказников")
    drag(page, id, "showing")
    expect(page.locator("#dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"{column('new')} {card(page, id)}")).to_be_visible()


def test_a_loss_asks_why(site: Site, window: OpenWindow) -> None:
    id = site.deal("Дорогов", car="Volvo")
    page = window("seller", "/p/sales/?q=Дорогов")
    drag(page, id, "lost")
    page.locator("#dialog[open]").get_by_label("Дорого").check()
    page.locator("#dialog[open]").get_by_role("button", name="Перевести").click()
    expect(page.locator(f"{column('lost')} {card(page, id)}")).to_be_visible()


def test_keys_move_a_card_and_the_toast_takes_it_back(site: Site, window: OpenWindow) -> None:
    id = site.deal("Клавишин", car="Volvo")
    page = window("seller", "/p/sales/?q=Клавишин")
    page.keyboard.press("j")
    expect(page.locator(card(page, id))).to_have_class(re.compile("current"))
    page.keyboard.press("]")
    expect(page.locator(f"{column('showing')} {card(page, id)}")).to_be_visible()
    expect(page.locator(f"{card(page, id)} a")).to_be_focused()
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(page.locator(f"{column('new')} {card(page, id)}")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("Клавишин")


def test_a_column_creates_several_deals_one_after_the_other(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/p/sales/?q=Скорых")
    page.locator("[data-stage=new]").hover()
    page.locator("[data-stage=new] .add").click()
    for number in ("первый", "второй"):
        form = page.locator("[data-quick-form]")
        client = form.get_by_role("combobox", name="Клиент")
        client.fill(f"Скорых {number}")
        form.get_by_role("option", name="Создать").click()
        form.get_by_label("Сумма").fill("1 250 000")
        form.get_by_role("button", name="Создать").click()
        expect(page.locator(f"{column('new')} .card[data-id]").first).to_contain_text(f"Скорых {number}")
        expect(form.get_by_label("Сумма")).to_have_value("")
    page.locator("[data-quick-form]").get_by_role("button", name="Отмена").click()
    expect(page.locator("[data-quick-form]")).to_have_count(0)


def test_the_text_filter_stands_in_the_address(site: Site, window: OpenWindow) -> None:
    wanted = site.deal("Фильтров")
    other = site.deal("Посторонний")
    page = window("seller", "/p/sales/")
    page.keyboard.press("f")
    page.keyboard.type("Фильтр")
    expect(page.locator(card(page, other))).to_have_count(0)
    expect(page.locator(card(page, wanted))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/p/sales/\?q=%D0%A4"))
    page.reload()
    expect(page.locator(card(page, other))).to_have_count(0)


def test_the_owner_filter_shows_a_colleagues_deals(site: Site, window: OpenWindow) -> None:
    mine = site.deal("Орловский", owner="head")
    theirs = site.deal("Беловский", owner="seller")
    page = window("head", "/p/sales/")
    page.get_by_role("button", name="Все сотрудники").click()
    page.get_by_role("link", name="Белова Анна").click()
    expect(page.locator(card(page, theirs))).to_be_visible()
    expect(page.locator(card(page, mine))).to_have_count(0)


def test_two_people_fill_the_same_field_of_a_move(site: Site, window: OpenWindow) -> None:
    id = site.deal("Двоев")
    site.deal("Третий", car="Jetour X70")
    site.deal("Четвёртый", car="Haval H9")
    seller = window("seller", "/p/sales/?q=Двоев")
    drag(seller, id, "showing")
    dialog = seller.locator("#dialog[open]")
    dialog.get_by_role("combobox").fill("Jetour")
    dialog.get_by_role("option").first.click()
    head = window("head", f"/r/deal/{id}/")
    head.locator("[data-field=car] .editable").click()
    expect(head.get_by_role("combobox", name="Автомобиль")).to_be_focused()
    head.keyboard.type("Haval")
    expect(head.get_by_role("option")).to_have_count(1)
    head.keyboard.press("Enter")
    expect(head.locator("[data-field=car] dd")).to_contain_text("Haval H9")
    dialog.get_by_role("button", name="Перевести").click()
    conflict = dialog.locator(".conflict")
    expect(conflict).to_contain_text("Орлов Роман")
    expect(conflict).to_contain_text("Haval H9")
    expect(conflict.get_by_role("combobox")).to_have_value("Jetour X70")
    conflict.get_by_label(re.compile("Haval H9")).check()
    dialog.get_by_role("button", name="Перевести").click()
    expect(seller.locator(f"{column('showing')} {card(seller, id)}")).to_contain_text("Haval H9")


def test_whoever_reads_far_down_a_column_keeps_the_place_when_many_cards_change(
    site: Site, window: OpenWindow
) -> None:
    site.deals("Глубоков", 70)
    page = window("seller", "/p/sales/?q=Глубоков")
    cards, shown = page.locator(column("new")), page.locator(f"{column('new')} .card")
    few = shown.count()
    while shown.count() < 70:
        before = shown.count()
        cards.evaluate("each => { each.scrollTop = each.scrollHeight }")
        expect(shown.nth(before)).to_be_attached()
    cards.evaluate("each => { each.scrollTop = 2000 }")
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("trassa:changed", {
          detail: {topic: `t${document.getElementById("board").dataset.type}`, id: null, version: null}}))"""
    )
    page.wait_for_timeout(1_000)
    assert cards.evaluate("each => each.scrollTop") == 2000
    expect(shown).to_have_count(70)
    cards.evaluate("each => { each.scrollTop = 0 }")
    expect(shown).to_have_count(few)
