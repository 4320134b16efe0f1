"""Moving through the past of a card."""

import re

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import edit


def test_the_slider_shows_the_card_as_of_every_change(site: Site, window: OpenWindow) -> None:
    id = site.deal("Временский", amount="100000")
    for amount in ("200000", "300000"):
        site.database.run(lambda amount=amount: edit("deal", id, amount=amount))
    page = window("seller", f"/r/deal/{id}/")
    page.get_by_role("button", name="Ещё").first.click()
    page.get_by_text("Во времени").click()
    slider = page.get_by_role("slider", name="Карточка во времени")
    expect(slider).to_have_value("2")
    expect(page.locator("[data-time][data-ready]")).to_be_attached()
    amount = page.locator("[data-field=amount]")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Сумма"))
    expect(amount).to_contain_text(re.compile(r"200.000"))
    expect(amount).to_have_class(re.compile(r"\bsince\b"))
    expect(slider).to_be_focused()
    slider.press("Home")
    expect(amount).to_contain_text(re.compile(r"100.000"))
    expect(page).to_have_url(re.compile(r"as_of="))
    page.get_by_role("button", name="Позже").click()
    expect(amount).to_contain_text(re.compile(r"200.000"))
    page.reload()
    expect(amount).to_contain_text(re.compile(r"200.000"))
    expect(slider).to_have_value("1")
    page.get_by_role("link", name="К настоящему").click()
    expect(amount).to_contain_text(re.compile(r"300.000"))
    expect(slider).to_have_count(0)


def test_the_slider_works_in_the_panel_and_on_a_telephone(site: Site, window: OpenWindow) -> None:
    id = site.deal("Телефонин", amount="100000")
    site.database.run(lambda: edit("deal", id, amount="200000"))
    page = window("seller", "/t/deal/?q=Телефонин", width=360, height=740)
    page.goto(f"{site.url}/t/deal/?q=Телефонин&panel=/r/deal/{id}/%3Fas_of%3D2100-01-01")
    slider = page.locator("#panel").get_by_role("slider")
    expect(page.locator("#panel [data-time][data-ready]")).to_be_attached()
    slider.press("ArrowLeft")
    expect(page.locator("#panel [data-field=amount]")).to_contain_text(re.compile(r"100.000"))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#panel").get_by_role("link", name="К настоящему").click()
    expect(page.locator("#panel [data-field=amount]")).to_contain_text(re.compile(r"200.000"))
