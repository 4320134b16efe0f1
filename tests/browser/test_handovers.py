"""Handing over in a browser: chosen, previewed, done, given back."""

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.people import PASSWORD, make_person, make_role
from tests.factories.records import allow, create

from trassa.access.actions import set_grants
from trassa.people.actions import assign_roles
from trassa.people.models import Person


def make_leaver() -> Person:
    """Somebody with two deals."""
    role = make_role("leaving_sellers")
    set_grants(role, allow("deal"), actor_id=None)
    leaver = make_person("leaver", name="Уходящий Пётр", password=PASSWORD)
    assign_roles(leaver, [role], actor_id=None)
    for _each in range(2):
        create("deal", pipeline="sales", owner=leaver.id)
    return leaver


def test_work_is_previewed_handed_over_and_given_back(site: Site, window: OpenWindow) -> None:
    leaver = site.database.run(make_leaver)
    page = window("admin", f"/people/{leaver.id}/", ready="main")
    page.get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("button", name="Уволить").click()
    page.locator("#dialog").get_by_role("link", name="Передать дела").click()
    expect(page.get_by_role("heading", name="Уходящий Пётр")).to_be_visible()
    page.get_by_label("Добавить принимающего").select_option(label="Белова Анна")
    expect(page.get_by_label("Принимает").first).to_have_value(str(site.people["seller"]))
    page.get_by_role("button", name="Посмотреть, что произойдёт").click()
    told = page.locator("section", has_text="Что произойдёт")
    expect(told).to_contain_text("Белова Анна 2")
    page.get_by_role("button", name="Передать", exact=True).click()
    expect(page.get_by_text("Передано: 2")).to_be_visible()
    page.get_by_role("button", name="Вернуть").click()
    expect(page.get_by_text("Возвращено: 2")).to_be_visible()
    expect(page.get_by_text("Всё снова на своих местах.")).to_be_visible()
