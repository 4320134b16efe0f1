"""Comments with files in the stream of a card: pasted, chosen, sent together, changed."""

import base64
import re

from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenWindow
from tests.browser.site import Site
from tests.factories.files import PDF, make_picture

PASTE = """(area, data) => {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "image.png", {type: "image/png"}));
    area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""


def paste_picture(page: Page) -> None:
    """A screenshot from the clipboard, into the comment that is being written."""
    area = page.get_by_role("textbox", name="Комментарий")
    area.focus()
    area.evaluate(PASTE, base64.b64encode(make_picture()).decode())


def test_a_picture_is_pasted_into_a_comment_and_shown_in_the_stream(site: Site, window: OpenWindow) -> None:
    id = site.deal("Вставкин")
    page = window("seller", f"/r/deal/{id}/")
    paste_picture(page)
    expect(page.locator(".composer .file")).to_have_count(1)
    expect(page.locator(f"#files-{id} .file")).to_have_count(0)
    page.get_by_role("textbox", name="Комментарий").fill("Смотрите скол")
    page.keyboard.press("Control+Enter")
    comment = page.locator(".timeline .comment")
    expect(comment).to_contain_text("Смотрите скол")
    expect(comment.locator(".photo img")).to_be_visible()
    expect(page.locator(".composer .file")).to_have_count(0)
    comment.get_by_role("link", name="image.png").click()
    expect(page.locator(".lightbox img")).to_be_visible()


def test_what_is_sent_at_once_waits_for_its_files(site: Site, window: OpenWindow) -> None:
    id = site.deal("Спешкин")
    page = window("seller", f"/r/deal/{id}/")
    page.route(re.compile(r"/files\?name="), lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.locator(".composer input[type=file]").set_input_files(
        {"name": "смета.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator(".timeline .comment .file")).to_contain_text("смета.pdf")


def test_the_author_takes_a_file_out_of_a_comment(site: Site, window: OpenWindow) -> None:
    id = site.deal("Правщиков")
    page = window("seller", f"/r/deal/{id}/")
    page.locator(".composer input[type=file]").set_input_files(
        [{"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF} for name in ("один", "два")]
    )
    expect(page.locator(".composer .file button")).to_have_count(2)
    page.get_by_role("button", name="Отправить").click()
    comment = page.locator(".timeline .comment")
    expect(comment.locator(".file img")).to_have_count(2)
    comment.get_by_role("button", name="Ещё", exact=True).click()
    page.get_by_role("button", name="Изменить", exact=True).click()
    form = page.locator(".timeline .composer")
    form.locator(".file", has_text="один").get_by_role("button", name="Убрать").click()
    form.get_by_role("button", name="Сохранить").click()
    expect(comment.locator(".file")).to_have_count(1)
    expect(comment.locator(".file")).to_contain_text("два.pdf")
