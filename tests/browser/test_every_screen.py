"""Every page of Trassa, as it is and with all that opens on it: for all eyes, all widths, both languages.

The pages are the rows of the rights matrix that answer with one, so a new address is walked from its first
day. A row about something that is not in PLACES fails: say there what it is in the company of `cars.py`.
"""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Route, StorageState
from pytest_django import DjangoDbBlocker
from tests.architecture.rights_matrix import ROLES, ROWS, Row
from tests.browser.cars import make_car_business
from tests.browser.sight import russian_words
from tests.browser.site import Site, running_site
from tests.browser.visiting import SAMPLES_IN_RUSSIAN, Visitor
from tests.factories.people import PASSWORD
from tests.ui.browser import Complaints

from trassa.kernel import Invalid
from trassa.ui import explain, forbidden, server_error

#: What rows are about: values for the braces of their addresses; "#deal" is an id.
PLACES: dict[str, dict[str, str]] = {
    "": {},
    "panel": {"number": "1"},
    "car": {"type": "car", "id": "#car"},
    "deal": {"type": "deal", "id": "#deal", "pipeline": "sales", "stage": "new", "code": "source"},
    "binned deal": {"type": "deal", "id": "#binned deal"},
    "two cars": {"type": "deal", "id": "#deal", "other": "#other deal"},
    "designed car": {"type": "car", "page": "card", "number": "1"},
    "amount formula": {"type": "deal", "id": "#deal", "code": "commission_amount"},
    "floor formula": {"type": "deal", "id": "#deal", "code": "price_at_contract"},
    "floor price": {"type": "car", "id": "#car", "code": "price"},
    "note": {"type": "car", "id": "#car", "code": "vin"},
    "person": {"id": "#seller"},
    "department": {"code": "sales"},
    "role": {"code": "seller"},
    "template": {"code": "photo_session"},
    "rule": {"type": "deal", "code": "buyout_to_sales"},
    "view": {"id": "#view"},
    "shared view": {"id": "#shared view"},
    "new layout": {"type": "deal", "code": "new"},
    "comment": {"type": "deal", "id": "#deal", "comment": "#comment"},
    "file of the deal": {"id": "#file", "size": "thumbnail"},
    "import": {"id": "#import", "format": "csv"},
    "bulk run": {"id": "#bulk run"},
    "export": {"id": "#export"},
    "hand-over": {"id": "#hand-over"},
    "calendar": {"code": "office", "day": "2026-06-01"},
    "absence": {"id": "#absence"},
    "task": {"id": "#task"},
    "task about the deal": {"id": "#task about the deal"},
    "task for sellers": {"id": "#task for sellers"},
}
#: Pages with more than one look.
LOOKS = [f"/style?part={part}" for part in ("board", "list", "forms", "empty")]
#: Of somebody whose company has nothing yet, or who has nothing of their own.
EMPTY = [
    "/tasks/",
    "/tasks/approvals/",
    "/tasks/?q=lada",
    "/p/sales/",
    "/t/deal/",
    "/t/car/suspects",
    "/bulk-runs/",
    "/exports",
    "/imports",
    "/search?q=lada",
]
ERRORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/forbidden": forbidden,
    "/refused": lambda request: explain(request, Invalid("Lorem Ipsum")),
    "/broken": server_error,
}
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


def pages(visitor: Visitor, role: str) -> list[str]:
    """The addresses that answer a role with a whole page."""
    return visitor.find_pages(addresses(role, visitor.site.people))


def test_an_administrator_can_use_every_page(visits: Visits, subtests: pytest.Subtests) -> None:
    visitor = visits("admin-ru")
    opened: set[str] = set()
    for url in pages(visitor, "administrator") + LOOKS:
        with subtests.test(page=url):
            faults = visitor.look(url)
            assert not faults, "\n".join(faults)
        with subtests.test(opened_on=url):
            faults = visitor.open_everything(opened)
            assert not faults, "\n".join(faults)


def test_a_seller_can_use_every_page(visits: Visits, subtests: pytest.Subtests) -> None:
    visitor = visits("seller")
    others = set(addresses("administrator", visitor.site.people))
    for url in pages(visitor, "seller"):
        if url not in others or url.startswith(("/p/", "/r/")):
            with subtests.test(page=url):
                faults = visitor.look(url)
                assert not faults, "\n".join(faults)


def test_english_pages_say_nothing_in_russian(visits: Visits, subtests: pytest.Subtests) -> None:
    visitor = visits("admin-en")
    for url in pages(visitor, "administrator"):
        if SAMPLES_IN_RUSSIAN not in url:
            visitor.go(url)
            with subtests.test(page=url):
                assert not visitor.structure("en")
                assert not russian_words(visitor.page)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_empty_says_what_to_do_next(visits: Visits, subtests: pytest.Subtests, language: str) -> None:
    visitor = visits(f"beginner-{language}")
    for url in EMPTY:
        with subtests.test(page=url):
            faults = visitor.look(url, language)
            assert not faults, "\n".join(faults)
            assert language == "ru" or not russian_words(visitor.page)
            advice = visitor.page.locator(".empty:visible").first
            assert advice.locator("p, a, button").count(), "nothing says what to do"


def test_somebody_without_a_role_is_told_whom_to_ask(visits: Visits) -> None:
    visitor = visits("nobody-ru")
    assert not visitor.look("/")
    assert "администратор" in visitor.page.locator(".empty").inner_text()


def test_a_stranger_can_sign_in(visits: Visits) -> None:
    assert not visits("").look("/sign-in")


@pytest.mark.parametrize("url", ["/absent", *ERRORS])
def test_errors_can_be_read_by_everybody(visits: Visits, url: str) -> None:
    visitor = visits("seller")

    def fail(route: Route) -> None:
        with translation.override("ru"):
            answer = ERRORS[url](RequestFactory().get(url))
        route.fulfill(status=answer.status_code, body=answer.content, content_type="text/html")

    if url in ERRORS:
        visitor.page.route(f"**{url}", fail)
    assert not visitor.look(url)
