"""Robots in a browser: made by hand, dragged under another stage, pressed on a card."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site


def make_button(page: Page, name: str) -> None:
    """A rule that is a button of deals and writes an amount."""
    page.get_by_label("Название", exact=True).fill(name)
    page.get_by_label("Что происходит").select_option("button")
    expect(page.locator("summary", has_text="Только на стадиях")).to_be_visible()
    page.get_by_role("button", name="Заполнить поля").click()
    page.locator("[name='steps.0.fields.key']").first.select_option("amount")
    page.locator("[name='steps.0.fields.value']").first.fill("=1000 + 234")
    page.get_by_role("button", name="Ещё одно поле").click()
    expect(page.locator("[name='steps.0.fields.value']")).to_have_count(2)
    expect(page.locator("[name='steps.0.fields.value']").last).to_have_value("")
    page.get_by_role("button", name="Сохранить").click()


def test_a_robot_is_made_pressed_and_explained(site: Site, window: OpenWindow) -> None:
    id = site.deal("Роботов")
    page = window("admin", "/automation/deal/new")
    make_button(page, "Пересчитать")
    expect(page.locator("[data-rule]").filter(has_text="Пересчитать")).to_be_visible()
    page.goto(f"{site.url}/r/deal/{id}/")
    page.get_by_role("button", name="Пересчитать").click()
    trace = page.locator("details").filter(has_text="Пересчитать")
    expect(trace).to_contain_text("Готово")
    trace.locator("summary").click()
    expect(trace).to_contain_text("Заполнить: Сумма")
    expect(page.locator(".timeline")).to_contain_text("правило «Пересчитать»")
