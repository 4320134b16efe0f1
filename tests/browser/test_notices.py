"""The bell: it counts by itself, and what it opens is read."""

import re
import time

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.ui.browser import PATIENCE_SECONDS, POLL_MS

from trassa.access.queries import actor_of
from trassa.people.queries import get_person_by_login
from trassa.work.actions.notices import mark_all_read, tell
from trassa.work.models import Notice
from trassa.work.notice_types import NewNotice


def known_deal(site: Site, car: str) -> int:
    """A new deal of the seller's, of which they have been told: that comes by itself, a moment later."""
    deal = site.deal("Звонарёв", car=car)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not site.database.run(lambda: Notice.objects.filter(kind="assigned", record_id=deal).exists()):
        assert time.monotonic() < deadline, "The seller was not told of their deal"
        time.sleep(POLL_MS / 1000)
    return deal


def tell_seller(site: Site, deal: int, *keys: str) -> None:
    def work() -> None:
        person = get_person_by_login("seller")
        data = {"text": "Позвоните клиенту"}
        tell([NewNotice(person.id, "rule", key, record_id=deal, data=data) for key in keys])

    site.database.run(work)


def read_everything() -> None:
    mark_all_read(actor_of(get_person_by_login("seller")))


def test_the_bell_hears_by_itself_and_opens_the_card_over_the_board(site: Site, window: OpenWindow) -> None:
    deal = known_deal(site, "Volvo")
    seller = window("seller", "/p/sales/?q=Звонарёв")
    seller.wait_for_timeout(1_500)  # the stream is open
    site.database.run(read_everything)
    expect(seller.locator("[data-bell] .dot")).to_be_hidden(timeout=4_000)
    tell_seller(site, deal, "bell 1", "bell 2")
    expect(seller.locator("[data-bell] .dot")).to_have_text("2", timeout=4_000)
    seller.keyboard.press("n")
    expect(seller.locator("#notices .menu-item[data-reads]")).to_have_count(2)
    expect(seller.locator("#notices .menu-item").first).to_be_focused()
    seller.keyboard.press("Enter")
    expect(seller.locator("#panel h1, #panel h2").first).to_contain_text("Volvo")
    expect(seller.locator("[data-bell] .dot")).to_have_text("1", timeout=4_000)


def test_what_comes_while_the_bell_is_open_leaves_the_focus_where_it_is(
    site: Site, window: OpenWindow
) -> None:
    deal = known_deal(site, "Lada")
    tell_seller(site, deal, "open 1")
    seller = window("seller", "/p/sales/")
    seller.keyboard.press("n")
    first = seller.locator("#notices .menu-item").first
    expect(first).to_be_focused()
    id = first.get_attribute("id")
    seller.wait_for_timeout(1_500)  # the stream is open
    with seller.expect_response("**/notifications/newest"):
        tell_seller(site, deal, "open 2", "open 3")
    expect(seller.locator(f"#{id}")).to_be_focused()
    expect(first).not_to_be_focused()
    seller.keyboard.press("Escape")
    expect(seller.locator("[data-bell]")).to_be_focused()


def test_the_page_is_walked_with_keys_and_marks_all_as_read(site: Site, window: OpenWindow) -> None:
    deal = known_deal(site, "Kia")
    tell_seller(site, deal, *(f"page {number}" for number in range(3)))
    seller = window("seller", "/notifications/", ready=".rows")
    expect(seller.locator(".rows > li > a[data-reads]")).not_to_have_count(0)
    seller.keyboard.press("j")
    expect(seller.locator(".rows > .current")).to_have_count(1)
    seller.keyboard.press("Escape")
    seller.keyboard.press("m")
    expect(seller.locator(".rows > li > a[data-reads]")).to_have_count(0)
    expect(seller.locator("[data-bell] .dot")).to_be_hidden()
    seller.get_by_role("link", name=re.compile("^Непрочитанные")).click()
    expect(seller.get_by_text("Таких уведомлений нет.")).to_be_visible()
