"""Importing in the browser: what the page does by itself while somebody chooses, drops and decides."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import create

VIN = "XTA210990Y2766389"
LINES = f"Марка;Код;Сколько\nLada;{VIN};5\nУАЗ;;7\n"

DROP = """(form, text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "cars.csv", { type: "text/csv" }));
    form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, text: str) -> None:
    """Let a file fall onto the page for sending one, and go on to its columns."""
    page.locator("form[data-drop]").evaluate(DROP, text)
    expect(page.locator("[data-chosen]")).to_have_text("cars.csv")
    page.get_by_role("button", name="Дальше").click()
    page.locator("#setup").wait_for()


def test_a_dropped_file_leads_to_its_columns_and_quick_choices_are_all_kept(window: OpenWindow) -> None:
    page = window("head", "/imports/new?type=car")
    drop(page, LINES)
    # The second choice is made while the first one is still on its way.
    page.locator("#target-1").select_option("vin")
    page.locator("#target-2").select_option("price")
    expect(page.locator("#preview th")).to_have_count(4)
    expect(page.locator("#target-1")).to_have_value("vin")
    with page.expect_response("**/setup"):
        page.locator("[name=duplicates][value=ask]").check()
    page.reload()
    expect(page.locator("#target-1")).to_have_value("vin")
    expect(page.locator("#target-2")).to_have_value("price")
    expect(page.locator("[name=keys][value=vin]")).to_be_checked()


def test_two_columns_for_one_field_are_refused_in_place(window: OpenWindow) -> None:
    page = window("head", "/imports/new?type=car")
    drop(page, LINES)
    page.locator("#target-1").select_option("make")
    expect(page.locator("#setup .form-error")).to_contain_text("одно и то же")
    expect(page.locator("#target-1")).to_have_value("make")
    page.locator("#target-1").select_option("")
    expect(page.locator("#setup .form-error")).to_have_count(0)


def test_duplicates_are_decided_side_by_side(site: Site, window: OpenWindow) -> None:
    vin = "XTA210990Y2766390"
    car = site.database.run(lambda: create("car", fields={"make": "Lada", "vin": vin, "price": "4"}))
    page = window("head", "/imports/new?type=car")
    drop(page, f"Марка;VIN;Цена\nLada;{vin};5\nLada;{vin};6\n")
    with page.expect_response("**/setup"):
        page.locator("[name=duplicates][value=ask]").check()
    page.get_by_role("button", name="Начать импорт").click()
    page.get_by_role("link", name="Решить").click(timeout=30_000)
    line = page.locator("#line-2")
    expect(line.locator(".differs")).to_have_text("4\u00a0₽")
    line.get_by_role("button", name="Заменить").click()
    expect(page.get_by_text("Строка 2: запись изменена.")).to_be_visible()
    expect(page.locator("#line-2")).to_have_count(0)
    expect(page.locator("#line-3 .differs")).to_have_text("5\u00a0₽")
    page.locator("#line-3").get_by_role("button", name="Оставить запись").click()
    page.locator(".tallies").wait_for()
    assert "/duplicates" not in page.url
    page.goto(f"{site.url}/r/car/{car}/")
    expect(page.locator("#main")).to_contain_text("5\u00a0₽")


def test_an_import_is_set_up_on_a_phone_without_scrolling_sideways(window: OpenWindow) -> None:
    page = window("head", "/imports/new?type=car", width=360, height=740)
    drop(page, LINES)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("#target-0").bounding_box()["width"] > 250  # type: ignore[index]
