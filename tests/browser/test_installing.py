"""Trassa can be installed, and its worker shows messages and opens what they are about."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.ui.browser import WHOLE, Complaints, find_chromium, launched, until

MESSAGE = {
    "title": "Вам задача",
    "body": "Позвонить клиенту",
    "url": "/notifications/?show=unread",
    "tag": "push:1",
}
#: Tells how often the browser was asked for a subscription, and with a key of how many bytes.
WATCH = """
    window.askedForPush = [];
    const subscribe = PushManager.prototype.subscribe;
    PushManager.prototype.subscribe = function (options) {
        window.askedForPush.push(options.applicationServerKey.length);
        return subscribe.call(this, options);
    };
"""
CLICK = """async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


@pytest.fixture(scope="package")
def browser(browser: Browser) -> Iterator[Browser]:
    """The whole of Chromium: its headless shell shows no messages."""
    whole = find_chromium(WHOLE)
    if whole is None:
        pytest.skip("Of Chromium, only the headless shell is installed")
    with launched(browser.browser_type, whole) as started:
        yield started


def installed(site: Site, page: Page) -> None:
    """The worker runs and speaks for the page."""
    until(page, "() => navigator.serviceWorker.controller !== null")


def registration_of(session: CDPSession) -> Any:
    """What the developer tools know of the worker of the page."""
    found: list[Any] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    return found


def test_every_page_names_a_manifest_with_icons_that_are_there(site: Site, window: OpenWindow) -> None:
    seller = window("seller", "/notifications/", ready=".app")
    session = seller.context.new_cdp_session(seller)
    answer = session.send("Page.getAppManifest")
    assert answer["errors"] == []
    manifest = json.loads(answer["data"])
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("Трасса", "standalone", "/")
    for icon in manifest["icons"]:
        size = seller.evaluate(
            "async (src) => { const image = new Image(); image.src = src; await image.decode();"
            " return `${image.naturalWidth}x${image.naturalHeight}` }",
            icon["src"],
        )
        assert size == icon["sizes"]


def test_turning_messages_on_asks_the_browser_with_the_key_of_this_installation(
    site: Site, window: OpenWindow, complaints: Complaints
) -> None:
    seller = window("seller", "/notifications/settings")
    seller.context.grant_permissions(["notifications"], origin=site.url)
    seller.add_init_script(WATCH)
    seller.reload()
    seller.get_by_role("button", name="Получать в этом браузере").click()
    # Nobody carries messages for this browser: it says so instead of pretending.
    expect(seller.locator("[data-push-absent], [data-push-off]").locator("visible=true")).to_have_count(1)
    assert seller.evaluate("window.askedForPush") == [65]
    # Windows of tests are private ones, to which Chromium lets no messages come, and it says so.
    complaints[:] = [each for each in complaints if "Push API in incognito mode" not in each]


def test_a_message_is_shown_and_leads_to_what_it_is_about(site: Site, window: OpenWindow) -> None:
    seller = window("seller", "/home/", ready=".app")
    seller.context.grant_permissions(["notifications"], origin=site.url)
    installed(site, seller)
    session = seller.context.new_cdp_session(seller)
    found = registration_of(session)
    seller.wait_for_timeout(500)
    [registration] = [each for each in found if each["scopeURL"] == f"{site.url}/" and not each["isDeleted"]][
        -1:
    ]
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": site.url,
            "registrationId": registration["registrationId"],
            "data": json.dumps(MESSAGE, ensure_ascii=False),
        },
    )
    shown = """async () => {
        const registration = await navigator.serviceWorker.ready;
        const all = await registration.getNotifications();
        return all.map(({ title, body, tag }) => ({ title, body, tag }));
    }"""
    until(seller, "async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0")
    assert seller.evaluate(shown) == [{key: MESSAGE[key] for key in ("title", "body", "tag")}]
    [worker] = seller.context.service_workers
    worker.evaluate(CLICK)
    seller.wait_for_url(f"**{MESSAGE['url']}")
    assert seller.evaluate(shown) == []
