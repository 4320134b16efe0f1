"""What a person, a screen reader and a reader of another language would stumble over on a page."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.architecture.source import ROOT
from tests.architecture.test_translations import ROOMS, catalogue, messages
from tests.browser.cars import DATA
from tests.ui.browser import until

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST = ["color-contrast"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async ([within, rules]) => {
  const {violations} = await axe.run(within, {runOnly: rules, resultTypes: ["violations"]});
  const told = ({html, target, failureSummary}) => [target.join(" "), html.slice(0, 200),
    failureSummary.split("\\n").slice(1).join("; ").trim()].join("\\n    ");
  return violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(told)}));
}"""
#: All that is said in words, in sight or not; what is in another language says so itself.
WORDS = """() => {
  const found = new Set([document.title]);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const isOurs = (element) => !element.closest("script, style, code, [lang]:not(html)");
  while (texts.nextNode()) if (isOurs(texts.currentNode.parentElement)) found.add(texts.currentNode.data);
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt], #words"))
    if (isOurs(element)) for (const {name, value} of element.attributes)
      if (/^(aria-label|title|placeholder|alt)$/.test(name) || element.id === "words") found.add(value);
  return [...found].map(text => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
#: Once nothing is asked for and nothing moves.
STILL = """async () => {
  if (document.querySelector(".htmx-request, .waiting")) return false;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return !document.getAnimations().some(each => each.effect.getTiming().iterations !== Infinity);
}"""
_PLACE = re.compile(r"%\(\w+\)[sd]")
#: Of a record, as in С-00001.
_NUMBER = re.compile(r"\w{1,2}-\d{5}")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_SENTENCE = re.compile(r"\b[A-Za-z']{2,} [a-z']{2,} [a-z']{2,}")


def settle(page: Page) -> None:
    """Until all that a page asks for by itself has come."""
    until(page, STILL)


def barriers(page: Page, within: str = "html", rules: Sequence[str] = LEVELS) -> list[str]:
    """Where the page, or a part of it, misses WCAG 2.2 AA; or only some rules of axe."""
    if not page.evaluate("'axe' in window"):
        assert AXE.exists(), "axe-core is not there: run `make install`"
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(RUN, [within, list(rules)])
    return [f"{each['id']}: {each['help']}\n  " + "\n  ".join(each["nodes"][:3]) for each in found]


@cache
def _axe() -> str:
    return Path(AXE).read_text()


def is_wider_than_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def russian_words(page: Page) -> list[str]:
    """Words in Cyrillic that nobody typed."""
    return [text for text in words(page) if _CYRILLIC.search(text)]


def english_words(page: Page) -> list[str]:
    """Texts of the code without their translation, and English sentences that were never marked as texts."""
    return [
        text
        for text in words(page)
        if not _CYRILLIC.search(text) and (_untranslated().fullmatch(text) or _SENTENCE.search(text))
    ]


def words(page: Page) -> list[str]:
    """The texts of a page without the data in them."""
    return [text for each in page.evaluate(WORDS) if (text := _without_data(each))]


def _without_data(text: str) -> str:
    for known in DATA:
        text = text.replace(known, "")
    return _NUMBER.sub("", text).strip(" ,.·—:")


@cache
def _untranslated() -> re.Pattern[str]:
    """Any English text of the code that Russian has other words for."""
    texts = {
        (english, russian)
        for room in ROOMS
        for message in messages(catalogue(room))
        for english, russian in zip(_forms(message.id), _forms(message.string), strict=False)
    }
    patterns = [_pattern(english) for english, russian in texts if english != russian]
    return re.compile("|".join(sorted(filter(None, patterns))))


def _forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [str(text)]


def _pattern(text: str) -> str:
    """How a text looks once its places are filled; nothing for one that is hardly more than its places."""
    if len(_PLACE.sub("", text).strip()) < 4:
        return ""
    return ".+".join(re.escape(part) for part in _PLACE.split(" ".join(text.split())))
