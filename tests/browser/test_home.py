"""The home page in a browser: blocks fetch their content, renew themselves, are moved by keys."""

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site

from trassa.ui import NO_BREAK_SPACE, number

SLOW = 9_000


def test_blocks_show_ones_work_and_follow_it(site: Site, window: OpenWindow) -> None:
    site.deal("Первый")
    page = window("seller", "/home/", ready="main")
    block = page.locator("section", has=page.get_by_role("heading", name="Мои воронки"))
    count = block.locator("td.num a").first
    expect(count).to_be_visible()
    before = int(count.inner_text().replace(NO_BREAK_SPACE, ""))
    page.wait_for_timeout(1_500)  # the stream is open
    site.deal("Второй")
    expect(count).to_have_text(number(before + 1), timeout=SLOW)


def test_blocks_are_moved_and_put_away_from_the_keyboard(site: Site, window: OpenWindow) -> None:
    page = window("admin", "/home/", ready="main")
    headings = page.locator("main section h2")
    names = headings.all_inner_texts()
    page.get_by_role("button", name="Настроить").click()
    grip = page.locator("#dialog").get_by_role("button", name=names[0])
    for _each in names:
        grip.press("ArrowDown")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("main").get_by_role("heading", name=names[0], exact=True)).to_have_count(0)
    expect(headings).to_have_count(len(names) - 1)
