"""The inbox in a browser: walked with keys, followed live, on a phone as well; tasks on a card."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.tasks import anyone, give

from trassa.people.models import Person
from trassa.people.queries import find_person_by_login
from trassa.schema.types import Label
from trassa.work.actions.templates import save_template
from trassa.work.types import TemplateDraft, TemplateSettings


def person(login: str) -> Person:
    found = find_person_by_login(login)
    assert found is not None
    return found


def give_to(site: Site, login: str, *titles: str, **given: object) -> list[int]:
    """Tasks of somebody; gives their ids."""
    return site.database.run(lambda: [give(title, owner_id=person(login).id, **given) for title in titles])


def line(page: Page, title: str) -> object:
    return page.locator("[data-item]", has_text=title)


def test_the_inbox_is_worked_through_with_keys(site: Site, window: OpenWindow) -> None:
    give_to(site, "seller", "Ключ первый", "Ключ второй", "Ключ третий")
    page = window("seller", "/tasks/?q=Ключ")
    page.wait_for_selector("[data-inbox][data-ready]")
    page.keyboard.press("j")
    expect(page.locator("#task-pane h2")).to_have_text("Ключ первый")
    page.keyboard.press("j")
    expect(page.locator("#task-pane h2")).to_have_text("Ключ второй")
    page.keyboard.press("d")
    expect(page.locator("[data-item]")).to_have_count(2)
    # The next one takes its place.
    expect(page.locator("#task-pane h2")).to_have_text("Ключ третий")
    page.get_by_role("button", name="Отменить").click()
    expect(page.locator("[data-item]")).to_have_count(3)
    page.keyboard.press("s")
    page.get_by_role("button", name="До завтра").last.click()
    expect(page.locator("[data-item]")).to_have_count(2)


def test_enter_opens_a_task_beside_the_card_of_its_record(site: Site, window: OpenWindow) -> None:
    deal = site.deal("Рядомов")
    [id] = give_to(site, "seller", "Показать рядом", record_id=deal)
    page = window("seller", "/tasks/?q=рядом")
    page.wait_for_selector("[data-inbox][data-ready]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/tasks/{id}/$"))
    expect(page.locator(".record-beside .record")).to_contain_text("Рядомов")
    expect(page.locator("#task-pane h1")).to_have_text("Показать рядом")


def test_what_a_colleague_takes_goes_from_the_inbox_and_its_counter(site: Site, window: OpenWindow) -> None:
    site.database.run(lambda: [give("Живая для двоих", candidates=anyone(person("seller"), person("head")))])
    head = window("head", "/tasks/?q=Живая")
    seller = window("seller", "/tasks/?q=Живая")
    expect(head.locator("[data-item]")).to_have_count(1)
    counter = head.locator(".nav a[href='/tasks/'] .count")
    before = int(counter.inner_text())
    head.wait_for_timeout(1_500)  # the stream is open
    seller.keyboard.press("j")
    expect(seller.locator("#task-pane h2")).to_be_visible()
    seller.keyboard.press("t")
    expect(seller.locator("#task-pane")).to_contain_text("Ответственный")
    expect(head.locator("[data-item]")).to_have_count(0, timeout=4_000)
    expect(counter).to_have_text(str(before - 1) if before > 1 else "", timeout=4_000)


def test_several_are_marked_and_done_at_once(site: Site, window: OpenWindow) -> None:
    give_to(site, "seller", "Пачка раз", "Пачка два", "Пачка три")
    page = window("seller", "/tasks/?q=Пачка")
    page.wait_for_selector("[data-picking][data-ready]", state="attached")
    for _number in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    bar = page.locator(".picked")
    expect(bar).to_contain_text("Выбрано: 2")
    bar.get_by_role("button", name="Выполнить").click()
    expect(page.locator("[data-item]")).to_have_count(1)
    expect(bar).to_be_hidden()


def test_a_task_is_given_on_a_card_and_done_there(site: Site, window: OpenWindow) -> None:
    deal = site.deal("Карточкин")
    page = window("seller", f"/r/deal/{deal}/")
    part = page.locator(".tasks-part")
    part.get_by_label("Что нужно сделать").fill("Позвонить с карточки")
    part.get_by_role("button", name="Добавить").click()
    expect(part.locator("li")).to_contain_text("Позвонить с карточки")
    part.get_by_role("checkbox").check()
    expect(part.get_by_text("Закончены: 1")).to_be_visible()


def test_a_task_is_given_to_a_colleague_in_the_dialog(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/tasks/")
    page.wait_for_selector("[data-inbox][data-ready]")
    page.keyboard.press("a")
    page.get_by_label("Что нужно сделать").fill("Руководителю из окна")
    who = page.get_by_role("combobox", name="Кто сделает")
    who.fill(site.database.run(lambda: person("head").name))
    page.locator("[role=option]:visible").first.click()
    page.get_by_role("button", name="Поставить задачу").click()
    expect(page.locator("#dialog")).to_be_hidden()
    head = window("head", "/tasks/?q=Руководителю")
    expect(head.locator("[data-item]")).to_have_count(1)


def test_a_refused_form_says_what_is_wrong_at_its_fields_and_keeps_what_was_typed(
    site: Site, window: OpenWindow
) -> None:
    deal = site.deal("Анкетов")
    [id] = give_to(site, "seller", "Уточнить сумму", record_id=deal, kind="form", fields=["amount"])
    page = window("seller", f"/tasks/{id}/")
    form = page.locator("form[data-faults][data-ready]")
    amount, words = form.locator("[name=amount]"), form.locator("[name=result]")
    amount.fill("много")
    words.fill("Созвонились")
    form.locator("button[name=outcome]").first.click()
    expect(form.locator(".error")).to_be_visible()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("много")
    expect(words).to_have_value("Созвонились")
    amount.fill("150000")
    expect(form.locator(".error")).to_have_count(0)
    form.locator("button[name=outcome]").first.click()
    expect(page.locator("#task-pane")).to_contain_text("Созвонились")


def test_on_a_phone_a_task_opens_as_a_page_and_is_done_with_one_tap(site: Site, window: OpenWindow) -> None:
    [id] = give_to(site, "seller", "Телефонная", kind="call")
    page = window("seller", "/tasks/?q=Телефонная", width=360)
    page.get_by_role("link", name="Телефонная", exact=True).click()
    page.wait_for_url(re.compile(f"/tasks/{id}/$"))
    page.get_by_role("button", name="Дозвонились", exact=True).click()
    expect(page.locator("#task-pane")).to_contain_text("Выполнена: дозвонились")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_address_of_a_dialog_opens_it_over_its_page(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/tasks/new?kind=meeting", ready="#dialog[open] form")
    form = page.locator("#dialog")
    expect(form.locator("[name=kind]")).to_have_value("meeting")
    assert page.url == f"{site.url}/tasks/"
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_address_that_names_no_part_opens_no_dialog(site: Site, window: OpenWindow) -> None:
    page = window("seller", "/calendar/")
    with page.expect_response(f"{site.url}/tasks/"):
        page.goto(f"{site.url}/home/#dialog=/tasks/")
    page.locator("html:not([data-starting])").wait_for()
    expect(page.locator("#dialog")).to_be_hidden()
    assert page.url == f"{site.url}/home/"


def test_a_template_fills_in_what_nobody_has_touched(site: Site, window: OpenWindow) -> None:
    deal = site.deal("Шаблонов")

    def keep() -> None:
        for code, title, checklist in (
            ("x_showing", "Подготовить показ", ["Вымыть", "Прогреть"]),
            ("x_papers", "Собрать документы", ["ПТС"]),
        ):
            settings = TemplateSettings(title=title, kind="todo", due="1 hour", checklist=checklist)
            save_template(TemplateDraft(code, Label(title), settings, "deal"), actor_id=None)

    site.database.run(keep)
    page = window("seller", f"/r/deal/{deal}/")
    page.get_by_role("button", name="Со всеми полями").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Подробности").fill("Моё")
    dialog.get_by_label("Шаблон").select_option(label="Подготовить показ")
    expect(dialog.get_by_label("Что нужно сделать")).to_have_value("Подготовить показ")
    expect(dialog.get_by_label("Чек-лист", exact=True)).to_have_value("Вымыть\nПрогреть")
    expect(dialog.get_by_label("Подробности")).to_have_value("Моё")
    dialog.get_by_label("Что нужно сделать").fill("Показ в субботу")
    dialog.get_by_label("Шаблон").select_option(label="Собрать документы")
    expect(dialog.get_by_label("Чек-лист", exact=True)).to_have_value("ПТС")
    expect(dialog.get_by_label("Что нужно сделать")).to_have_value("Показ в субботу")
    dialog.get_by_role("button", name="Поставить").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".tasks-part")).to_contain_text("Показ в субботу")
