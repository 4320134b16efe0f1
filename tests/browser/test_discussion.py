"""Discussion on a card: naming, answering, reacting, watching, and what others say while one writes."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.people import make_person

SLOW = 4_000


def write_box(page: Page) -> None:
    page.get_by_role("textbox", name="Комментарий").click()


def say(page: Page, text: str) -> None:
    """Write a comment and send it from the keyboard."""
    write_box(page)
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline .comment").first).to_contain_text(text)


def test_somebody_is_found_behind_an_at_sign_by_name_and_named(site: Site, window: OpenWindow) -> None:
    id = site.deal("Упомянутов")
    page = window("seller", f"/r/deal/{id}/")
    write_box(page)
    page.keyboard.type("Смотрите, @орл")
    options = page.locator(".composer [role=option]")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    box = page.locator(".composer textarea")
    expect(box).to_have_value("Смотрите, @head ")
    expect(box).not_to_have_attribute("role", "combobox")
    page.keyboard.type("срочно")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline .comment .mention")).to_have_count(1)
    expect(page.locator(".watching")).to_contain_text("Орлов Роман")


def test_naming_somebody_who_does_not_see_the_card_is_refused_and_the_text_stays(
    site: Site, window: OpenWindow
) -> None:
    site.database.run(lambda: make_person("closed", name="Посторонний Пётр"))
    id = site.deal("Закрытов")
    page = window("seller", f"/r/deal/{id}/")
    write_box(page)
    page.keyboard.type("@closed гляньте")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer [role=alert]")).to_contain_text("нет доступа")
    expect(page.locator(".composer textarea")).to_have_value("@closed гляньте")


def test_an_answer_carries_a_quote_and_leads_to_the_conversation(site: Site, window: OpenWindow) -> None:
    id = site.deal("Ответов")
    page = window("seller", f"/r/deal/{id}/")
    say(page, "Когда выезд?")
    say(page, "Другая тема")
    asked = page.locator(".timeline li", has_text="Когда выезд?")
    asked.get_by_role("button", name="Ответить").click()
    expect(page.locator(".composer .quote")).to_contain_text("Когда выезд?")
    page.keyboard.type("Завтра в десять")
    page.keyboard.press("Control+Enter")
    answer = page.locator(".timeline li", has_text="Завтра в десять")
    expect(answer.locator("blockquote")).to_contain_text("Когда выезд?")
    expect(page.locator(".composer .quote")).to_be_hidden()
    answer.locator("blockquote button").click()
    expect(page.locator(".timeline .comment")).to_have_count(2)
    expect(page.get_by_role("button", name="Беседа")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Всё").click()
    expect(page.locator(".timeline .comment")).to_have_count(3)


def test_a_reaction_is_chosen_shown_and_taken_back(site: Site, window: OpenWindow) -> None:
    id = site.deal("Реактивов")
    page = window("seller", f"/r/deal/{id}/")
    say(page, "Сделал")
    page.get_by_role("button", name="Отреагировать").click()
    page.get_by_role("button", name="Спасибо").click()
    chosen = page.locator(".reactions .chip")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    chosen.click()
    expect(page.locator(".reactions .chip")).to_have_count(0)


def test_what_a_colleague_says_arrives_while_one_writes(site: Site, window: OpenWindow) -> None:
    id = site.deal("Одновременнов")
    seller = window("seller", f"/r/deal/{id}/")
    head = window("head", f"/r/deal/{id}/")
    write_box(head)
    head.keyboard.type("Начатая мысль")
    head.wait_for_timeout(1_500)  # both streams are open
    say(seller, "Клиент перезвонил")
    expect(head.locator(".timeline .comment")).to_contain_text("Клиент перезвонил", timeout=SLOW)
    box = head.locator(".composer textarea")
    expect(box).to_have_value("Начатая мысль")
    expect(box).to_be_focused()
    head.keyboard.type(", дописанная")
    head.keyboard.press("Control+Enter")
    expect(head.locator(".timeline .comment")).to_have_count(2)
    expect(head.locator(".timeline .comment").first).to_contain_text("Начатая мысль, дописанная")


def test_earlier_texts_of_a_changed_comment_are_shown(site: Site, window: OpenWindow) -> None:
    id = site.deal("Переписов")
    page = window("seller", f"/r/deal/{id}/")
    say(page, "Первая мысль")
    page.locator(".timeline .comment").get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("button", name="Изменить", exact=True).click()
    form = page.locator(".timeline .composer")
    form.locator("textarea").fill("Вторая мысль")
    form.get_by_role("button", name="Сохранить").click()
    page.get_by_role("button", name="изменён").click()
    expect(page.locator("#dialog")).to_contain_text("Первая мысль")
    expect(page.locator("#dialog")).to_contain_text("Вторая мысль")


def test_the_owner_watches_and_can_stop(site: Site, window: OpenWindow) -> None:
    id = site.deal("Тихонов")
    page = window("seller", f"/r/deal/{id}/")
    page.get_by_role("button", name="Вы следите").click()
    expect(page.get_by_role("button", name="Следить")).to_be_visible()
    page.get_by_role("button", name="Следить").click()
    expect(page.get_by_role("button", name="Вы следите")).to_be_visible()
