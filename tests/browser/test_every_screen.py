"""Every page of Trassa, as it is and with all that opens on it: for all eyes, all widths, both languages.

The pages are the rows of the rights matrix that answer with one, so a new address is walked from its first
day. A row about something that is not in PLACES fails: say there what it is in the company of `cars.py`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from pytest_django import DjangoDbBlocker
from tests.architecture.rights_matrix import ROLES, ROWS, Row
from tests.browser.cars import make_car_business
from tests.browser.sight import CONTRAST, barriers, is_wider_than_the_window, settle
from tests.browser.site import Site, running_site
from tests.factories.people import PASSWORD
from tests.ui.browser import Complaints

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
#: What rows are about: values for the braces of their addresses; "#deal" is an id.
PLACES: dict[str, dict[str, str]] = {
    "": {},
    "panel": {"number": "1"},
    "car": {"type": "car", "id": "#car"},
    "deal": {"type": "deal", "id": "#deal", "pipeline": "sales", "stage": "new", "code": "source"},
    "binned deal": {"type": "deal", "id": "#binned deal"},
    "floor price": {"type": "car", "id": "#car", "code": "price"},
    "note": {"type": "car", "id": "#car", "code": "vin"},
    "person": {"id": "#seller"},
    "department": {"code": "sales"},
    "role": {"code": "seller"},
    "view": {"id": "#view"},
    "shared view": {"id": "#shared view"},
    "new layout": {"type": "deal", "code": "new"},
    "comment": {"type": "deal", "id": "#deal", "comment": "#comment"},
    "file of the deal": {"id": "#file", "size": "thumbnail"},
    "import": {"id": "#import", "format": "csv"},
    "bulk run": {"id": "#bulk run"},
    "export": {"id": "#export"},
}
#: Pages with more than one look.
LOOKS = [f"/style?part={part}" for part in ("board", "list", "forms", "empty")]
#: A file as it was uploaded, which is no page.
FILE = "/files/{id}/content"
#: Names a car's floor price, of which the packs know nothing.
OF_ANOTHER_BUSINESS = "floor_price"


def address(row: Row, ids: dict[str, int]) -> str:
    """Where the row leads in this company."""
    assert row.about in PLACES, f"Say in PLACES what {row.about!r} is: {row}"
    values = {
        name: str(ids[value[1:]]) if value[0] == "#" else value for name, value in PLACES[row.about].items()
    }
    query = "&".join(f"{name}={value.format(**values)}" for name, value in row.parameters.items())
    return row.address.format(**values) + (f"?{query}" if query else "")


def addresses(role: str, ids: dict[str, int]) -> list[str]:
    """What the matrix says that the role may fetch, pages or parts of them."""
    rows = [
        row
        for row in ROWS
        if row.method == "GET"
        and not row.address.startswith("/api/")
        and not row.is_part
        and row.address != FILE
        and OF_ANOTHER_BUSINESS not in row.parameters.values()
        and row.expected[ROLES.index(role)] == 200
    ]
    return list(dict.fromkeys(address(row, ids) for row in rows))


@pytest.fixture(scope="module")
def cars(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("cars"), django_db_blocker, make_car_business) as site:
        yield site


class Visitor:
    """A window of somebody, and what is wrong with what it shows."""

    def __init__(self, page: Page, site: Site, complaints: Complaints) -> None:
        self.page = page
        self.site = site
        self.complaints = complaints

    def pages(self, role: str) -> list[str]:
        """The addresses that answer this role with a whole page; the others answer with parts of one."""
        return [url for url in addresses(role, self.site.people) if self.is_page(url)]

    def is_page(self, url: str) -> bool:
        answer = self.page.request.get(self.site.url + url, max_redirects=0)
        assert answer.status in (200, 302), f"{url}: {answer.status}"
        return answer.text().lstrip().lower().startswith("<!doctype html>") if answer.ok else False

    def go(self, url: str) -> None:
        self.page.goto(self.site.url + url)
        settle(self.page)

    def look(self, url: str, language: str = "ru") -> list[str]:
        """Everything that is wrong with a page, on wide and narrow screens, light and dark."""
        self.resize(WIDE, "light")
        self.go(url)
        faults = self.structure(language) + barriers(self.page)
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


@pytest.fixture(scope="module")
def visits(cars: Site, browser: Browser) -> Iterator[Callable[[str], Visitor]]:
    """Gives a window of somebody who has signed in; of a stranger for an empty login."""
    states: dict[str, StorageState] = {}
    contexts: list[BrowserContext] = []

    def visit(login: str) -> Visitor:
        context = browser.new_context(locale="ru-RU", storage_state=states.get(login))
        context.set_default_timeout(8_000)
        contexts.append(context)
        page, complaints = context.new_page(), Complaints()
        complaints.watch(page)
        if login and login not in states:
            page.goto(f"{cars.url}/sign-in")
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda address: "/sign-in" not in address)
            states[login] = context.storage_state()
        return Visitor(page, cars, complaints)

    yield visit
    for context in contexts:
        context.close()


Visits = Callable[[str], Visitor]


def test_an_administrator_can_use_every_page(visits: Visits, subtests: pytest.Subtests) -> None:
    visitor = visits("admin-ru")
    for url in visitor.pages("administrator") + LOOKS:
        with subtests.test(page=url):
            assert not (faults := visitor.look(url)), "\n".join(faults)


def test_a_seller_can_use_every_page(visits: Visits, subtests: pytest.Subtests) -> None:
    visitor = visits("seller")
    others = set(addresses("administrator", visitor.site.people))
    for url in visitor.pages("seller"):
        if url not in others or url.startswith(("/p/", "/r/")):
            with subtests.test(page=url):
                assert not (faults := visitor.look(url)), "\n".join(faults)
