"""A new administrator builds the type "test drive" in the browser, and counts the clicks."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.records import write

from trassa.designer.models import Draft
from trassa.records.types import Change, Write
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


@pytest.fixture(autouse=True)
def without_drafts(site: Site) -> Iterator[None]:
    """What a test has not applied is forgotten behind it."""
    yield
    site.database.run(lambda: Draft.objects.all().delete())


def open_designer(window: OpenWindow, address: str) -> Page:
    page = window("admin", "/designer/" + address)
    page.locator("#designer").wait_for()
    return page


def drag_field(page: Page, code: str, section: Locator) -> None:
    """Take a field of the card and let it go in a section."""
    start, end = page.locator(f"#field-{code}").bounding_box(), section.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 60, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 80, start["y"] + 30, steps=3)
    page.mouse.move(end["x"] + 60, end["y"] + 20, steps=10)
    page.mouse.move(end["x"] + 62, end["y"] + 22)
    page.mouse.up()


def test_a_field_is_dragged_into_another_section_and_moved_to_another_tab_by_keys(window: OpenWindow) -> None:
    page = open_designer(window, "check/card")
    sections = page.locator("[data-fields]")
    expect(sections.nth(0).locator("#field-fault")).to_be_visible()
    with page.expect_response("**/change"):
        drag_field(page, "fault", sections.nth(1))
    expect(sections.nth(1).locator("#field-fault")).to_be_visible()

    page.get_by_role("button", name="Вкладка").press("Enter")
    expect(sections).to_have_count(3)
    page.locator("#field-price").press("Enter")
    expect(page.locator("#f-label_ru")).to_have_value("Цена ремонта")
    page.get_by_role("button", name="Переместить").press("Enter")
    expect(page.locator("#places .menu-item").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#places .menu-item").last).to_be_focused()
    with page.expect_response("**/change"):
        page.keyboard.press("Enter")
    expect(sections.nth(2).locator("#field-price")).to_be_visible()
    page.get_by_role("button", name="Шаг назад").press("Enter")
    expect(sections.nth(1).locator("#field-price")).to_be_visible()


def test_a_field_is_dragged_by_mouse_into_another_tab(window: OpenWindow) -> None:
    page = open_designer(window, "check/card")
    page.set_viewport_size({"width": 1440, "height": 1200})
    page.get_by_role("button", name="Вкладка").click()
    sections = page.locator("[data-fields]")
    expect(sections).to_have_count(3)
    with page.expect_response("**/change"):
        drag_field(page, "price", sections.nth(2))
    expect(sections.nth(2).locator("#field-price")).to_be_visible()
    page.reload()
    expect(sections.nth(2).locator("#field-price")).to_be_visible()


def test_a_field_out_of_use_is_brought_back(site: Site, window: OpenWindow) -> None:
    page = open_designer(window, "check/card?field=fee")
    page.locator(".properties").get_by_role("button", name="Убрать").click()
    page.get_by_role("link", name="Проверить").click()
    page.get_by_role("button", name="Применить").click()
    page.wait_for_url("**/designer/check/card*")
    page.get_by_text("Не используются").click()
    page.get_by_role("button", name="Вернуть «Сбор» в работу").click()
    expect(page.locator("[data-fields] #field-fee")).to_be_visible()
    page.get_by_role("link", name="Проверить").click()
    expect(page.locator(".steps")).to_contain_text("Вернуть: поле «Сбор»")
    page.get_by_role("button", name="Применить").click()
    page.wait_for_url("**/designer/check/card*")
    assert site.database.run(lambda: "fee" in current_generation().types["check"].by_code)


def test_a_condition_is_completed_with_the_fields_of_the_draft(window: OpenWindow) -> None:
    page = open_designer(window, "check/card")
    add_field(page, "Число", "Пробег")
    page.locator("#field-fault").click()
    box = page.locator(".properties").get_by_role("combobox", name="Видно, когда")
    expect(box).to_be_visible()
    box.press("Control+a")
    page.keyboard.type("проб")
    page.locator(".properties .expression [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    expect(box).to_have_value("Пробег")
    page.keyboard.type(" > ")
    fault = page.locator(".properties .expression .mirror u")
    expect(fault).to_be_visible()
    page.keyboard.type("1000")
    expect(fault).to_have_count(0)
    with page.expect_response("**/change"):
        page.locator("#f-label_ru").click()
    page.reload()
    expect(page.locator(".properties").get_by_role("combobox", name="Видно, когда")).to_have_value(
        "Пробег > 1000"
    )


def test_values_that_do_not_fit_are_reported_left_empty_and_the_kind_comes_back(
    site: Site, window: OpenWindow
) -> None:
    site.database.run(bin_faults)
    fits = site.check("Первый", fault="+79150000000")
    unfit = site.check("Второй", fault="не заводится")
    page = open_designer(window, "check/card?field=fault")
    with page.expect_response("**/change"):
        page.get_by_label("Вид", exact=True).select_option("phone")
    page.get_by_role("link", name="Проверить").click()
    report = page.locator(".box", has_text="меняет вид")
    expect(report).to_contain_text("Не подходят: 1.")
    expect(report.get_by_role("row", name="не заводится").get_by_role("link")).to_be_visible()
    expect(page.get_by_role("button", name="Применить")).to_have_count(0)
    report.get_by_role("button", name="Сделать пустыми").click()
    expect(report).to_contain_text("Прежние останутся в истории")
    page.get_by_role("button", name="Применить").click()
    page.wait_for_url("**/designer/check/card*")
    assert site.database.run(lambda: faults(fits, unfit)) == ("phone", ["+79150000000", None])

    page.get_by_role("button", name="Вернуть последнее изменение").click()
    page.wait_for_url("**/designer")
    assert site.database.run(lambda: faults(fits, unfit)) == ("text", ["+79150000000", None])


def bin_faults() -> None:
    """Inspections of other tests that tell what is broken are in nobody's way."""
    spec = current_generation().types["check"]
    column = spec.by_code["fault"].column
    rows = spec.model._default_manager.filter(deleted_at=None).exclude(**{column: None})
    write(*(Write(Change.BIN, "check", id=id) for id in rows.values_list("pk", flat=True)))


def faults(*ids: int) -> tuple[str, list[str | None]]:
    """The kind of what is broken, and what these inspections have there."""
    spec = current_generation().types["check"]
    field = spec.by_code["fault"]
    found = dict(spec.model._default_manager.filter(id__in=ids).values_list("id", field.column))
    return field.kind, [found[id] for id in ids]


def test_the_preview_shows_a_record_as_it_will_look(site: Site, window: OpenWindow) -> None:
    id = site.check("Для просмотра")
    page = open_designer(window, "check/card?field=name")
    page.locator("#f-label_ru").fill("Как зовут")
    with page.expect_response("**/change"):
        page.keyboard.press("Tab")
    page.get_by_role("link", name="Просмотр").click()
    card = page.frame_locator("#preview-frame")
    expect(card.get_by_role("heading", name="Для просмотра")).to_be_visible()
    expect(card.get_by_text("Как зовут")).to_be_visible()
    page.goto(f"{site.url}/r/check/{id}/")
    expect(page.get_by_text("Как зовут")).to_have_count(0)


def test_the_preview_in_a_role_shows_what_its_people_would_see(site: Site, window: OpenWindow) -> None:
    mine = site.deal("Ролевой Иван")
    site.deal("Чужой Пётр", owner="head")
    page = open_designer(window, "deal/preview?look=list")
    page.get_by_label("В роли").select_option(label="Seller")
    rows = page.frame_locator("#preview-frame")
    expect(rows.get_by_text("В роли «Seller», как это видит")).to_be_visible()
    expect(rows.get_by_text("Ролевой Иван").first).to_be_visible()
    expect(rows.get_by_text("Чужой Пётр")).to_have_count(0)
    page.get_by_role("link", name="Карточка", exact=True).click()
    expect(page.get_by_label("В роли")).to_have_value("seller")
    expect(rows.get_by_text("В роли «Seller»")).to_be_visible()
    assert mine
