"""Stories from beginning to end, played in Chromium on the packs in the box."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker
from tests.browser.site import Site, running_site
from tests.ui.browser import Complaints, chromium, find_chromium

from trassa.people.models import Person
from trassa.solutions.actions import apply_with_required, load_demo

#: Of everybody in the demo company.
PASSWORD = "trassa-demo"
OpenWindow = Callable[[str, str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it needs Chromium, and takes its time."""
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


def make_car_business() -> dict[str, int]:
    """The pack `auto` with its people, contacts and cars."""
    apply_with_required("auto", actor_id=None)
    load_demo("auto")
    return dict(Person.objects.values_list("login", "id"))


@pytest.fixture(scope="package")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    if find_chromium() is None:
        pytest.skip("Chromium is not installed")
    data = tmp_path_factory.mktemp("trassa")
    with running_site(data, django_db_blocker, make_car_business) as site:
        yield site


@pytest.fixture(scope="package")
def browser(site: Site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[OpenWindow]:
    """Opens a window of a person at an address; scripts must not fail in it."""
    contexts, complaints = [], Complaints()

    def open_window(login: str, url: str) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport={"width": 1440, "height": 900}, locale="ru-RU"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        page.goto("/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        page.goto(url)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints
