"""Secrets, addresses and the delivery log in a browser: shown once, then only that they are there."""

import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.browser.visiting import Visitor
from tests.ui.browser import Complaints

from trassa.automation.actions import retire_rule, save_rule
from trassa.automation.types import RuleDraft
from trassa.schema.types import Label

HOOK = {"event": "hook", "create": True, "pipeline": "sales", "fields": {"amount": "price"}}
CALL = {"call": {"url": "https://127.0.0.1/hook", "secret": "accounting"}}


@pytest.fixture
def rules(site: Site) -> Iterator[Site]:
    """A rule that listens and then calls."""

    def make() -> None:
        save_rule(RuleDraft("listens", "deal", Label("Заявка с сайта"), HOOK, [CALL]), actor_id=None)

    site.database.run(make)
    yield site
    site.database.run(lambda: retire_rule("listens", actor_id=None))


def test_secrets_addresses_and_what_became_of_calls(
    rules: Site, window: OpenWindow, complaints: Complaints
) -> None:
    page = window("admin", "/secrets/", ready="h1")
    expect(page.locator("tbody")).to_contain_text("не задан")
    page.get_by_role("button", name="Задать: accounting").click()
    page.locator("#dialog").get_by_role("button", name="Сохранить").click()
    value = page.locator("#dialog [name=shown_once]").input_value()
    assert len(value) > 30
    page.locator("#dialog").get_by_role("link", name="Закрыть").click()
    expect(page.locator("tbody")).to_contain_text("задан")
    assert value not in page.content()

    page.goto(f"{rules.url}/automation/deal/rules/listens/")
    page.get_by_role("button", name="Создать адрес").click()
    address = page.locator("#dialog [name=shown_once]").input_value()
    for price in ("4500000", "дорого"):
        body = json.dumps({"price": price}).encode()
        sent = urllib.request.Request(address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(sent) as answer:
            assert answer.status == 202
    page.locator("#dialog").get_by_role("link", name="Закрыть").click()
    expect(page.get_by_text("Адрес задан")).to_be_visible()
    assert address.rpartition("/")[2] not in page.content()

    page.goto(f"{rules.url}/arrivals/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.reload()
    expect(page.locator("tbody")).to_contain_text("выполнен")
    page.goto(f"{rules.url}/calls/?state=failed")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Состояние").select_option("delivered")
    expect(page.locator(".empty")).to_contain_text("Ничего не нашлось")
    page.go_back()
    page.goto(f"{rules.url}/calls/")
    page.locator("tbody a").first.click()
    expect(page.locator(".rows")).to_contain_text("внутренней сети")

    visitor = Visitor(page, rules, complaints)
    one = page.url.removeprefix(rules.url)
    for url in ("/secrets/", "/calls/", one, "/arrivals/", "/automation/deal/rules/listens/"):
        assert visitor.look(url) == [], url
