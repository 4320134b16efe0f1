"""What people wait for in a browser: first paint of a card, bytes of a board that was opened before."""

import shutil
import statistics
from collections.abc import Mapping

from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from bench.company import PASSWORD

LOADS = 30
READER = "head"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PAINT = """() => new Promise(resolve => new PerformanceObserver(list => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) resolve(paint.startTime);
}).observe({type: "paint", buffered: true}))"""
#: Sums, menus and counts of a board arrive after it; the stream of events stays open for good.
_SETTLED_MS = 1500


def measure_browser(port: int, card_of: Mapping[str, int]) -> dict[str, dict[str, object]]:
    """First paint and bytes; nothing where there is no Chromium."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        return {"first_paint": {"note": "left out: there is no Chromium"}}
    root = f"http://127.0.0.1:{port}"
    card = root + reverse("records:card", args=["deal", card_of[READER]])
    board = root + reverse("records:board", args=["sales"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{root}/sign-in")
        page.fill("[name=login]", READER)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("nav")
        paints = sorted(first_paint(page, card) for _each in range(LOADS + 2))[: LOADS + 1]
        received = statistics.median(received_bytes(page, board) for _each in range(4))
        browser.close()
    return {
        "first_paint": {
            "p50_ms": round(statistics.median(paints), 1),
            "p95_ms": round(paints[int(len(paints) * 0.95)], 1),
            "note": f"card, {LOADS} loads in Chromium",
        },
        "warm_board": {"kilobytes": round(received / 1000, 1), "note": "everything a warm board fetches"},
    }


def first_paint(page: Page, address: str) -> float:
    """Milliseconds from asking for a page to the first thing to be seen on it."""
    page.goto(address)
    return float(page.evaluate(_PAINT))


def received_bytes(page: Page, address: str) -> int:
    """Bytes that come over the wire until the page has settled; what is kept in the cache is none."""
    session = page.context.new_cdp_session(page)
    received: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(address)
    page.wait_for_timeout(_SETTLED_MS)
    session.detach()
    return sum(received)
