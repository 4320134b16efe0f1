"""Somebody in front of a screen: what is wrong with a page, and with what opens on it."""

from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page, TimeoutError
from tests.browser.sight import CONTRAST, barriers, english_words, is_wider_than_the_window, settle
from tests.browser.site import Site
from tests.ui.browser import Complaints

#: Shows blocks with made-up data.
SAMPLES_IN_RUSSIAN = "/style"
PATIENCE_MS = 2_000
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
#: Asks for addresses, as many at a time as a browser does: each with its status and how it begins.
ANSWERS = """urls => Promise.all(urls.map(async (url) => {
  const answer = await fetch(url, {redirect: "manual"});
  return [url, answer.status, (await answer.text()).trimStart().slice(0, 20).toLowerCase()];
}))"""
#: The status that browsers give to a redirect that they do not follow.
LEADS_ON = 0
#: Marks what opens a menu, a dialog or the panel with numbers. Gives for each what kind of opening it is (of
#: many alike one is enough) and what it opens.
OPENERS = """() => {
  const found = [];
  const mark = (selector, kindOf, openedBy) => {
    for (const each of document.querySelectorAll(selector)) {
      if (!each.checkVisibility() || each.disabled || each.closest("dialog, [popover]")) continue;
      each.dataset.opener = found.length;
      const kind = kindOf(each).replace(/[?].*/, "").replace(/(?<=[/](?:r|t|p|fields)[/])[^/]+/g, "…");
      found.push([kind.replace(/(?<=[/]p[/]…[/])[^/]+/, "…").replace(/[0-9]+/g, "1"), openedBy(each)]);
    }
  };
  const menu = each => each.getAttribute("popovertarget"), dialog = each => each.dataset.opens;
  mark("[popovertarget]", menu, each => `#${menu(each)}`);
  mark("[data-opens]", dialog, each => `#${dialog(each)}`);
  mark("[hx-get][hx-target='#dialog']", each => each.getAttribute("hx-get"), () => "#dialog");
  mark("a[data-panel]", each => each.pathname, () => "#panel");
  return found;
}"""


class Visitor:
    """A window of somebody, and what is wrong with what it shows."""

    def __init__(self, page: Page, site: Site, complaints: Complaints) -> None:
        self.page = page
        self.site = site
        self.complaints = complaints

    def find_pages(self, urls: list[str]) -> list[str]:
        """Those of the addresses that answer with a whole page; the others answer with parts, or lead on."""
        answers = self.page.evaluate(ANSWERS, urls)
        assert not [(url, status) for url, status, _text in answers if status not in (200, LEADS_ON)]
        return [url for url, _status, text in answers if text.startswith("<!doctype html>")]

    def go(self, url: str) -> None:
        self.page.goto(self.site.url + url)
        settle(self.page)

    def look(self, url: str, language: str = "ru") -> list[str]:
        """Everything that is wrong with a page, on wide and narrow screens, light and dark."""
        self.resize(WIDE, "light")
        self.go(url)
        faults = self.structure(language) + barriers(self.page)
        if language == "ru" and SAMPLES_IN_RUSSIAN not in url:
            faults += [f"not translated: {text!r}" for text in english_words(self.page)]
        self.resize(WIDE, "dark")
        faults += [f"dark: {each}" for each in barriers(self.page, rules=CONTRAST)]
        self.resize(NARROW, "dark")
        faults += [f"dark, 360 px: {each}" for each in barriers(self.page)]
        if is_wider_than_the_window(self.page):
            faults.append("wider than 360 px")
        faults += [f"the browser complains: {each}" for each in self.complaints]
        self.complaints.clear()
        return faults

    def resize(self, size: Any, scheme: Any) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.set_viewport_size(size)
        settle(self.page)

    def structure(self, language: str) -> list[str]:
        """What is wrong with the page's frame."""
        faults = []
        if self.page.locator("html").get_attribute("lang") != language:
            faults.append(f"the language of the page is not {language}")
        if (count := self.page.locator("h1").count()) != 1:
            faults.append(f"{count} headings of the first level")
        if not self.page.title().removesuffix("Trassa").removesuffix("Трасса").strip(" ·"):
            faults.append("the title names the product alone")
        return faults

    def open_everything(self, seen: set[str]) -> list[str]:
        """Open what the page has, from the keyboard, but no kind of thing twice; what is wrong with it."""
        faults = []
        for number, (kind, opened) in enumerate(self.page.evaluate(OPENERS)):
            if kind not in seen:
                seen.add(kind)
                opener = self.page.locator(f"[data-opener='{number}']")
                faults += [f"{kind}: {each}" for each in self.open(opener, self.page.locator(opened), opened)]
        return faults

    def open(self, opener: Locator, opened: Locator, selector: str) -> list[str]:
        """What is wrong with something that opens, and whether Esc leads back to where one was."""
        self.resize(WIDE, "light")
        # The thing itself: what marks it may be gone when the page has shown it anew.
        thing = opener.element_handle()
        opener.focus()
        opener.press("Enter")
        opened.wait_for()
        reached = self.is_focused(opened.element_handle(), "contains")
        faults = [] if reached else ["the focus does not come to it"]
        settle(self.page)
        faults += barriers(self.page, selector)
        self.resize(NARROW, "dark")
        faults += [f"dark, 360 px: {each}" for each in barriers(self.page, selector)]
        box = opened.bounding_box()
        if box and box["width"] > NARROW["width"]:
            faults.append(f"{box['width']} px wide on a screen of 360")
        self.resize(WIDE, "light")
        self.page.keyboard.press("Escape")
        opened.wait_for(state="hidden")
        if not self.is_focused(thing, "isSameNode"):
            faults.append("the focus does not go back to what opened it")
        return faults

    def is_focused(self, place: ElementHandle, test: str) -> bool:
        """Whether the focus comes there soon: what is fetched first takes its time."""
        try:
            check = f"each => each.{test}(document.activeElement)"
            self.page.wait_for_function(check, arg=place, timeout=PATIENCE_MS)
        except TimeoutError:
            return False
        return True
