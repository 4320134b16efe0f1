"""One running Trassa and one Chromium for all tests of this folder; a fresh window for every person."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState
from pytest_django import DjangoDbBlocker
from tests.browser.site import Site, running_site
from tests.factories.people import PASSWORD
from tests.ui.browser import Complaints, chromium, find_chromium

OpenWindow = Callable[..., Page]


def open_card(page: Page, id: int) -> None:
    """Opens a record of the board in the panel, as far as its fields answer to a click."""
    page.locator(f"#card-{id} > a").click()
    page.locator("#panel [data-card][data-ready]").wait_for()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it needs Chromium, and runs in one process."""
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    if find_chromium() is None:
        pytest.skip("Chromium is not installed")
    with running_site(tmp_path_factory.mktemp("trassa"), django_db_blocker) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("Chromium is not installed")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def signed_in(site: Site, browser: Browser) -> Callable[[str], StorageState]:
    """The cookies of somebody who has signed in, once for all tests."""
    known: dict[str, StorageState] = {}

    def cookies_of(login: str) -> StorageState:
        if login not in known:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{site.url}/sign-in")
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            known[login] = context.storage_state()
            context.close()
        return known[login]

    return cookies_of


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Scripts must not fail and the security policy must not refuse anything, whatever a test does."""
    found = Complaints()
    yield found
    assert not found


@pytest.fixture
def window(
    site: Site, browser: Browser, signed_in: Callable[[str], StorageState], complaints: Complaints
) -> Iterator[OpenWindow]:
    """Opens a window of a person at an address: `window("seller", "/p/sales/", width=360)`."""
    contexts = []

    def open_window(
        login: str,
        url: str,
        *,
        width: int = 1440,
        height: int = 900,
        ready: str = "[data-ready]:visible",
        **given: Any,
    ) -> Page:
        context = browser.new_context(
            storage_state=signed_in(login),
            viewport={"width": width, "height": height},
            locale="ru-RU",
            **given,
        )
        context.set_default_timeout(8_000)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        page.goto(f"{site.url}{url}")
        page.locator(ready).first.wait_for()
        page.locator("html:not([data-starting])").wait_for()
        return page

    yield open_window
    for context in contexts:
        context.close()
