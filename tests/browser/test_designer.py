"""A new administrator builds the type "test drive" in the browser, and counts the clicks."""

from typing import Any

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site

from trassa.schema.queries import current_generation

CLICKS = """() => {
    const count = () => sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") ?? 0) + 1);
    document.addEventListener("pointerdown", (event) => event.isTrusted && count(), true);
}"""
FIELDS = (
    ("Текст", "Клиент"),
    ("Телефон", "Телефон клиента"),
    ("Дата и время", "Когда"),
    ("Текст", "Маршрут"),
    ("Деньги", "Залог"),
    ("Да или нет", "Права проверены"),
)


def add_field(page: Page, kind: str, name: str) -> None:
    """One click for the kind; the name is asked for at once."""
    page.locator("[data-kinds]").get_by_role("button", name=kind, exact=True).click()
    expect(page.locator("#f-label_ru[data-fresh]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("[data-fields]").get_by_text(name, exact=True)).to_be_visible()


def type_over(page: Page, label: str, text: str) -> None:
    """Another text in an input that is clicked first."""
    page.locator(label).click(click_count=3)
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator(label)).to_have_value(text)


def test_a_type_with_six_fields_three_stages_and_rights_takes_under_40_clicks(
    site: Site, window: OpenWindow
) -> None:
    page = window("admin", "/p/sales/")
    page.context.add_init_script(f"({CLICKS})()")
    page.reload()
    page.get_by_role("link", name="Конструктор").click()
    page.get_by_role("button", name="Новый тип").first.click()
    page.locator("#dialog [name=label]").wait_for()
    page.keyboard.type("Тест-драйв")
    page.keyboard.press("Tab")
    page.keyboard.type("Тест-драйвы")
    page.get_by_role("button", name="Начать").click()
    page.locator("[data-kinds]").wait_for()
    for kind, name in FIELDS:
        add_field(page, kind, name)

    page.get_by_role("link", name="Этапы").click()
    type_over(page, "#stage-x_test_drayv-new", "Записан")
    type_over(page, "#stage-x_test_drayv-done", "Проведён")
    done = page.locator(".stage-list > .box").nth(1)
    with page.expect_response("**/change"):
        done.get_by_label("Права проверены").first.check()

    page.get_by_role("link", name="Права", exact=True).click()
    for role, preset in (("Seller", "Свои записи"), ("Head", "Всё")):
        with page.expect_response("**/change"):
            page.get_by_role("row", name=role).get_by_text(preset, exact=True).click()

    page.get_by_role("link", name="Проверить").click()
    expect(page.locator(".steps").first).to_contain_text("Тест-драйв")
    page.get_by_role("button", name="Применить").click()
    page.wait_for_url("**/designer/x_test_drayv/card*")
    assert int(page.evaluate("sessionStorage.getItem('clicks')")) < 40

    seller = window("seller", "/p/x_test_drayv/")
    expect(seller.get_by_text("Записан").first).to_be_visible()
    assert site.database.run(the_new_type) == {
        "title": "{x_klient}",
        "fields": ["x_klient", "x_telefon_klienta", "x_kogda", "x_marshrut", "x_zalog", "x_prava_provereny"],
        "stages": [("Записан", 0), ("Проведён", 1), ("Отменён", 0)],
    }


def the_new_type() -> dict[str, Any]:
    spec = current_generation().types["x_test_drayv"]
    return {
        "title": spec.title_template,
        "fields": [field.code for field in spec.fields],
        "stages": [(str(stage.label), len(stage.required_field_ids)) for stage in spec.pipelines[0].stages],
    }
