"""Takes the pictures of the documentation: `make screenshots`, or some of them by name.

Sets up a demo company in a throw-away folder, signs in as those who use a screen, and photographs what the
guides speak of, in the language of the guide. Needs the system's Chromium. The demo company ends today, so
dates differ from run to run, and nothing else.
"""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from trassa.packs.auto.spreadsheets import NAME, write_messy_cars

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PASSWORD = "trassa-demo"
START_SECONDS = 300
#: How long the worker may take for small pictures of the demo's files.
DRAWING_SECONDS = 120
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
#: Milliseconds for sums, fonts and the last animation.
SETTLE = 1_200
#: Screens have few colours; with so many, pictures are a third as large and letters stay sharp.
COLORS = 128


@dataclass(frozen=True)
class Shot:
    """A picture: who looks, where, in which guides, and what they do before it is taken."""

    name: str
    login: str
    path: str
    #: Guides for users are in both languages, those for administrators in English.
    languages: tuple[str, ...] = ("ru", "en")
    act: Callable[[Page], None] = lambda page: None
    dark: bool = False
    phone: bool = False


def choose_task(page: Page) -> None:
    """A task beside the list of what waits."""
    page.locator("[data-item] [data-task]").first.click()
    page.wait_for_selector("#task-pane .task")


def open_talk(page: Page) -> None:
    """A deal of which people speak, with a file, beside its board."""
    address = page.locator("main a[href*='/r/deal/']").first.get_attribute("href") or ""
    page.goto(f"/p/sales/?panel={address.partition('?')[0]}")
    page.wait_for_selector("#panel .comment .file img")


def open_photographed_car(page: Page) -> None:
    """A card of the catalogue with its photograph."""
    page.locator("tr[data-id]:has(.mini) a[href*='/r/catalogue_card/']").first.click()
    page.wait_for_selector("#panel .photo img")
    page.locator("#panel .photo").scroll_into_view_if_needed()


def select_rows(page: Page) -> None:
    """Some records, and the bar of what can be done with them."""
    for box in page.locator("[data-pick]").all()[1:4]:
        box.check()


def send_messy_cars(page: Page) -> None:
    """The columns of the messy spreadsheet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        write_messy_cars(path)
        page.set_input_files("input[type=file]", path)
        page.click("form[data-drop] button[type=submit]")
        page.wait_for_selector("#preview")


def open_commands(page: Page) -> None:
    """The box for everything."""
    page.keyboard.press("Control+k")


def bin_some(page: Page) -> None:
    """The bin, with some deals that were just put there."""
    links = page.locator("tr[data-id] a[href*='/r/deal/']").all()[:4]
    for link in links:
        post(page, f"{link.get_attribute('href')}bin")
    page.goto("/t/deal/bin/")


def ask_why(page: Page) -> None:
    """What everybody may do with a deal, asked from its card."""
    page.goto(page.locator("tr[data-id] a").first.get_attribute("href") or "")
    page.goto(page.locator("a[href*='why?']").first.get_attribute("href") or "")
    page.select_option("[name=person]", index=3)
    page.get_by_role("button", name="Explain").click()


def go_back_in_time(page: Page) -> None:
    """A deal three changes ago, with the slider over its changes."""
    page.goto(page.locator("tr[data-id] a").first.get_attribute("href") or "")
    page.goto(f"{page.url.partition('?')[0]}?as_of=2100-01-01")
    page.wait_for_selector("[data-time][data-ready]")
    for _each in range(3):
        page.get_by_role("slider").press("ArrowLeft")
    page.wait_for_load_state("networkidle")


def compare_duplicates(page: Page) -> None:
    """Records of a group side by side."""
    page.goto(page.locator("a[href*='/merge?']").first.get_attribute("href") or "")


ENGLISH = ("en",)
SHOTS = (
    Shot("home", "head", "/home/"),
    Shot("inbox", "head", "/tasks/", act=choose_task),
    Shot("week", "head", "/calendar/"),
    Shot("board", "head", "/p/sales/"),
    Shot("card", "head", "/search?q=отчёт+проверке.pdf", act=open_talk),
    Shot("list", "head", "/t/car/", act=select_rows),
    Shot("files", "head", "/t/catalogue_card/", act=open_photographed_car),
    Shot("calendar", "head", "/t/deal/calendar"),
    Shot("time", "head", "/t/deal/?stage=done", act=go_back_in_time),
    Shot("commands", "head", "/p/sales/", act=open_commands),
    Shot("absences", "head", "/absences/"),
    Shot("dark", "head", "/p/buyout/", dark=True),
    Shot("phone", "head", "/t/deal/", phone=True),
    Shot("duplicates", "director", "/t/contact/suspects"),
    Shot("merge", "director", "/t/contact/suspects", act=compare_duplicates),
    Shot("bin", "director", "/t/deal/", act=bin_some),
    Shot("import", "admin", "/imports/new?type=car", act=send_messy_cars),
    Shot("people", "admin", "/people/", ENGLISH),
    Shot("rights", "admin", "/roles/seller/", ENGLISH),
    Shot("why", "admin", "/t/deal/", ENGLISH, act=ask_why),
    Shot("place", "admin", "/roles/reception/place", ENGLISH),
    Shot("designer", "admin", "/designer/deal/card", ENGLISH),
    Shot("preview", "admin", "/designer/deal/preview?role=seller", ENGLISH),
    Shot("robots", "admin", "/automation/deal/", ENGLISH),
)


def main() -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    wanted = sys.argv[1:]
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    with demo_company() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for login, theirs in groupby(shots, key=lambda shot: shot.login):
            take_all(browser, address, login, list(theirs))
        browser.close()


def take_all(browser: Browser, address: str, login: str, shots: list[Shot]) -> None:
    """The pictures that one person takes, language by language."""
    context = browser.new_context(
        viewport=WIDE, base_url=address, locale="ru-RU", reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    sign_in(page, login)
    wait_for_drawings(page)
    for language in ("ru", "en"):
        speak(page, language)
        for shot in shots:
            if language in shot.languages:
                page.set_viewport_size(PHONE if shot.phone else WIDE)
                page.emulate_media(color_scheme="dark" if shot.dark else "light")
                page.goto(shot.path)
                shot.act(page)
                take(page, FOLDER / language / f"{shot.name}.png")
    context.close()


@contextmanager
def demo_company() -> Iterator[str]:
    """Address of a demo company that lives as long as the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    trassa = str(Path(sys.executable).with_name("trassa"))
    with tempfile.TemporaryDirectory() as folder:
        words = [trassa, "--data", f"{folder}/data", "--port", str(port), "demo"]
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/sign-in", process)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the address answers; ends the program when it never will."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
    sys.exit("The demo company did not start.")


def wait_for_drawings(page: Page) -> None:
    """Until the newest cars of the catalogue have their small pictures."""
    deadline = time.monotonic() + DRAWING_SECONDS
    page.goto("/t/catalogue_card/")
    while page.locator("td .num .icon").count() and time.monotonic() < deadline:
        page.wait_for_timeout(2_000)
        page.reload()


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def speak(page: Page, language: str) -> None:
    """Have the signed-in person read Trassa in this language."""
    post(page, "/settings/language", {"language": language})


def post(page: Page, path: str, form: dict[str, str | float | bool] | None = None) -> None:
    """Send a form as the signed-in person."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    answer = page.request.post(path, form=form or {}, headers={"X-CSRFToken": token})
    assert answer.ok, answer.status


def take(page: Page, path: Path) -> None:
    """Photograph what is to be seen now."""
    page.wait_for_timeout(SETTLE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(FOLDER)}: {path.stat().st_size // 1024} KiB", flush=True)


if __name__ == "__main__":
    main()
