"""One Chromium for the browser tests: the system's, as Playwright's own download is not needed."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: For what comes by itself.
PATIENCE_SECONDS = 8
POLL_MS = 50

#: The headless shell opens a window with a quarter of the work.
SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium(names: Sequence[str] = (SHELL, *WHOLE)) -> str | None:
    """The path of Chromium or Chrome, or None."""
    return next((path for name in names if (path := shutil.which(name))), None)


def until(page: Page, check: str) -> None:
    """Until a function of the page says yes.

    Playwright's own waiting takes the promise of an `async` function for a yes, and asks an expression that
    is no function a second time in a way that the policy of the page forbids.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(check):
        assert time.monotonic() < deadline, f"It never became true on {page.url}: {check}"
        page.wait_for_timeout(POLL_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright.chromium, find_chromium()) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, path: str | None) -> Iterator[Browser]:
    """A browser from this path, which is closed afterwards."""
    browser = kind.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


class Complaints(list[str]):
    """What the browser complained about: errors of scripts, refusals of the security policy."""

    def watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.append(message.text)
