"""Out of the bin again, by hand and all at once."""

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import write

from trassa.records.types import Change, Write


def binned(site: Site, name: str, count: int) -> list[int]:
    ids = [site.deal(name) for _each in range(count)]
    site.database.run(lambda: write(*(Write(Change.BIN, "deal", id=id) for id in ids)))
    return ids


def test_what_was_binned_is_found_restored_and_put_back(site: Site, window: OpenWindow) -> None:
    binned(site, "Вернулов", 3)
    page = window("head", "/t/deal/bin/?q=Вернулов", ready="#bin")
    expect(page.locator("#list-totals")).to_have_text("3 записи")
    page.locator("tbody").get_by_role("button", name="Восстановить").first.click()
    expect(page.locator(".toast")).to_contain_text("Изменено: 1")
    expect(page.locator("#list-totals")).to_have_text("2 записи")
    page.click(".toast button:has-text('Отменить')")
    expect(page.locator("#list-totals")).to_have_text("3 записи")
    page.locator("th [data-pick]").check()
    page.click("[data-bulk=restore]")
    expect(page.get_by_role("heading", name="Ничего не нашлось")).to_be_visible()
    page.goto(f"{site.url}/t/deal/?q=Вернулов")
    expect(page.locator("#list-totals")).to_contain_text("3 записи")


def test_everything_found_comes_back_at_once_on_a_telephone(site: Site, window: OpenWindow) -> None:
    ids = binned(site, "Карманников", 2)
    page = window("head", "/t/deal/bin/?q=Карманников", width=360, height=740, ready="#bin")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Восстановить всё найденное").click()
    expect(page.locator(".toast")).to_contain_text("Изменено: 2")
    page.goto(f"{site.url}/r/deal/{ids[0]}/")
    expect(page.locator("h1")).to_contain_text("Карманников")
