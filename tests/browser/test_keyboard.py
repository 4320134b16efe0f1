"""The main screens without a mouse: Tab goes through everything, is seen everywhere and caught nowhere."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import create

#: More stops than any of these screens has.
ENOUGH = 150
#: Fields whose parts (day, month, hour) Tab comes to one after the other.
_IN_PARTS = re.compile(r'type="(date|time|datetime-local)"')
#: What has the focus: a number for it, and whether it, or what is around it, looks otherwise without the
#: focus. Nothing where the page is left.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const {stop} = element.dataset;
  // Come to before: another part of it, which blur() would leave.
  if (stop) return {stop, html: element.outerHTML.slice(0, 120), isSeen: true};
  element.dataset.stop = document.querySelectorAll("[data-stop]").length;
  const look = () => {
    const seen = [];
    for (let each = element, step = 0; each && step < 4; each = each.parentElement, step++)
      for (const part of ["", "::before", "::after"]) {
        const {outline, boxShadow, borderColor, backgroundColor} = getComputedStyle(each, part || null);
        seen.push(outline, boxShadow, borderColor, backgroundColor);
      }
    return seen.join();
  };
  const focused = look();
  element.blur();
  const isSeen = look() !== focused;
  element.focus({preventScroll: true});
  return {stop: element.dataset.stop, html: element.outerHTML.slice(0, 120), isSeen};
}"""


def stops(page: Page) -> list[str]:
    """What Tab comes to before it leaves the page or begins anew; all of it visibly."""
    found: list[str] = []
    for _each in range(ENOUGH):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (found and focused["stop"] == found[0]):
            return found
        if found and focused["stop"] == found[-1] and _IN_PARTS.search(focused["html"]):
            continue
        assert focused["stop"] not in found, f"a trap: {focused['html']}"
        assert focused["isSeen"], f"the focus cannot be seen on {focused['html']}"
        found.append(focused["stop"])
    raise AssertionError("Tab never comes to the end")


@pytest.mark.parametrize(
    "url", ["/p/sales/?q=Клавишин", "/t/deal/?q=Клавишин", "card", "/imports/new", "/search"]
)
def test_tab_walks_through_a_screen(site: Site, window: OpenWindow, url: str) -> None:
    id = site.deal("Клавишин", car="Volvo")
    page = window("seller", f"/r/deal/{id}/" if url == "card" else url, ready="main", reduced_motion="reduce")
    assert len(stops(page)) > 8


@pytest.mark.parametrize(("login", "url"), [("admin", "/designer"), ("head", "/t/contact/suspects")])
def test_j_and_k_walk_and_enter_opens(site: Site, window: OpenWindow, login: str, url: str) -> None:
    def make() -> None:
        for _each in range(2):
            create("contact", fields={"name": "Близнецов Олег", "phone": "+79215550666"})

    site.database.run(make)
    page = window(login, url, ready="[data-items]")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    first = page.locator("[data-item]").first
    expect(first).to_have_class(re.compile(r"\bcurrent\b"))
    expect(first.locator("a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#designer, #panel [data-card]").first).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/t/deal/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержимому")).to_be_focused()
    expect(page.get_by_role("link", name="К содержимому")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_escape_takes_away_one_layer_after_another(site: Site, window: OpenWindow) -> None:
    id = site.deal("Слоёв", car="Volvo")
    page = window("seller", "/t/deal/?q=Слоёв")
    link = page.locator(f"tr[data-id='{id}'] a").first
    link.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#panel [popovertarget^=card-menu]")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel .menu:popover-open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel .menu:popover-open")).to_have_count(0)
    expect(menu).to_be_focused()
    past = page.locator("#panel .loss").first
    past.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(past).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(link).to_be_focused()
