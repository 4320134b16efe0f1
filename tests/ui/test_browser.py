"""The toolkit's JavaScript in Chromium: panel, keys, toasts, dialogs, search, events, narrow screens."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.ui.browser import Complaints, chromium, find_chromium
from tests.ui.site import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed"),
]
CARD = "Porsche Cayenne, 2022"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop makes Django believe that it runs in async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def page(browser: Browser, site: str, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}, locale="ru-RU")
    opened = context.new_page()
    complaints.watch(opened)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def phone(browser: Browser, site: str, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    opened = context.new_page()
    complaints.watch(opened)
    yield opened
    context.close()
    assert complaints == []


def _open_card(page: Page) -> None:
    page.goto("/style?part=board")
    page.get_by_role("link", name=CARD).click()
    expect(page.locator("#panel h2")).to_contain_text(CARD)


def test_a_card_opens_beside_the_board_and_back_closes_it(page: Page) -> None:
    _open_card(page)
    assert page.url.endswith("/style?part=board&panel=/style/panel/2")
    page.evaluate("document.querySelector('.board').dataset.kept = 'yes'")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    assert page.url.endswith("/style?part=board")
    expect(page.get_by_role("link", name=CARD)).to_be_focused()
    page.go_forward()
    expect(page.locator("#panel h2")).to_contain_text(CARD)
    assert page.locator(".board").get_attribute("data-kept") == "yes", "the board was never replaced"


def test_the_address_of_an_open_panel_can_be_reloaded_and_closed(page: Page) -> None:
    page.goto("/style?part=board&panel=/style/panel/2")
    expect(page.locator("#panel h2")).to_contain_text(CARD)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.url.endswith("/style?part=board")


def test_several_cards_are_closed_in_one_step(page: Page) -> None:
    _open_card(page)
    page.locator("#panel").get_by_role("link", name="Егоров Пётр Сергеевич").click()
    expect(page.locator("#panel h2")).to_contain_text("Audi Q7")
    page.locator("#panel").get_by_role("button", name="Закрыть").click()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url("/style?part=board")


def test_back_walks_through_the_cards_that_were_open(page: Page) -> None:
    _open_card(page)
    page.locator("#panel").get_by_role("link", name="Егоров Пётр Сергеевич").click()
    expect(page.locator("#panel h2")).to_contain_text("Audi Q7")
    page.go_back()
    expect(page.locator("#panel h2")).to_contain_text(CARD)


def test_tab_stays_inside_the_panel(page: Page) -> None:
    _open_card(page)
    for _step in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")


def test_a_link_to_something_that_is_no_card_of_ours_is_never_shown_in_the_panel(page: Page) -> None:
    page.goto("/style?part=board&panel=/stranger")
    page.wait_for_url("**/stranger", wait_until="networkidle")
    page.goto("/style?part=board&panel=//elsewhere.example/x")
    expect(page.locator("#panel")).to_be_hidden()


def test_keys_walk_open_edit_and_close(page: Page) -> None:
    page.goto("/style?part=board")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-item].current")).to_contain_text("BMW X5")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("BMW X5")
    page.keyboard.press("j")
    expect(page.locator("#panel h2")).to_contain_text("Audi Q7")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(".card").get_by_role("link", name="Audi Q7")).to_be_focused()
    expect(page).to_have_url("/style?part=board")


def test_keys_work_on_a_russian_layout(page: Page) -> None:
    page.goto("/style?part=board")
    press = "new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true, cancelable: true})"
    page.evaluate(f"document.body.dispatchEvent({press})")
    expect(page.locator("[data-item].current")).to_contain_text("BMW X5")


def test_help_search_and_create_have_keys(page: Page) -> None:
    page.goto("/style")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_hidden()
    page.keyboard.press("c")
    expect(page.get_by_role("link", name="Сделка")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Клиент")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Поиск")).to_be_focused()
    page.keyboard.type("c?")
    expect(page.get_by_role("combobox", name="Поиск")).to_have_value("c?")


def test_search_answers_while_typing_and_opens_the_card(page: Page) -> None:
    page.goto("/style?part=list")
    search = page.get_by_role("combobox", name="Поиск")
    search.press_sequentially("au")
    expect(page.locator("#answers [role=option]")).to_have_count(1)
    expect(page.locator("#answers mark")).to_have_text("Au")
    search.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("Audi Q7")
    expect(page.locator("#answers")).to_be_hidden()


def test_search_that_finds_nothing_says_what_to_try(page: Page) -> None:
    page.goto("/style")
    page.get_by_role("combobox", name="Поиск").press_sequentially("zzz")
    expect(page.locator("#answers")).to_contain_text("Ничего не нашлось")


def test_a_person_is_chosen_from_the_keyboard(page: Page) -> None:
    page.goto("/style?part=forms")
    field = page.get_by_role("combobox", name="Ответственный")
    field.click()
    field.fill("орл")
    expect(page.locator("#f-owner-options [role=option]")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Орлов Роман")
    assert page.locator("input[name=owner]").input_value() == "4"
    field.fill("такого нет")
    field.press("Tab")
    expect(field).to_have_value("Орлов Роман")
    field.fill("")
    field.press("Tab")
    assert page.locator("input[name=owner]").input_value() == ""


def test_several_people_are_kept_as_chips(page: Page) -> None:
    page.goto("/style?part=forms")
    field = page.get_by_role("combobox", name="Участники")
    field.press_sequentially("сед")
    page.locator("#f-team-options [role=option]").click()
    values = "[...document.querySelectorAll('input[name=team]')].map(each => each.value)"
    assert page.evaluate(values) == ["1", "4", "2"]
    page.get_by_role("button", name="Убрать: Белова Анна").click()
    assert page.evaluate(values) == ["4", "2"]
    field.press("Backspace")
    assert page.evaluate(values) == ["4"]


def test_a_toast_takes_the_change_back(page: Page) -> None:
    page.goto("/style")
    page.get_by_role("button", name="Показать сообщение").click()
    expect(page.locator(".toast")).to_contain_text("Переведено в «Договор»")
    page.locator(".toast").get_by_role("button", name="Отменить").click()
    expect(page.get_by_text("Возвращено")).to_be_visible()


def test_questions_are_asked_in_a_dialog_of_ours(page: Page) -> None:
    page.goto("/style")
    page.get_by_role("button", name="Спросить").click()
    dialog = page.get_by_role("dialog", name="Убрать 12 автомобилей в корзину?")
    dialog.get_by_role("button", name="Отмена").click()
    expect(page.locator(".toast")).to_have_count(0)
    page.get_by_role("button", name="Спросить").click()
    dialog.get_by_role("button", name="Убрать").click()
    expect(page.locator(".toast")).to_have_count(1)


def test_failures_are_said_in_words(page: Page) -> None:
    page.goto("/style")
    get = "path => window.htmx.ajax('GET', path, '#main')"
    page.evaluate(get, "/conflict")
    expect(page.locator(".toast.bad")).to_contain_text("Карточку уже изменил Орлов Р.")
    page.evaluate(get, "/broken")
    expect(page.locator(".toast.bad").last).to_contain_text("У нас")
    expect(page.locator(".bar h1")).to_be_visible()


def test_a_long_wait_shows_itself(page: Page) -> None:
    page.goto("/style")
    page.evaluate("void window.htmx.ajax('GET', '/slow', {target: '#main', swap: 'none'})")
    expect(page.locator("#progress")).to_have_class("progress on")
    expect(page.locator("#progress")).to_have_class("progress")


def test_changes_of_others_arrive_once_and_newest(page: Page) -> None:
    page.add_init_script(
        "document.addEventListener('trassa:changed', ({detail: {topic, id, version}}) => {"
        " document.documentElement.dataset.heard = `${document.documentElement.dataset.heard ?? ''}"
        " ${topic}/${id}/${version}` })"
    )
    page.goto("/style")
    expect(page.locator("html")).to_have_attribute("data-heard", re.compile(r"^\s*t1/5/3\s+t1/6/1"))


def test_code_in_attributes_is_refused(page: Page, complaints: Complaints) -> None:
    page.goto("/style")
    page.evaluate(
        "() => { const bad = document.createElement('button');"
        " bad.setAttribute('hx-on:click', 'window.ran = 1');"
        " document.body.append(bad); htmx.process(bad); bad.click() }"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert any("Code in attributes is not allowed" in complaint for complaint in complaints)
    complaints.clear()


@pytest.mark.parametrize("part", ["blocks", "board", "list", "forms", "empty"])
def test_nothing_is_wider_than_a_phone(phone: Page, part: str) -> None:
    phone.goto(f"/style?part={part}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_navigation_is_a_drawer_on_a_phone(phone: Page) -> None:
    phone.goto("/style")
    place = phone.get_by_role("link", name="Выкуп")
    expect(place).to_be_hidden()
    phone.get_by_role("button", name="Разделы").click()
    expect(place).to_be_visible()
    phone.keyboard.press("Escape")
    expect(place).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_wins_over_the_device(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "light" else "light")
    page.goto("/style")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    background = page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(26, 32, 39)"}[theme]
