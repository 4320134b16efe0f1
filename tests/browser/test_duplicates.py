"""Possible duplicates appear while somebody types."""

import re

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import create


def test_a_duplicate_is_named_while_a_phone_is_typed(site: Site, window: OpenWindow) -> None:
    known = site.database.run(lambda: create("contact", fields={"name": "Дублёв", "phone": "+79215550199"}))
    page = window("seller", "/p/sales/")
    page.goto(f"{site.url}/r/contact/new")
    page.get_by_text("Ещё поля").click()
    page.get_by_label("Телефон", exact=True).press_sequentially("8 921 555-01-99")
    hint = page.get_by_role("status").filter(has_text="Возможно, дубль")
    expect(hint.get_by_role("link", name="Дублёв")).to_have_attribute(
        "href", re.compile(rf"/r/contact/{known}/$")
    )
    page.get_by_label("Имя", exact=True).fill("Дублёв младший")
    page.get_by_role("button", name="Создать", exact=True).last.click()
    expect(page.locator("h1")).to_contain_text("Дублёв младший")
