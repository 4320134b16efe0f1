"""Roles and people have places of their own, and cards are arranged for roles and stages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.people import PASSWORD, make_person
from tests.ui.browser import Complaints

from trassa.people.actions import change_own_place, give_temporary_password, save_place
from trassa.people.queries import get_person, get_role
from trassa.people.types import MenuGroup, PlaceSpec
from trassa.schema.actions import CardDraft, changing_schema
from trassa.schema.types import CardSection, Label, one_tab


@pytest.fixture(autouse=True)
def _as_before(site: Site) -> Iterator[None]:
    """Other tests know the menu and the cards as they are without anybody's wishes."""
    yield

    def reset() -> None:
        for role in ("seller", "head"):
            save_place(get_role(role), PlaceSpec(), actor_id=None)
        for login in ("seller", "admin"):
            person = get_person(site.people[login])
            change_own_place(person, start_page="", pinned=[], actor_id=person.id)
        with changing_schema(actor_id=None, cause={}) as change:
            change.save_cards("deal", [])

    site.database.run(reset)


#: What stands above everything that roles and people arrange.
ABOVE = ["Мой день", "Ждут меня", "Мои согласования", "Календарь"]


def entries(page: Page) -> list[str]:
    """The menu below what everybody has at its top."""
    shown = [text.strip() for text in page.locator(".nav a .cut").all_inner_texts()]
    assert shown[: len(ABOVE)] == ABOVE
    return shown[len(ABOVE) :]


def test_a_role_begins_where_it_works_with_its_own_menu(site: Site, window: OpenWindow) -> None:
    menu = (MenuGroup("mine", {"ru": "Моя работа"}, ("list.contact", "board.sales")),)
    labels = {"board.sales": {"ru": "Мои продажи"}}
    place = PlaceSpec("list.contact", menu, ("list.car",), labels)
    site.database.run(lambda: save_place(get_role("seller"), place, actor_id=None))
    page = window("seller", "/", ready=".nav a")
    assert page.url.endswith("/t/contact/")
    expect(page.locator(".nav h2").first).to_have_text("Моя работа")
    assert entries(page)[:2] == ["Клиенты", "Мои продажи"]
    assert "Автомобили" not in entries(page)


def test_an_administrator_arranges_a_menu_by_keys_and_looks_at_it(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/roles/seller/place")
    page.select_option("[name=start]", "list.car")
    page.get_by_role("button", name="Добавить группу").click()
    page.get_by_label("Заголовок, по-русски").fill("Главное")
    grip = page.locator('[data-row]:has(input[value="entry:list.car"]) [data-grip]')
    for _step in range(30):
        if page.locator("[data-row]").nth(1).locator('input[value="entry:list.car"]').count():
            break
        grip.press("ArrowUp")
    expect(grip).to_be_focused()
    expect(page.locator("[data-said]").first).to_contain_text("Место 2 из")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено")
    seller = window("seller", "/", ready=".nav a")
    assert seller.url.endswith("/t/car/")
    expect(seller.locator(".nav h2").first).to_have_text("Главное")
    assert entries(seller)[0] == "Автомобили"


def test_a_row_is_dragged_out_of_the_menu(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/roles/seller/place")
    page.wait_for_selector("[data-arrange][data-ready]")
    row = page.locator('[data-row]:has(input[value="entry:list.car"])')
    hidden = page.locator('[data-row]:has(input[name="row"][value="hidden"])')
    row.locator("[data-grip]").hover()
    page.mouse.down()
    hidden.scroll_into_view_if_needed()
    box = hidden.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 2, steps=4)
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 3, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено")
    seller = window("seller", "/p/sales/")
    assert "Автомобили" not in entries(seller)


def test_a_block_is_added_to_the_home_page_of_a_role(site: Site, window: OpenWindow) -> None:
    site.deal("Блоков")
    page = window("admin", "/roles/head/place")
    page.locator("[data-arrange][data-ready] [data-add-from]").select_option("entry:stage.sales.new")
    added = page.locator('[data-row]:has(input[value="entry:stage.sales.new"])')
    expect(added.locator("[data-grip]")).to_have_accessible_name(re.compile("Новая"))
    for _step in range(20):
        if (
            page.locator('[data-row]:has(input[name="block"])')
            .first.locator('[value="entry:stage.sales.new"]')
            .count()
        ):
            break
        added.locator("[data-grip]").press("ArrowUp")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено")
    head = window("head", "/home/", ready="main")
    block = head.locator("main section").first
    expect(block.get_by_role("heading")).to_contain_text("Новая")
    expect(block).to_contain_text("Блоков")


def test_a_person_pins_an_entry_and_begins_elsewhere(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/t/car/")
    page.keyboard.press("Control+k")
    page.keyboard.type("закрепить")
    page.locator('#palette [data-command="pin"]').click()
    expect(page.locator(".nav h2").first).to_have_text("Закреплено")
    assert entries(page)[0] == "Автомобили"
    page.keyboard.press("Control+k")
    page.keyboard.type("начинать с этой")
    page.locator('#palette [data-command="start_here"]').click()
    expect(page.locator("#toasts")).to_contain_text("Теперь вы начинаете с этой страницы")
    page.goto(f"{site.url}/")
    assert page.url.endswith("/t/car/")
    page.goto(f"{site.url}/?usual")
    assert page.url.endswith("/p/sales/")


def test_a_card_is_arranged_for_a_stage_and_again_when_it_moves_on(site: Site, window: OpenWindow) -> None:
    section = CardSection(Label("Разговор", "Talk"), ("source", "client"))
    draft = CardDraft("talk", Label("Разговор", "Talk"), one_tab(section), stages=(("sales", "new"),))

    def arrange() -> None:
        with changing_schema(actor_id=None, cause={}) as change:
            change.save_cards("deal", [draft])

    site.database.run(arrange)
    id = site.deal("Раскладкин", car="Lada")
    page = window("seller", f"/r/deal/{id}/")
    shown = page.locator(".card-left .section h3")
    expect(shown.first).to_have_text("Разговор")
    other = page.locator(".card-left details", has_text="Другие поля")
    other.locator("summary").click()
    expect(other).to_contain_text("Сумма")
    page.locator(".stages button").first.click()
    expect(shown.first).to_have_text("Условия")


def test_an_administrator_makes_a_layout_and_sees_why_it_applies(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/card-layouts/deal/new")
    page.get_by_label("Название по-русски").fill("Для продавца")
    page.locator('input[name=roles][value="seller"]').check()
    amount = page.locator('[data-row]:has(input[value="field:amount"]) [data-grip]')
    for _step in range(40):
        if page.locator('[data-fixed] ~ [data-row] input[value="field:amount"]').count():
            break
        amount.press("ArrowDown")
    page.get_by_role("button", name="Сохранить").click()
    page.locator("#f-role").select_option(value=str(site.database.run(lambda: get_role("seller").id)))
    page.get_by_role("button", name="Показать").click()
    expect(page.locator(".arranged")).to_contain_text("Действует: она для этой роли.")
    id = site.deal("Ролевой")
    seller = window("seller", f"/r/deal/{id}/")
    expect(seller.locator(".card-left details")).to_contain_text("Сумма")


def test_a_password_that_must_change_is_changed_and_work_goes_on(
    site: Site, browser: Browser, complaints: Complaints
) -> None:
    def newcomer() -> str:
        person = make_person("novice", name="Новиков Пётр", roles=[get_role("seller")])
        return give_temporary_password(person, actor_id=None)

    dictated = site.database.run(newcomer)
    page = browser.new_page(locale="ru-RU")
    complaints.watch(page)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.goto(f"{site.url}/sign-in")
    page.fill("[name=login]", "novice")
    page.fill("[name=password]", dictated)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/password")
    page.fill("[name=old]", dictated)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.get_by_role("button", name="Сохранить пароль").click()
    page.wait_for_url("**/p/sales/")
    assert len(loads) == 3
    page.context.close()
