"""Takes the pictures of the documentation: `make screenshots`.

Sets up a demo company in a throw-away folder, signs in as head of sales and photographs what the guides
speak of. Needs the system's Chromium. The demo company ends today, so dates differ from run to run, and
nothing else.
"""

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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from trassa.packs.auto.spreadsheets import NAME, write_messy_cars

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
LOGIN, PASSWORD = "head", "trassa-demo"
START_SECONDS = 180
#: Milliseconds for sums, fonts and the last animation.
SETTLE = 1_200


def main() -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("The pictures need Chromium: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    with demo_company() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=address, locale="ru-RU")
        take_pictures(page)
        browser.close()


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


def take_pictures(page: Page) -> None:
    """Sign in and visit every screen of the guide."""
    sign_in(page, LOGIN)
    page.wait_for_selector(".card[data-id]")
    take(page, "board")
    page.locator(".column").nth(2).locator(".card[data-id] a").first.click()
    page.wait_for_selector("#panel .card-head")
    take(page, "card")
    page.goto("/t/car/")
    page.wait_for_selector("tr[data-id]")
    take(page, "list")
    take_import(page)


def take_import(page: Page) -> None:
    """The columns of the messy spreadsheet; an administrator may create cars."""
    page.context.clear_cookies()
    sign_in(page, "admin")
    page.goto("/imports/new?type=car")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        write_messy_cars(path)
        page.set_input_files("input[type=file]", path)
        page.click("form[data-drop] button[type=submit]")
        page.wait_for_selector("#preview")
    take(page, "import")


def sign_in(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLE)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
