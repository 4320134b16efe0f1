"""A seller changes many deals at once, from the list and from the board."""

from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site

#: A bulk change as large as people make them.
MANY = 5_000


def boxes(page: Page) -> list[Locator]:
    return page.locator("tbody [data-pick]").all()


def test_a_selection_is_moved_and_taken_back(site: Site, window: OpenWindow) -> None:
    for _each in range(4):
        site.deal("Групповой", car="Volvo")
    page = window("seller", "/t/deal/?q=Групповой")
    expect(page.locator(".picked")).to_be_hidden()
    expect(page.locator("[data-picking][data-ready]")).to_be_attached()
    boxes(page)[0].click()
    boxes(page)[2].click(modifiers=["Shift"])
    expect(page.locator("[data-chosen-count]")).to_have_text("3")
    page.click("[data-bulk=move]")
    page.select_option("#bulk-place", "sales:showing")
    expect(page.locator("#dialog")).to_contain_text("Автомобиль")
    page.click("#dialog [name=bulk_go]")
    expect(page.locator(".toast")).to_contain_text("Изменено: 3")
    expect(page.locator("tbody .chip", has_text="Показ")).to_have_count(3)
    expect(page.locator(".picked")).to_be_hidden()
    page.click(".toast button:has-text('Отменить')")
    expect(page.locator("tbody .chip", has_text="Показ")).to_have_count(0)


def test_everything_that_was_found_is_changed_from_the_keyboard(site: Site, window: OpenWindow) -> None:
    for _each in range(3):
        site.deal("Клавишный", car="Volvo")
    page = window("seller", "/t/deal/?q=Клавишный")
    expect(page.locator("[data-picking][data-ready]")).to_be_attached()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen-count]")).to_have_text("1")
    page.click("[data-pick-all]")
    expect(page.locator("[data-chosen-count]")).to_have_text("всё найденное")
    page.click("[data-bulk=edit]")
    page.select_option("#bulk-field", "amount")
    page.fill("#bulk-amount", "123456")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("Изменено: 3")


def test_cards_of_a_board_are_selected_and_binned(site: Site, window: OpenWindow) -> None:
    ids = [site.deal("Досочный", car="Volvo") for _each in range(2)]
    page = window("seller", "/p/sales/?q=Досочный")
    expect(page.locator("[data-picking][data-ready]")).to_be_attached()
    page.click(f"#card-{ids[0]}", modifiers=["Control"])
    page.click(f"#card-{ids[1]}", modifiers=["Control"])
    expect(page.locator("[data-chosen-count]")).to_have_text("2")
    page.keyboard.press("Escape")
    expect(page.locator(".picked")).to_be_hidden()
    page.click(f"#card-{ids[0]}", modifiers=["Control"])
    page.click("[data-bulk=bin]")
    page.click("#dialog [name=bulk_go]")
    expect(page.locator(f"#card-{ids[0]}")).to_have_count(0)
    page.click(".toast button:has-text('Отменить')")
    expect(page.locator(f"#card-{ids[0]}")).to_be_visible()


def test_five_thousand_deals_are_moved_and_the_move_is_undone(site: Site, window: OpenWindow) -> None:
    site.deals("Тысячный", MANY)
    page = window("seller", "/t/deal/?q=Тысячный")
    expect(page.locator("[data-picking][data-ready]")).to_be_attached()
    boxes(page)[0].click()
    page.click("[data-pick-all]")
    page.click("[data-bulk=move]")
    expect(page.locator("#dialog")).to_contain_text("5000 записей")
    page.select_option("#bulk-place", "sales:lost")
    page.check("#dialog [name=reason]")
    page.click("#dialog [name=bulk_go]")
    page.wait_for_url("**/bulk-runs/*/")
    run = page.locator("#bulk-run")
    expect(run).to_contain_text(f"Изменено: {MANY}", timeout=60_000)
    expect(run.locator("progress")).to_have_count(0, timeout=60_000)
    run.get_by_role("button", name="Отменить").click()
    expect(run).to_contain_text(f"Возвращено: {MANY}", timeout=90_000)
    expect(run.locator("progress")).to_have_count(0, timeout=60_000)
    page.goto(f"{site.url}/t/deal/?q=Тысячный&stage=new")
    expect(page.locator("#list-totals")).to_contain_text("5 000")
