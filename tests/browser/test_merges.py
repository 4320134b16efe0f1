"""A merge and its undo as a person sees them: nothing is lost, and everything comes back."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import create

NOTE = {"name": "договор.txt", "mimeType": "text/plain", "buffer": "Договор".encode()}


def fill_card(page: Page, site: Site, id: int) -> None:
    """A comment and a file for a record."""
    page.goto(f"{site.url}/r/contact/{id}/")
    page.locator("[data-card][data-ready]").wait_for()
    page.locator(".composer textarea").fill("Просил перезвонить")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("Просил перезвонить")
    with page.expect_response(f"**/r/contact/{id}/files"):
        page.locator(".card-left input[type=file]").first.set_input_files([NOTE])  # type: ignore[list-item]
    expect(page.locator(".card-left")).to_contain_text("договор.txt")


def test_links_files_comments_and_history_move_with_a_merge_and_come_back(
    site: Site, window: OpenWindow
) -> None:
    def make() -> tuple[int, int]:
        into = create("contact", fields={"name": "Слитнов Пётр", "phone": "+79215550177"})
        source = create("contact", fields={"name": "Слитнов"})
        create("deal", pipeline="sales", fields={"client": source, "amount": "770000"})
        return into, source

    into, source = site.database.run(make)
    page = window("head", "/p/sales/")
    fill_card(page, site, source)
    page.goto(f"{site.url}/t/contact/merge?ids={into},{source}")
    expect(page.locator("#merge")).to_contain_text("Комментарии")
    page.get_by_role("button", name="Объединить").click()
    page.wait_for_url(f"**/r/contact/{into}/?merged={source}")
    card = page.locator("[data-card]")
    for kept in ("Просил перезвонить", "договор.txt", "Слитнов"):
        expect(card).to_contain_text(kept)
    expect(card.get_by_role("link", name=re.compile("Слитнов")).first).to_be_visible()
    expect(page.locator(".card-left")).to_contain_text("Сделки")

    page.goto(f"{site.url}/t/contact/bin/?q=Слитнов")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("Влилась в «Слитнов Пётр»")
    expect(row.get_by_role("button", name="Восстановить")).to_have_count(0)
    row.get_by_role("link", name="К объединению").click()
    page.get_by_role("button", name="Отменить объединение").first.click()
    expect(page.locator(".toast")).to_contain_text("Объединение отменено")

    page.goto(f"{site.url}/r/contact/{source}/")
    expect(page.locator("h1")).to_have_text("Слитнов")
    for back in ("Просил перезвонить", "договор.txt", "Сделки"):
        expect(card).to_contain_text(back)
    page.goto(f"{site.url}/r/contact/{into}/")
    expect(page.locator(".card-left")).not_to_contain_text("договор.txt")
    expect(card).not_to_contain_text("Просил перезвонить")


def test_four_become_one_from_the_list_with_choices_and_are_four_again_by_one_click(
    site: Site, window: OpenWindow
) -> None:
    def make() -> list[int]:
        names = ("Четвёркин Олег", "Четвёркин О.", "Олег Четвёркин", "Четвёркин О. П.")
        return [create("contact", fields={"name": name, "phone": "+79215550499"}) for name in names]

    first, second, third, fourth = site.database.run(make)
    page = window("head", "/t/contact/?q=Четвёркин")
    for row in page.locator("tr[data-id] [data-pick]").all():
        row.check()
    page.get_by_role("button", name="Объединить…").click()
    page.locator("#merge").wait_for()
    page.goto(f"{site.url}/t/contact/merge?ids={second},{first},{third},{fourth}")
    page.get_by_role("radio", name="(Четвёркин О. П.)").check()
    page.locator("thead td", has=page.get_by_role("link", name="Четвёркин Олег")).get_by_role(
        "link", name="Оставить эту"
    ).click()
    expect(page).to_have_url(f"{site.url}/t/contact/merge?ids={first},{second},{third},{fourth}")
    expect(page.get_by_role("radio", name="(Четвёркин О. П.)")).to_be_checked()
    page.get_by_role("button", name="Объединить").click()
    page.wait_for_url(f"**/r/contact/{first}/?merged={second}")
    expect(page.locator("h1")).to_have_text("Четвёркин О. П.")
    expect(page.locator(".notice[role=status]")).to_contain_text("«Четвёркин О.», «Олег Четвёркин»")
    page.get_by_role("button", name="Отменить объединение").click()
    expect(page.locator(".toast")).to_contain_text("Объединение отменено")
    page.goto(f"{site.url}/t/contact/?q=Четвёркин")
    expect(page.locator("tr[data-id]")).to_have_count(4)


def test_records_side_by_side_fit_a_telephone(site: Site, window: OpenWindow) -> None:
    def make() -> list[int]:
        return [create("contact", fields={"name": f"Узкий {number}"}) for number in range(4)]

    ids = ",".join(map(str, site.database.run(make)))
    page = window("head", f"/t/contact/merge?ids={ids}", width=360, height=740, ready="#merge")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame = page.locator(".compare-frame")
    assert frame.evaluate("each => each.scrollWidth <= each.clientWidth"), "nothing to scroll sideways"
    captions = frame.locator("td[data-of]").evaluate_all("all => all.map(each => each.dataset.of)")
    assert captions[:4] == [f"Узкий {number}" for number in range(4)]
