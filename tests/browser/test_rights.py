"""Rights in the browser: the matrix of a role, the explanation, looking as somebody else."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def test_a_role_is_changed_with_words_first_and_taken_back(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/roles/seller/", ready="h1")
    cell = page.get_by_role("combobox", name="Сделки: Выгружать")
    save = page.get_by_role("button", name="Сохранить…")
    expect(save).to_be_disabled()
    expect(cell).to_have_value("own")
    cell.select_option("")
    expect(page.locator("#matrix")).to_contain_text("1 изменение, ещё не сохранено")
    save.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text(re.compile(r"потеряют — \d+ человека?: (.*, )?Белова Анна"))
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog).to_be_hidden()
    expect(cell).to_have_value("")
    expect(save).to_be_disabled()
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("combobox", name="Сделки: Выгружать")).to_have_value("own")


def test_a_type_unfolds_and_shows_what_comes_from_above(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/roles/seller/", ready="h1")
    page.get_by_role("button", name="Внутри: Сделки").press("Enter")
    inner = page.get_by_role("combobox", name="Продажа: Видеть")
    expect(inner.locator("option").first).to_have_text("↑ свои")
    page.get_by_role("combobox", name="Сделки: Видеть", exact=True).select_option("all")
    expect(inner.locator("option").first).to_have_text("↑ все")
    page.get_by_role("button", name="Внутри: Сделки").press("Enter")
    expect(inner).to_be_hidden()
    expect(page.get_by_role("combobox", name="Сделки: Видеть", exact=True)).to_have_value("all")


def test_the_menu_of_a_card_leads_to_the_explanation(site: Site, window: OpenWindow) -> None:
    id = site.deal("Объяснимый")
    page = window("admin", f"/r/deal/{id}/")
    page.get_by_role("button", name="Ещё").first.click()
    page.get_by_text("Кто что может с этой записью").click()
    page.get_by_label("Кто", exact=False).first.select_option(label="Белова Анна")
    page.get_by_role("button", name="Объяснить").click()
    expect(page.locator(".notice.ok")).to_contain_text("Белова Анна может видеть")
    expect(page.locator(".page")).to_contain_text("разрешает видеть свои записи")


def test_a_record_to_ask_about_is_found_while_typing(site: Site, window: OpenWindow) -> None:
    id = site.deal("Разыскиваемый Олег")
    page = window("admin", "/why", ready="h1")
    page.get_by_label("Кто", exact=False).first.select_option(label="Белова Анна")
    record = page.get_by_role("combobox", name="С какой записью")
    record.fill("Разыскиваемый")
    page.locator("#f-record-options [role=option]", has_text="Разыскиваемый Олег").first.click()
    page.get_by_role("button", name="Объяснить").click()
    expect(page.locator(".notice")).to_contain_text("Разыскиваемый")
    expect(record).to_have_value(re.compile("Разыскиваемый"))
    record.fill(f"{site.url}/r/deal/{id}/")
    page.locator("#f-record-options [role=option]").first.click()
    page.get_by_role("button", name="Объяснить").click()
    expect(page).to_have_url(re.compile(f"record=deal%2F{id}"))


def test_one_looks_as_somebody_changes_nothing_and_goes_back(site: Site, window: OpenWindow) -> None:
    id = site.deal("Подсмотренный")
    page = window("admin", f"/people/{site.people['seller']}/", ready="h1")
    page.get_by_role("button", name="Ещё").click()
    page.get_by_role("button", name="Посмотреть глазами сотрудника").click()
    banner = page.locator(".looking")
    expect(banner).to_contain_text("Вы видите то, что видит Белова Анна")
    page.goto(f"{site.url}/r/deal/{id}/")
    page.locator("[data-card][data-ready]").wait_for()
    page.locator("[data-field=amount] .editable").click()
    amount = page.get_by_label("Сумма", exact=True)
    amount.fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Сначала вернитесь к себе")).to_be_visible()
    expect(amount).to_have_value("1")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Вернуться к себе").click()
    expect(page).to_have_url(re.compile(r"/people/\d+/$"))
    expect(banner).to_have_count(0)


@pytest.mark.parametrize(
    "url", ["/people/", "/people/new", "/people/import", "/departments/", "/roles/", "/roles/seller/", "/why"]
)
def test_nothing_sticks_out_on_a_telephone(site: Site, window: OpenWindow, url: str) -> None:
    page = window("admin", url, width=360, height=740, ready="h1")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
